"""What can go wrong in the market."""

from domain.catalogue.states import STATE_TEXT, State
from kernel.errors import Conflict, NotFound
from kernel.language import Text


class EntryNotFound(NotFound):
    """No such entry, hidden, or outside the actor's territory."""

    def __init__(self) -> None:
        super().__init__(
            Text("资源市场中没有该组件，或不在您的地区开放", "Not in the market, or not open to your region")
        )


class NotPublishable(Conflict):
    """Only a listed version can be published."""

    def __init__(self, state: State) -> None:
        super().__init__(
            Text(
                f"只有“已上架”的版本可以发布，当前为“{STATE_TEXT[state].zh}”",
                f"Only a listed version can be published; this one is “{STATE_TEXT[state].en}”",
            )
        )
