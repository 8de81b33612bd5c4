"""What can go wrong with a suspension."""

from kernel.errors import Conflict
from kernel.language import Text


class AlreadySuspended(Conflict):
    """A suspension of the version is on record and has not ended."""

    def __init__(self) -> None:
        super().__init__(Text("该版本已有未结束的暂停记录", "A suspension of this version is on record"))


class NotSuspended(Conflict):
    """No suspension of the version is on record."""

    def __init__(self) -> None:
        super().__init__(Text("该版本没有未结束的暂停记录", "No suspension of this version is on record"))
