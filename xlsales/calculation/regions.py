"""Texts that some computers take for a number, a date or a time, depending on their country and language."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# Names of months as Excel knows them, in the language of the computer: short and long ones, by their stems.
_MONTHS = """
jan(?:uary|uar|vier|v|uari|uarie|uár)? jän(?:ner)? ene(?:ro)? gen(?:naio)? jan(?:eiro) sty(?:cze[nń]|cznia)?
ian(?:uarie)? oca(?:k)? led(?:en|na)? tammi(?:kuu|kuuta)? янв(?:ар[ья])? січ(?:ень|ня)?
feb(?:ruary|ruar|rero|braio|ruari|ruarie|ruár)? f[eé]v(?:rier|r|ereiro)? lut(?:y|ego)? [sş]ub(?:at)? [uú]no(?:r|ra)?
helmi(?:kuu|kuuta)? фев(?:р|рал[ья])? лют(?:ий|ого)? mar(?:ch|s|zo|ço|zec|ca|t|tie|ts)? m[aäá]r(?:z|cius|c)? maart mrt
b[rř]e(?:zen|zna)? maalis(?:kuu|kuuta)? март?а? бер(?:езень|езня)? apr(?:il|ile|ilie)? abr(?:il)? avr(?:il)?
[aá]pr(?:ilis)? kwi(?:ecie[nń]|etnia)? nis(?:an)? dub(?:en|na)? huhti(?:kuu|kuuta)? апр(?:ел[ья])? кві(?:т|тень|тня)?
may mai ma[gj](?:gio|o|a)? m[aá]j(?:us)? mayo maio mei kv[eě](?:ten|tna)? touko(?:kuu|kuuta)? ма[йя]
тра(?:в|вень|вня)? j[uú]n(?:e|i|io|ho|ius)? juin giu(?:gno)? cze(?:rwiec|rwca)? iun(?:ie)? haz(?:iran)?
[cč]vn|[cč]erv(?:en|na) kes[aä](?:kuu|kuuta)? июн[ья]? чер(?:в|вень|вня)? j[uú]l(?:y|i|io|ho|ius)? juil(?:let)?
lug(?:lio)? lip(?:iec|ca)? iul(?:ie)? tem(?:muz)? [cč]vc [cč]erven(?:ec|ce) hein[aä](?:kuu|kuuta)? июл[ья]?
лип(?:ень|ня)? aug(?:ust|ustus|usztus)? ago(?:sto)? ao[uû]t sie(?:rpie[nń]|rpnia)? a[gğ]u(?:stos)? srp(?:en|na)?
elo(?:kuu|kuuta)? авг(?:уста?)? сер(?:п|пень|пня)? sep(?:t|tember|tembre|tiembre|tembrie)? set(?:tembre|embro)?
wrz(?:esie[nń]|e[sś]nia)? szept(?:ember)? eyl(?:[uü]l)? z[aá][rř](?:[ií])? syys(?:kuu|kuuta)? сент?(?:ябр[ья])?
вер(?:есень|есня)? o[ck]t(?:ober|obre|ubre|óber|ombrie)? out(?:ubro)? ott(?:obre)? pa[zź](?:dziernik|dziernika)?
eki(?:m)? [rř][ií]j(?:en|na)? loka(?:kuu|kuuta)? окт(?:ябр[ья])? жов(?:т|тень|тня)? nov(?:ember|embre|iembre|embro)?
noi(?:embrie)? lis(?:topad|topada|topadu)? kas(?:[iı]m)? marras(?:kuu|kuuta)? ноя(?:б|бр[ья])? лис(?:т|топад[а]?)?
de[csz](?:ember|embre|embro|embrie)? d[eé]c(?:embre)? dic(?:embre|iembre)? gru(?:dzie[nń]|dnia)? ara(?:l[iı]k)?
pro(?:sinec|since)? joulu(?:kuu|kuuta)? дек(?:абр[ья])? гру(?:д|день|дня)?
"""
_MONTH = "|".join(_MONTHS.split())
_CURRENCY = r"""
R?\$ € £ ¥ ₽ ₴ ₹ ₩ ₪ ₺ ₫ ฿ ₱ ₸ ₾ ¢ kr\.? Kč zł CHF Fr\. Ft lei Rs\.? руб\.? р\. грн\.? лв\.? тг\.?
USD EUR GBP JPY RUB CNY UAH KZT PLN SEK NOK DKK
"""
_MONEY = f"(?:{'|'.join(_CURRENCY.split())})"
_BETWEEN = r"[\s,./-]*(?:de\s+)?"
_AMOUNT = r"\d[\d\s.,'’]*"
_LONGEST = 255  # characters of a text that Excel takes for a number
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_OTHER_SIGNS = str.maketrans({"⁄": "/", "−": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-", "٫": ".", "٬": ","})


@cache
def _of_a_region() -> re.Pattern[str]:
    """Return the pattern of such texts, which takes a tenth of a second to compile."""
    return re.compile(
        rf"[+-]?\s*(?:{_MONEY})?\s*\d[\d\s]*([.,:/-]\s*\d+)+\s*%?"
        rf"|.*\d\s*(?:%|[ap]m|{_MONEY})"
        rf"|[+-]?\s*{_MONEY}\s*[+-]?\s*{_AMOUNT}"
        rf"|[+-]?\s*\((?=[^)]*\d)(?:{_MONEY}|[\d.,\s%])+\)"  # one below 0
        r"|[+-]\s+[\d.,]+"
        r"|[+-]?\d{1,3}(?:[\s'’.,]\d{2,3})+"
        rf"|[+-]?{_AMOUNT}\s*[-+]|[+-]?\d*[.,]?\d+,|%\s*\d[\d.,]*"
        r"|[+-]?(?:\d+\.?\d*|\.\d+)[dD][+-]?\d+"
        r"|\d{1,2}\s*[:h]\s*(?:\d{1,2})?|\d{1,2}(?::\d{2})*\s+[ap]"
        r"|(?:\d+\s*[年月日時时分秒]\s*)+|(?:\d+\s*[년월일시분초]\s*)+"
        rf"|(?=.*\d)(?:\d{{1,4}}(?:st|nd|rd|th|\.)?{_BETWEEN})?(?:{_MONTH})\.?(?:{_BETWEEN}\d{{1,4}}(?:[\s,.]+\d{{2,4}})?)?"
        rf"|\d{{4}}{_BETWEEN}(?:{_MONTH})\.?{_BETWEEN}\d{{1,2}}\.?",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16_384)
def is_of_a_region(text: str) -> bool:
    """Whether some computers take a text for a number, a date or a time, and others for a text or another number."""
    stripped = text.strip()
    if len(stripped) > _LONGEST or not any(map(str.isnumeric, stripped)):
        return False
    if stripped.isascii():
        return _of_a_region().fullmatch(stripped) is not None
    plain = unicodedata.normalize("NFKC", stripped).translate(_OTHER_SIGNS).strip()
    is_strange = plain != stripped and _NUMBER.fullmatch(plain) is not None
    return is_strange or any(_of_a_region().fullmatch(one) for one in (stripped, plain))
