"""A valid Table 1 record, with one obvious override at a dotted path."""

from __future__ import annotations

import copy
from typing import Any

from domain.catalogue.rules import RuleContext, Stage, check_record
from domain.samples.components import sample_records

REGIONS = frozenset({"示例省", "示例市", "示例一市", "示例二市", "示例三市"})
CONTEXT = RuleContext(regions=REGIONS)
MISSING = object()


def valid_record(path: str | None = None, value: Any = MISSING) -> dict[str, Any]:
    """Return an unhosted API component that breaks no rule, changed at one path."""
    record = copy.deepcopy(sample_records()[6])
    if path is None:
        return record
    holder: Any = record
    *outer, key = path.split(".")
    for name in outer:
        holder = holder[name]
    if value is MISSING:
        holder.pop(key, None)
    else:
        holder[key] = value
    return record


def broken(record: Any, stage: Stage = Stage.LISTING, context: RuleContext = CONTEXT) -> list[str]:
    """Return the ids of the broken rules."""
    return [breach.rule_id for breach in check_record(record, stage, context)]
