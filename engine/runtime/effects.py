"""What a command brought about: facts for the shell to store, send, show and schedule.

Effects come in the order in which they happened. ``scope_process`` is the key of
the process an element belongs to, which differs from the instance's own process
inside a call activity.

An activity id names one visit to one element and a wait id one thing waited for;
both are short strings, unique within the instance and never used again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ElementEntered:
    """A token reached the element (or one instance of a multi-instance activity began)."""

    activity_id: str
    element_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class ElementCompleted:
    """The visit ended as drawn. Always preceded by its ``ElementEntered``."""

    activity_id: str
    element_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class ElementCancelled:
    """The visit was interrupted: by a boundary event, an error, a terminate end, a cancel."""

    activity_id: str
    element_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class FlowTaken:
    """A token moved along a sequence flow."""

    flow_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class UserTaskOpened:
    """Somebody has to work: everything an inbox needs to know, already evaluated."""

    activity_id: str
    element_id: str
    scope_process: str
    role: str | None
    unit: str | None
    region: str | None
    form: str | None
    prefill: JsonObject | None
    deadline: str | None
    differs_from: tuple[str, ...]
    withdraw: bool
    # Of a signature that a person added: to which visit, where, and what was said of the signatory.
    added_to: str | None = None
    place: str | None = None
    signatory: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class UserTaskClosed:
    """The work is done (``completed``) or no longer wanted."""

    activity_id: str
    completed: bool


@dataclass(frozen=True, slots=True)
class UserTaskHeld:
    """The user task cannot be done before others have signed (or the one it was added to is done)."""

    activity_id: str


@dataclass(frozen=True, slots=True)
class UserTaskReleased:
    """A held user task can be done now."""

    activity_id: str


@dataclass(frozen=True, slots=True)
class JobRequested:
    """Automatic work to run outside this transaction; answer with CompleteActivity or ThrowError."""

    activity_id: str
    element_id: str
    scope_process: str
    topic: str
    parameters: JsonObject


@dataclass(frozen=True, slots=True)
class JobDropped:
    """The job's result is no longer wanted. Not said of a job that delivered its result."""

    activity_id: str


@dataclass(frozen=True, slots=True)
class TimerArmed:
    """Send FireTimer at ``due_at`` (UTC). A repeating timer is armed anew under a new wait id."""

    wait_id: str
    element_id: str
    scope_process: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TimerDropped:
    """The timer will not fire any more. Not said of a timer that just fired."""

    wait_id: str


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """A message of this name and key, thrown from now on, is to be delivered to the wait."""

    wait_id: str
    element_id: str
    scope_process: str
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class SignalAwaited:
    """A signal of this name, thrown by another instance, is to be delivered to the wait."""

    wait_id: str
    element_id: str
    scope_process: str
    name: str


@dataclass(frozen=True, slots=True)
class WaitDropped:
    """The message or signal is no longer waited for, because it came or was interrupted.

    A non-interrupting event goes on waiting after a delivery and keeps its wait id.
    """

    wait_id: str


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """Deliver to the one waiting catch with this name and key, and start what starts on it."""

    element_id: str
    name: str
    key: str | None
    payload: JsonObject


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """Deliver to every waiting catch of *other* instances and start what starts on it.

    The waits of the throwing instance have already been served: a signal may
    interrupt its own thrower, which cannot be left for later.
    """

    element_id: str
    name: str
    payload: JsonObject


@dataclass(frozen=True, slots=True)
class ListenerCalled:
    """An element with a listener completed; a refusal of the listener refuses the command."""

    element_id: str
    scope_process: str
    topic: str
    parameters: JsonObject
    output: JsonObject


@dataclass(frozen=True, slots=True)
class Spans:
    """What was done, by numbers: each pair stands for all that was done after the first up to the second.

    Visits, jobs and waits share one count, so this names thousands of rounds in a few figures.
    """

    pairs: tuple[tuple[int, int], ...] = ()

    def __contains__(self, done: str) -> bool:
        return any(after < int(done) <= upto for after, upto in self.pairs)


@dataclass(frozen=True, slots=True)
class TokensReturned:
    """A user task was returned: the work at ``element_id`` is done anew.

    ``superseded`` are the completed visits and the waits that came, which do not count any more.
    """

    from_activity: str
    from_element: str
    element_id: str
    scope_process: str
    superseded: Spans


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A completed visit was taken back; its element is open anew, as it was before."""

    visit: str
    element_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class WentStraightBack:
    """The work that was returned was done anew and changed nothing for those who came after it.

    Its token went straight to ``element_id``. Of what the return had superseded, ``reinstated`` counts
    again; the earlier visit, now done anew as ``activity_id``, does not.
    """

    activity_id: str
    element_id: str
    scope_process: str
    reinstated: Spans


@dataclass(frozen=True, slots=True)
class CouldNotGoStraightBack:
    """The work was done anew with another result, so those who came after it decide anew as well."""

    activity_id: str
    element_id: str
    scope_process: str


@dataclass(frozen=True, slots=True)
class InstanceEnded:
    """The last token is gone: with a result, with the code of an uncaught error, or neither."""

    result: str | None
    error: str | None


Effect = (
    ElementEntered
    | ElementCompleted
    | ElementCancelled
    | FlowTaken
    | UserTaskOpened
    | UserTaskClosed
    | UserTaskHeld
    | UserTaskReleased
    | JobRequested
    | JobDropped
    | TimerArmed
    | TimerDropped
    | MessageAwaited
    | SignalAwaited
    | WaitDropped
    | MessageThrown
    | SignalThrown
    | ListenerCalled
    | TokensReturned
    | TakenBack
    | WentStraightBack
    | CouldNotGoStraightBack
    | InstanceEnded
)
