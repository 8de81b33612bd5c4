"""The root of every error that we raise on purpose.

    PlatformError
    ├── Rejected            tell the caller, do not retry
    │   ├── NotFound        no such thing, or not visible to the actor
    │   ├── NotAllowed      the actor may not do this
    │   ├── Conflict        somebody else was first, or the state does not allow it
    │   └── Invalid         the input breaks rules; carries one problem per broken rule
    ├── Unavailable         an outside system does not answer; retry with back-off
    │   └── DatabaseUnavailable   the database is away, busy or out of space; nothing was saved half-way
    └── StaleState          another transaction moved the row; the unit of work retries

Everything else is a bug and rises.
"""

from dataclasses import dataclass
from typing import Final, Literal

from kernel.language import Text


class PlatformError(Exception):
    """An error with a sentence for people, in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


class Rejected(PlatformError):
    """The request cannot be carried out as asked; repeating it does not help."""


class NotFound(Rejected):
    """There is no such thing, or the actor may not see it."""


class NotAllowed(Rejected):
    """The actor may not do this."""


class Conflict(Rejected):
    """The state of the thing does not allow it, often because somebody was first."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One broken rule: where, which, and how to mend it.

    ``path`` is the dotted path of the field (``apiInfo.targetServers.0.host``); it is
    empty when the problem belongs to the whole input.
    """

    path: str
    rule: str
    message: Text
    clause: str | None = None
    mend: Text | None = None


class Invalid(Rejected):
    """The input breaks one rule or more; ``problems`` names each of them."""

    def __init__(self, message: Text, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class Unavailable(PlatformError):
    """Something outside did not answer; trying again later may help."""


Outage = Literal["away", "busy", "full"]
_OUTAGES: Final[dict[Outage, Text]] = {
    "away": Text(
        zh="数据库暂时无法访问，请稍后重试。如刚才正在提交，请先核对该事项是否已办理。",
        en="The database cannot be reached at the moment; please try again shortly. "
        "If you were submitting, look first whether it was recorded.",
    ),
    "busy": Text(
        zh="数据库正被其他程序占用，本次操作未保存，请稍后重试。",
        en="Another program holds the database; nothing was saved. Please try again shortly.",
    ),
    "full": Text(
        zh="数据库所在磁盘空间不足，本次操作未保存。请通知运维人员清理磁盘后重试。",
        en="The disk of the database is full; nothing was saved. "
        "Please try again once the operators have made room.",
    ),
}


class DatabaseUnavailable(Unavailable):
    """The database does not take work at the moment; a transaction is saved whole or not at all.

    ``outage``: *away* (not reachable, or lost on the way: whether a commit arrived is then unknown),
    *busy* (locked for too long) or *full* (no space left).
    """

    def __init__(self, outage: Outage) -> None:
        super().__init__(_OUTAGES[outage])
        self.outage: Outage = outage


class StaleState(PlatformError):
    """Another transaction changed the row between our reading and our writing."""
