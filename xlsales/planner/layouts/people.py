"""Who does what: the team, the parts of the sale, the functions of a sales organisation, its health."""

from __future__ import annotations

from xlsales import standards
from xlsales.planner.areas import Computed, Layout
from xlsales.planner.layouts.columns import count, money, numbers, of_number, points, share, text, word
from xlsales.planner.peer_verdicts import verdict
from xlsales.planner.styles import GAP
from xlsales.schema import (
    DETAIL,
    DETAIL_VALUE,
    DETAILS,
    ORDINAL,
    ORG_HEALTH,
    STAGE_OWNER,
    TEAM,
    TEAM_STAGES,
    Column,
    Kind,
)
from xlsales.texts import N_

# The ten functions of a sales organisation; sales training is named twice in the source: when people start, and after.
ORGANISATION = (
    N_("Planning, forecasting and budgeting"),
    N_("Creating demand"),
    N_("Market research"),
    N_("Product planning"),
    N_("Recruiting and hiring"),
    N_("Training: induction"),
    N_("Training: continuing"),
    N_("Managing"),
    N_("Order handling"),
    N_("Collecting payment"),
)
_FIT = Column(
    "fit",
    N_("Fit"),
    Kind.COUNT,
    N_("How well the person fits your most important customers: 1 to 5."),
    minimum=standards.LOWEST_SCORE,
    maximum=standards.HIGHEST_SCORE,
)
_NOTE = Column("note", N_("Note"), Kind.TEXT, N_("Anything worth remembering."))


def org_health() -> Layout:
    """Return the twelve elements."""
    columns: tuple[Column | Computed, ...] = (
        count("element", ORG_HEALTH["element"].header, "ROW()-ROW({element.head})"),
        text("name", N_("Element"), "INDEX(list_elements,{element})"),
        *(column for column in ORG_HEALTH.inputs if column.name != "element"),
        word(
            "verdict",
            N_("Verdict"),
            'IF(NOT(ISNUMBER({score})),"",IF({score}<th_element_gap,word_gap,IF({score}>th_element_gap,word_strength,word_ok)))',
        ),
    )
    return Layout("tblOrgHealth", ORG_HEALTH.name, columns, standards.ELEMENTS)


def team(rows: int) -> Layout:
    """Return the people, with what their results earn them."""
    columns: tuple[Column | Computed, ...] = (
        *TEAM.inputs,
        share("attainment", N_("Of target"), 'IF(OR(N({target})=0,{actual}=""),"",{actual}/{target})', "0%"),
        money(
            "payout",
            N_("Pay earned"),
            'IF(OR({attainment}="",NOT(ISNUMBER({target_pay}))),"",IF({attainment}<th_incentive,0,'
            "{target_pay}*(MIN(1,{attainment})+th_accelerator*MAX(0,{attainment}-1))))",
        ),
        _FIT,
    )
    return Layout("tblTeam", TEAM.name, columns, rows)


# Two figures against those of the peers: a small sale and a long cycle are looked into.
_IS_BAD = "({distance}<0)=(ROW()-ROW({flag.head})=1)"
_VERDICT = verdict("{distance}", "{limit}", "word_ok", "word_investigate", "word_best_practice", is_low=_IS_BAD)
PEERS = Layout(
    "peers",
    "peers",
    (
        text("figure", N_("Figure"), "CHOOSE(ROW()-ROW({figure.head}),say_average_sale,say_sales_cycle)"),
        points("own", N_("Own"), "CHOOSE(ROW()-ROW({own.head}),out_average_sale,out_sales_cycle_days)"),
        points(
            "mean",
            N_("Peers"),
            'IFERROR(1/(1/CHOOSE(ROW()-ROW({mean.head}),in_peer_average_sale,in_peer_cycle_days)),"")',
        ),
        share("distance", N_("Gap"), 'IF(COUNT({own},{mean})<2,"",{own}/{mean}-1)', GAP),
        share("limit", N_("Standard"), "CHOOSE(ROW()-ROW({limit.head}),th_peer_average_sale,th_peer_cycle)", GAP),
        word(
            "flag",
            N_("Verdict"),
            f'IF({{distance}}="",word_not_yet,{_VERDICT})',
        ),
    ),
    2,
)


def stages() -> Layout:
    """Return the parts of the sale with their owners, judged by the coverage model."""
    columns = (
        text("stage", N_("Part of the sale"), of_number("INDEX(list_search,{ordinal})")),
        STAGE_OWNER,
        _NOTE,
        text("seller", N_("Who sells"), 'INDEX({owner.all},MATCH(word_sale,{stage.all},0))&""'),
        word(
            "verdict",
            N_("Verdict"),
            'IF({owner}="",IF(OR({stage}="",COUNTIF({owner.all},"?*")=0),"",word_no_owner),IF({owner}<>{seller},'
            "word_ok,INDEX(stage_rules,{ordinal},MATCH(in_coverage_model,list_combined,0))))",
        ),
        ORDINAL,
    )
    rows = len(TEAM_STAGES)
    return Layout("tblStages", "stages", columns, rows, numbers(rows))


def functions() -> Layout:
    """Return the ten functions of a sales organisation with their owners."""
    columns = (
        text("function", N_("Function"), of_number("INDEX(list_functions,{ordinal})")),
        STAGE_OWNER,
        _NOTE,
        word(
            "verdict",
            N_("Verdict"),
            'IF({owner}<>"",word_ok,IF(OR({function}="",COUNTIF({owner.all},"?*")=0),"",word_no_owner))',
        ),
        ORDINAL,
    )
    rows = len(ORGANISATION)
    return Layout("tblFunctions", "functions", columns, rows, numbers(rows))


def details() -> Layout:
    """Return what a company keeps of a territory in columns of its own."""
    return Layout(DETAILS, "details", (DETAIL, DETAIL_VALUE), 24)


def support() -> Layout:
    """Return whom to ask for help."""
    columns = (
        Column("topic", N_("When you need"), Kind.TEXT, N_("For example: a quotation, a demonstration.")),
        Column("contact", N_("Ask"), Kind.TEXT, N_("Who helps with it.")),
        Column("reach", N_("Reach them by"), Kind.TEXT, N_("Telephone or mail.")),
    )
    return Layout("tblSupport", "support", columns, 8)
