"""What a decision is after compilation: immutable, and evaluated without any I/O.

Source: DMN 1.3, clauses 6.3.7 (decision), 8.2 (notation of decision tables), 8.2.10 (hit policies).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.model import Expression, JsonValue, Variables


class HitPolicy(StrEnum):
    """What to do when several rules match (DMN 1.3, 8.2.10); named as in the XML."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


# With these a decision gives one value per output; with the others a list of values.
SINGLE_HIT = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.ANY})


class Aggregation(StrEnum):
    """How COLLECT makes one number of many (DMN 1.3, 8.2.11)."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


# Whether a value passes a cell; the variables are there for cells that name one.
UnaryTests = Callable[[JsonValue, Variables], bool]


@dataclass(frozen=True, slots=True)
class Input:
    """One column on the left: what is looked at, and which values it may have at all."""

    label: str
    expression: Expression
    allowed: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One column on the right.

    ``values`` are the allowed values, the most important first; empty when any value may stand there.
    ``default`` is given where no rule matches.
    """

    name: str
    values: tuple[JsonValue, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: a cell per input, a value per output."""

    number: int
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: a table or a single expression, and the decisions whose results it reads.

    ``variable`` is the name under which other decisions read the result.
    """

    id: str
    name: str
    variable: str
    logic: Table | Expression
    requires: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return the variables that the inputs of the decision read."""
        if isinstance(self.logic, Expression):
            return self.logic.names
        return frozenset().union(*(each.expression.names for each in self.logic.inputs))


Decisions = Mapping[str, Decision]
