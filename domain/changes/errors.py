"""What can go wrong with changes."""

from uuid import UUID

from domain.catalogue.states import STATE_TEXT, State
from domain.changes.kinds import STATUS_TEXT, Status
from kernel.errors import Conflict, NotFound
from kernel.language import Text


class ChangeNotFound(NotFound):
    """No such change, or not visible to the actor."""

    def __init__(self, change_id: UUID) -> None:
        super().__init__(
            Text(f"没有变更 {change_id}，或您无权查看", f"No change {change_id}, or you may not see it")
        )


class ChangeAlreadyOpen(Conflict):
    """Another change of the version is open."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "该版本已有一个变更在办，请待其办结或撤回",
                "Another change of this version is under way; wait for its end or withdraw it",
            )
        )


class NotChangeable(Conflict):
    """The state of the version allows no change."""

    def __init__(self, state: State) -> None:
        super().__init__(
            Text(
                f"只有已上架或已发布的版本可以变更，当前为“{STATE_TEXT[state].zh}”",
                f"Only a listed or published version is changed; this one is “{STATE_TEXT[state].en}”",
            )
        )


class ChangeElsewhere(Conflict):
    """The change is not where the request believes it to be."""

    def __init__(self, status: Status) -> None:
        super().__init__(
            Text(
                f"变更当前为“{STATUS_TEXT[status].zh}”，不能这样办理",
                f"The change is “{STATUS_TEXT[status].en}”: this is not possible now",
            )
        )
