"""Collecting problems while a diagram is read, so that its author hears of all at once."""

from engine.bpmn.expressions import ExpressionError
from engine.bpmn.problems import Problem, Severity
from kernel.language import Text


class Findings:
    """The problems found so far, in the order of finding."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @property
    def has_errors(self) -> bool:
        """Whether something was found that forbids deployment."""
        return any(problem.severity == "error" for problem in self.problems)

    def refuse(self, element_id: str | None, rule: str, message: Text, cure: Text) -> None:
        """Note what forbids deployment."""
        self._note(element_id, rule, "error", message, cure)

    def warn(self, element_id: str | None, rule: str, message: Text, cure: Text) -> None:
        """Note what runs as drawn but is probably not what the author wants."""
        self._note(element_id, rule, "warning", message, cure)

    def refuse_expression(self, element_id: str | None, where: str, error: ExpressionError) -> None:
        """Note an expression that is not understood; ``where`` names its place on the element."""
        message = Text(zh=f"{where}：{error.message.zh}", en=f"{where}: {error.message.en}")
        self.refuse(element_id, "expression.not-understood", message, error.cure)

    def _note(self, element_id: str | None, rule: str, severity: Severity, message: Text, cure: Text) -> None:
        self.problems.append(Problem(element_id, rule, severity, message, cure))
