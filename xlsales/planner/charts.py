"""The planner's charts: one look, titles and axis units, alt text, colours that survive grey print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsales.planner import styles

if TYPE_CHECKING:
    from xlsales.planner.book import Book

GRID = {"visible": True, "line": {"color": styles.CALCULATED_LINE, "width": 0.75}}
LABELS = {"font": {"name": styles.FONT, "size": 9, "color": styles.MUTED}}
GREY_BLUE = "#9FB3C8"
NO_LABELS = ";;;"  # the number format of an axis without anything to measure, which would end anywhere


def series(name: str, categories: str, values: str, colour: str, *, line: bool = False) -> dict[str, Any]:
    """Return a series in one colour, as a line or as filled columns."""
    look: dict[str, Any] = (
        {"line": {"color": colour, "width": 2.25}} if line else {"fill": {"color": colour}, "gap": 40}
    )
    return {"name": name, "categories": f"={categories}", "values": f"={values}", **look}


def finish(
    chart: Any,
    title: str,
    description: str,
    *,
    units: str = "",
    number_format: str = "#,##0",
    legend: bool = True,
    most: float | None = None,
) -> Any:
    """Give a chart its title, value axis, legend and alt text; `most` is where the axis ends, from 0 on."""
    chart.set_title(
        {"name": title, "overlay": False, "name_font": {"name": styles.FONT, "size": 12, "color": styles.INK}}
    )
    axis: dict[str, Any] = {
        "num_format": number_format,
        "major_gridlines": GRID if number_format != NO_LABELS else {"visible": False},
        "line": {"none": True},
        "minor_tick_mark": "none",
        "major_tick_mark": "none",
        "num_font": LABELS["font"],
    }
    if units:
        axis |= {"name": units, "name_font": {**LABELS["font"], "bold": False}}
    if most is not None:
        axis |= {"min": 0, "max": most}
    chart.set_y_axis(axis)
    chart.set_legend({"position": "bottom", **LABELS} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": styles.CALCULATED_LINE}, "fill": {"none": True}})
    chart.set_plotarea({"fill": {"none": True}})  # what stands behind shows: that there is nothing to draw yet
    chart.alt_text = description
    return chart


def weekly_axis(chart: Any) -> None:
    """Label every sixth week of a weekly category axis."""
    chart.set_x_axis(
        {
            "text_axis": True,
            "num_format": "d mmm",
            "interval_unit": 6,
            "interval_tick": 6,
            "minor_tick_mark": "none",
            "num_font": LABELS["font"],
            "line": {"color": styles.SLATE},
        }
    )


def bars(
    book: Book,
    title: str,
    excel_table: str,
    names: str,
    values: str,
    *,
    description: str,
    colour: str = styles.TEAL,
    number_format: str = "0",
) -> Any:
    """Return a horizontal bar chart of one table column, first row on top."""
    return bars_of(
        book,
        title,
        book.column(excel_table, names),
        book.column(excel_table, values),
        description=description,
        colour=colour,
        number_format=number_format,
    )


def bars_of(
    book: Book,
    title: str,
    names: str,
    values: str,
    *,
    description: str,
    colour: str = styles.TEAL,
    number_format: str = "#,##0;;",
) -> Any:
    """Return a horizontal bar chart of a range, first row on top."""
    chart = book.chart("bar")
    chart.add_series(
        {
            **series(title, names, values, colour),
            "data_labels": {"value": True, "num_format": number_format, **LABELS},
        }
    )
    finish(chart, title, description, number_format=number_format, legend=False)
    chart.set_y_axis(
        {
            "reverse": True,
            "major_tick_mark": "none",
            "minor_tick_mark": "none",
            "num_font": LABELS["font"],
            "line": {"color": styles.SLATE},
        }
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    return chart
