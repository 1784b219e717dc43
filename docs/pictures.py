"""Draws the pictures of the README from a generated planner: `python docs/pictures.py PLANNER OVERVIEW`.

Needs LibreOffice (soffice) and poppler (pdftoppm).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PICTURES = {"Dashboard": "dashboard.png", "Discounts": "discounts.png", "Overview": "overview.png"}
RESOLUTION = 110  # dots an inch
# What of the page is worth showing, in dots: left, top, width, height.
CROPS = {"Dashboard": (44, 44, 776, 906), "Discounts": (44, 44, 966, 792), "Overview": (60, 60, 1170, 720)}


def main(planner: Path, overview: Path) -> None:
    """Render two sheets of the planner, and the batch's Overview."""
    with tempfile.TemporaryDirectory() as folder:
        for workbook, sheet in ((planner, "Dashboard"), (planner, "Discounts"), (overview, "Overview")):
            pdf = _pdf(workbook, Path(folder))
            _picture(pdf, _page_of(pdf, sheet), HERE / PICTURES[sheet], CROPS[sheet])


def _pdf(workbook: Path, folder: Path) -> Path:
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), str(workbook)], check=True, capture_output=True)
    return folder / f"{workbook.stem}.pdf"


def _page_of(pdf: Path, title: str) -> int:
    """Return the page that begins with a sheet's title."""
    for page in range(1, 50):
        command = ["pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if text.lstrip().startswith(title):
            return page
    raise SystemExit(f"{pdf.name}: no page begins with {title!r}.")


def _picture(pdf: Path, page: int, target: Path, crop: tuple[int, int, int, int]) -> None:
    cut = [text for flag, dots in zip("xyWH", crop, strict=True) for text in (f"-{flag}", str(dots))]
    command = [
        "pdftoppm",
        "-png",
        "-r",
        str(RESOLUTION),
        "-f",
        str(page),
        "-l",
        str(page),
        "-singlefile",
        *cut,
    ]
    subprocess.run([*command, str(pdf), str(target.with_suffix(""))], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
