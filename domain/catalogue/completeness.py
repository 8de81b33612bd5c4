"""How complete a record is: which fields count, how much, and what is missing. Pure.

The weights stand in ``fields.FIELDS``. A field counts when it is filled in and breaks no rule; one that does
not apply (a tariff without a charge, an API of a form that needs none) counts neither way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.catalogue.dictionaries import WITH_API
from domain.catalogue.fields import FIELDS, FieldOfRecord
from domain.catalogue.rules import RuleBreach, Severity
from domain.catalogue.rules.model import ABSENT, value_at


@dataclass(frozen=True, slots=True)
class Completeness:
    """The score in percent, rounded down, and the fields that count and are missing or wrong."""

    percent: int
    missing: tuple[FieldOfRecord, ...]


def completeness(record: Mapping[str, Any], breaches: Sequence[RuleBreach]) -> Completeness:
    """Return the score of a record; ``breaches`` are those of the listing stage."""
    broken = [breach.path for breach in breaches if breach.severity is Severity.ERROR]
    counted = [field for field in FIELDS if _applies(field, record)]
    missing = tuple(field for field in counted if not _is_given(field, record) or _is_broken(field, broken))
    whole = sum(field.weight for field in counted)
    lacking = sum(field.weight for field in missing)
    return Completeness(100 * (whole - lacking) // whole, missing)


def _applies(field: FieldOfRecord, record: Mapping[str, Any]) -> bool:
    has_api = isinstance(record.get("apiInfo"), Mapping) or record.get("technicalField") in WITH_API
    if field.path == "extension.chargeStandard":
        return record.get("isCharge") == "1"
    if field.path == "apiInfo.targetServers":
        return has_api and record.get("isHosting") == 0
    if field.path.startswith("apiInfo."):
        return has_api and not field.optional
    return not field.optional


def _is_given(field: FieldOfRecord, record: Mapping[str, Any]) -> bool:
    value = value_at(record, field.path)
    return value is not ABSENT and value not in (None, "", [], {})


def _is_broken(field: FieldOfRecord, broken: Sequence[str]) -> bool:
    # A missing report is told at the whole list; each report is looked at by itself here.
    return any(path == field.path or path.startswith(f"{field.path}.") for path in broken)
