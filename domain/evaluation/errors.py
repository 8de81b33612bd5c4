"""What can go wrong with evaluations."""

from kernel.errors import NotFound
from kernel.language import Text


class EvaluationNotFound(NotFound):
    """No such region, period or evidence, or not visible to the actor."""

    def __init__(self) -> None:
        super().__init__(Text("没有该评价，或您无权查看", "No such evaluation, or you may not see it"))
