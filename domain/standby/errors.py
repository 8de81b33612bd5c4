"""What can go wrong with the library of standby components."""

from kernel.errors import Conflict, NotFound
from kernel.language import Text


class PairNotFound(NotFound):
    """No such standing pair, or not visible to the actor."""

    def __init__(self) -> None:
        super().__init__(Text("没有该备用关系，或您无权查看", "No such standby, or you may not see it"))


class PairExists(Conflict):
    """The two components are main and standby already."""

    def __init__(self) -> None:
        super().__init__(Text("该备用组件已登记", "This standby is in the library already"))
