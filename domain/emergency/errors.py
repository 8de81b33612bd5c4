"""What can go wrong with emergency plans."""

from kernel.errors import Conflict, NotFound
from kernel.language import Text


class FilingNotFound(NotFound):
    """No such filing, or not visible to the actor."""

    def __init__(self) -> None:
        super().__init__(Text("没有该预案备案，或您无权查看", "No such filing, or you may not see it"))


class FilingAlreadyOpen(Conflict):
    """A filing of the version is under way."""

    def __init__(self) -> None:
        super().__init__(Text("该版本的应急预案备案正在办理", "A filing of this version's plan is under way"))
