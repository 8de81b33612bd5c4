"""What a rule is, what it is told, and what a broken one says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from domain.catalogue import dictionaries
from kernel.errors import FieldProblem
from kernel.language import Text

Record = Mapping[str, Any]


class _Absent:
    """The value of a field that is not there; JSON ``null`` is a value."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


class Stage(StrEnum):
    """When a rule starts to apply; each stage includes the ones before it."""

    CREATION = "creation"
    ONBOARDING = "onboarding"
    LISTING = "listing"

    def includes(self, other: "Stage") -> bool:
        """Tell whether the rules of the other stage run at this one."""
        order = list(Stage)
        return order.index(other) <= order.index(self)


class Severity(StrEnum):
    """An error refuses the step, a warning is shown and acknowledged."""

    ERROR = "error"
    WARNING = "warning"


def _nothing_taken(_kind: str, _value: str) -> bool:
    return False


def _no_version(_canonical: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What the rules must know beyond the record.

    ``is_taken(kind, value)`` tells whether another component holds the value; the kinds
    are ``name`` (normalised), ``api_name``, ``api_code`` and ``public_path``.
    ``has_version(canonical)`` tells whether this component has another version so named.
    """

    regions: frozenset[str] = frozenset()
    functional_areas: frozenset[int] = frozenset(dictionaries.FUNCTIONAL_AREAS)
    icons: frozenset[str] = frozenset(dictionaries.ICONS)
    network_zones: frozenset[str] = frozenset(dictionaries.NETWORK_ZONES)
    is_taken: Callable[[str, str], bool] = _nothing_taken
    has_version: Callable[[str], bool] = _no_version
    strict: bool = field(default=False)


# Gets the value of the field, the whole record and the context; True when the rule holds.
Check = Callable[[Any, Record, RuleContext], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    ``after`` names the rule whose breach hides this one: the form rule of the field, or
    the rule of the object that the field belongs to.
    """

    id: str
    field: str
    stage: Stage
    severity: Severity
    message: Text
    clause: str
    mend: Text
    check: Check
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RuleBreach:
    """A broken rule: where, why, on which basis and how to mend it."""

    rule_id: str
    path: str
    severity: Severity
    message: Text
    clause: str
    mend: Text

    def as_problem(self) -> FieldProblem:
        """Return the breach as a problem of an ``Invalid`` rejection."""
        return FieldProblem(self.path, self.rule_id, self.message, self.clause, self.mend)

    def to_json(self) -> dict[str, Any]:
        """Return the breach as a JSON object with both languages."""
        return {
            "rule": self.rule_id,
            "path": self.path,
            "severity": self.severity.value,
            "message": self.message.to_json(),
            "clause": self.clause,
            "mend": self.mend.to_json(),
        }


def value_at(record: Record, path: str) -> Any:
    """Return the value at a dotted path, or ``ABSENT``."""
    value: Any = record
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return ABSENT
        value = value[key]
    return value
