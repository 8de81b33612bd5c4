"""What can be asked of a process instance. Each is one call of ``advance``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Start:
    """Begin an instance. Without a start event the none start of the process is taken.

    For a message start, ``variables`` is the message's payload.
    """

    process: str
    variables: JsonObject = field(default_factory=dict)
    start_event: str | None = None


@dataclass(frozen=True, slots=True)
class CompleteActivity:
    """A user task was completed, or a job delivered its result."""

    activity_id: str
    data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThrowError:
    """A job ended in a business error that the diagram catches on a boundary event."""

    activity_id: str
    code: str
    data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """A message arrived for this wait; name and key were compared by the caller."""

    wait_id: str
    payload: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliverSignal:
    """A signal thrown outside this instance reaches this wait."""

    wait_id: str
    payload: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """The due time of this wait has come."""

    wait_id: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the instance on purpose, wherever it stands."""


@dataclass(frozen=True, slots=True)
class AddSignatory:
    """Have others sign an open user task too: before it, after it, or as one more instance beside it.

    What is said of a signatory comes back with its ``UserTaskOpened``; ``item`` is what a further
    instance works on where the instances work on a list.
    """

    activity_id: str
    place: Literal["before", "after", "beside"]
    signatories: tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True)
class RemoveSignatory:
    """Do without a signature that was added and is still open."""

    activity_id: str


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """Return an open user task to an earlier one, whose work is done anew.

    ``to`` is "initiator" (the first user task of the instance), "previous", or the id of an element.
    Everything that followed from the earlier visit is withdrawn and will be done again, or, with
    ``straight_back``, not where redoing it turns out to change nothing for those who came after.

    Source: docs/explanation/returns.md.
    """

    activity_id: str
    to: str
    straight_back: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Reopen a completed visit to a user task while nobody has acted on it."""

    visit: str


@dataclass(frozen=True, slots=True)
class MoveToken:
    """Take the token out of an open activity and put it before another element of the same scope."""

    activity_id: str
    to: str


@dataclass(frozen=True, slots=True)
class CorrectVariables:
    """Give variables other values: those that an open activity sees, or of the instance's own process."""

    values: JsonObject
    activity_id: str | None = None


Command = (
    Start
    | CompleteActivity
    | ThrowError
    | DeliverMessage
    | DeliverSignal
    | FireTimer
    | Cancel
    | AddSignatory
    | RemoveSignatory
    | ReturnTo
    | TakeBack
    | MoveToken
    | CorrectVariables
)
