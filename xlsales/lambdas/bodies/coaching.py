"""Coaching as LAMBDAs; tips and other texts are those of the language in use when they are written."""

from __future__ import annotations

from xlsales import standards
from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.functions.tips import STANDARDS, TIPS
from xlsales.lambdas.body import Body, body, text
from xlsales.texts import N_, _

_GAP = "value/AVERAGE(peers)-1"
_PEERS = (("pairs=0", NA), ("AVERAGE(peers)=0", DIV0), ("AVERAGE(peers)<0", NUM))
_TOO_HIGH = 'AND(kpi<>"ACTIVITY_BAROMETER",{share}>1)'
_ON_STANDARD = N_("On standard")


def _tips() -> Body:
    """The tips of each ratio, one in each row."""
    standard = tips = ""
    for kpi, usual in reversed(STANDARDS.items()):
        listed = "{" + ";".join(text(_(tip)) for tip in TIPS[kpi]) + "}"
        standard = f'IF(kpi="{kpi}",{usual:.15g},{standard})' if standard else f"{usual:.15g}"
        tips = f'IF(kpi="{kpi}",{listed},{tips})' if tips else listed
    return body(
        f"IF(ROUND(value-standard,12)<0,{tips},{text(_(_ON_STANDARD))})",
        *((_TOO_HIGH.format(share=share), NUM) for share in ("value", "standard")),
        standard=f'IF(threshold="",{standard},threshold)',
    )


def _blocker() -> Body:
    """The lever that brings most, the first of equals; a lever at its standard brings -1."""
    levers = {
        "FIRST_APPOINTMENTS": ("first_appointments", "appointments_standard"),
        "PROPOSAL_RATIO": ("proposal_ratio", "proposal_standard"),
        "CLOSE_RATIO": ("close_ratio", "close_standard"),
        "AVERAGE_SALE": ("average_sale", "average_sale_standard"),
    }
    names = ("gain_first", "gain_second", "gain_third", "gain_fourth")
    gains = {}
    for name, (level, standard) in zip(names, levers.values(), strict=True):
        others = "*".join(other for other, _standard in levers.values() if other != level)
        gains[name] = f"IF({level}<{standard},{others}*({standard}-{level}),-1)"
    chosen = text("NONE")
    for name, lever in reversed(list(zip(names, levers, strict=True))):
        chosen = f"IF(AND({name}>=0,{name}>=most*(1-1E-12)),{text(lever)},{chosen})"
    most = f"MAX({','.join(names)})"
    return body(f"HSTACK({chosen},MAX(0,most))", ("ISERROR(most)", NUM), **gains, most=most)


def bodies() -> dict[str, Body]:
    """The bodies, with texts in the language in use."""
    return {
        "PEER_GAP": body(_GAP, *_PEERS),
        "PEER_FLAG": body(
            'IF(ROUND(limit-gap,12)<0,"OK",IF(kpi="SALES_CYCLE_DAYS","BEST PRACTICE","INVESTIGATE"))',
            *_PEERS,
            ('limit=""', NA),
            gap=_GAP,
            limit=(
                f'IF(threshold<>"",threshold,IF(kpi="AVERAGE_SALE",{standards.PEER_AVERAGE_SALE},'
                f'IF(kpi="SALES_CYCLE_DAYS",{standards.PEER_SALES_CYCLE},"")))'
            ),
        ),
        "COACHING_TIPS": _tips(),
        "REVENUE_BLOCKER": _blocker(),
    }
