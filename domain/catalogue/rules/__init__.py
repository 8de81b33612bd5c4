"""Table 1 of the standard as one table of rules, for import, form and API alike.

``table.py`` lists the rules in order, ``apply.py`` runs them, ``normalisation.py`` is what
file import does first. Everything is a pure function of the record and a ``RuleContext``.

Source: TC609-4-2026-XX, clause 7, Table 1; docs/reference/table-1-rules.md
"""

from domain.catalogue.rules.apply import check_record, errors
from domain.catalogue.rules.model import Record, Rule, RuleBreach, RuleContext, Severity, Stage
from domain.catalogue.rules.normalisation import ImportNotice, normalise_for_import
from domain.catalogue.rules.table import TABLE_1

__all__ = [
    "TABLE_1",
    "ImportNotice",
    "Record",
    "Rule",
    "RuleBreach",
    "RuleContext",
    "Severity",
    "Stage",
    "check_record",
    "errors",
    "normalise_for_import",
]
