"""The two ways in which a command can fail; both leave the state as it was."""

from kernel.errors import Conflict, PlatformError
from kernel.language import Text


class Incident(PlatformError):
    """The instance cannot go on as drawn and a person has to look: wrong data, no way out, too big.

    ``rule`` is a stable key, ``element_id`` the element that could not go on.
    """

    def __init__(self, rule: str, message: Text, element_id: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.element_id = element_id


class NotPossible(Conflict):
    """What is asked for does not fit the state of the instance; carries ``rule``."""

    def __init__(self, rule: str, message: Text) -> None:
        super().__init__(message)
        self.rule = rule


class NoWayBack(Conflict):
    """The user task cannot be returned there, or not be taken back: not any more, or never could."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            Text(
                zh=f"不能退回或取回：{what}。",
                en=f"There is no way back: {what}.",
            )
        )


class NoLongerWaiting(Conflict):
    """The activity or wait that the command names is not open (any more)."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            Text(zh=f"{what} 已经结束或不存在。", en=f"{what} has already ended or never existed.")
        )
