"""What is wrong with a diagram, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kernel.language import Text

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where, which, why, and what would mend it.

    ``element_id`` is None when the file as a whole is meant. ``rule`` is a stable
    key such as ``gateway.condition-missing``, made for machines and tests.
    """

    element_id: str | None
    rule: str
    severity: Severity
    message: Text
    cure: Text


class DefinitionRefused(Exception):
    """The files cannot be executed exactly as drawn; ``problems`` names every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.element_id}: {p.rule}: {p.message.en}" for p in self.problems))
