"""Run the table on a record: every rule of the stage, every breach reported."""

from collections.abc import Iterable

from domain.catalogue.rules.model import (
    ABSENT,
    Record,
    Rule,
    RuleBreach,
    RuleContext,
    Severity,
    Stage,
    value_at,
)
from domain.catalogue.rules.table import TABLE_1


def check_record(record: Record, stage: Stage, context: RuleContext) -> list[RuleBreach]:
    """Return every broken rule of the stage, in the order of the table.

    A rule is skipped where the rule it comes after was broken or skipped, and below an
    optional object that is not given.
    """
    hidden: set[str] = set()
    breaches = []
    for rule in TABLE_1:
        if not stage.includes(rule.stage):
            continue
        if rule.after in hidden or _below_nothing(rule, record):
            hidden.add(rule.id)
        elif not rule.check(value_at(record, rule.field), record, context):
            hidden.add(rule.id)
            breaches.append(_breach(rule))
    return breaches


def errors(breaches: Iterable[RuleBreach]) -> list[RuleBreach]:
    """Return the breaches that refuse the step."""
    return [breach for breach in breaches if breach.severity is Severity.ERROR]


def _below_nothing(rule: Rule, record: Record) -> bool:
    return rule.field.startswith("apiInfo.") and value_at(record, "apiInfo") in (ABSENT, None)


def _breach(rule: Rule) -> RuleBreach:
    return RuleBreach(rule.id, rule.field, rule.severity, rule.message, rule.clause, rule.mend)
