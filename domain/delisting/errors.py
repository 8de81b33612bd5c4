"""What can go wrong with a delisting."""

from domain.delisting.kinds import KIND_TEXT, Kind
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.language import Text


class DelistingNotFound(NotFound):
    """No such case of delisting, or not visible to the actor."""

    def __init__(self) -> None:
        super().__init__(
            Text("没有该下架事项，或您无权查看", "No such case of delisting, or you may not see it")
        )


class DelistingAlreadyOpen(Conflict):
    """Another case of delisting of the version is open."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            Text(
                f"该组件版本的“{KIND_TEXT[kind].zh}”正在办理，不能再立案",
                f"A {KIND_TEXT[kind].en.lower()} of this version is under way; no second case is opened",
            )
        )


class NotDelistable(Conflict):
    """The state of the version allows no delisting."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "只有已上架、已发布、不推荐、已暂停或恢复整改中的版本可以下架",
                "Only a version that is in the catalogue, suspended or in recovery can be delisted",
            )
        )


class DelistingFourEyes(NotAllowed):
    """Who opened, asked for, evaluated or concluded the case may not decide it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "立案、申请、评估或认定的人不能审批同一下架事项",
                "Who opened, asked for, evaluated or concluded the case may not approve it",
            )
        )


class TooEarly(Conflict):
    """A step of the case is not due yet."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
