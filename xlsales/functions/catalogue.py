"""Every sales function, by its name in Excel, in the order of the documentation."""

from __future__ import annotations

from xlsales.functions.explain import EXPLANATION
from xlsales.functions.registry import SalesFunction
from xlsales.functions.subjects import SUBJECTS

CATALOGUE: dict[str, SalesFunction] = {
    function.name: function for subject in (*SUBJECTS, EXPLANATION) for function in subject
}
