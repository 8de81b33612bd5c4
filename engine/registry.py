"""What outsiders plug into the engine: handlers, listeners, one notifier, and the roles that exist.

The engine routes by *topic* and never imports a handler. The modeler reads ``Registry.topics()`` and the
deployment check refuses whatever is not here. Start reading at ``Registry``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.actor import Actor
from kernel.database import Database
from kernel.language import Text

WHOLE_COUNTRY: Final = "000000"

ParameterKind = Literal["any", "str", "int", "float", "bool", "object", "list"]
NoticeKind = Literal[
    "opened",
    "reminder",
    "overdue",
    "transferred",
    "delegated",
    "resolved",
    "copied",
    "urged",
    "signature",
    "returned",
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named input of a topic; ``choices`` limits literal values (checked at deployment)."""

    name: str
    title: Text
    kind: ParameterKind = "any"
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """What a handler, listener or notifier may know of the instance; ``variables`` is a copy."""

    id: UUID
    case_number: str
    title: str
    business_key: str | None
    definition_key: str
    definition_version: int
    element_id: str
    region_code: str
    unit_id: UUID | None
    initiator_id: UUID | None
    subject_type: str | None
    subject_id: UUID | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobContext:
    """One run of a service task, outside any transaction.

    ``job_id`` is the idempotency key: the same job may run twice. ``attempt`` starts at 1.
    ``database`` is for short transactions of the handler's own.
    """

    job_id: UUID
    topic: str
    parameters: Mapping[str, Any]
    instance: InstanceFacts
    database: Database
    attempt: int


@dataclass(frozen=True, slots=True)
class HandlerResult:
    """What a handler yields.

    ``data``: JSON values for ``resultVariable`` and the element's outputs. ``apply``: runs in the
    transaction that records the result, so what it writes happens exactly once; what it returns is
    laid over ``data``. ``subject``: where the thing that the instance is about came into being only now,
    its type and the name of the field of the result that holds its id.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    apply: Callable[[Session], Mapping[str, Any] | None] | None = None
    subject: tuple[str, str] | None = None


class BPMNError(Exception):
    """A business outcome that the diagram catches with an error boundary event (``code`` = errorCode).

    ``apply`` is written in the transaction that throws it, as in ``HandlerResult``.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        data: Mapping[str, Any] | None = None,
        apply: Callable[[Session], None] | None = None,
    ) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.data: Mapping[str, Any] = data or {}
        self.apply = apply


class TechnicalFailure(Exception):
    """Something outside failed; spends one of three attempts, then an incident keeps the cause."""


@dataclass(frozen=True, slots=True)
class ListenerCall:
    """One call of a listener, in the transaction of the command; raise ``Rejected`` to refuse it all.

    ``output``: what the element yielded (form data, handler result, payload). ``clauses``: the clauses
    of the standard that the element serves.
    """

    topic: str
    parameters: Mapping[str, Any]
    output: Mapping[str, Any]
    actor: Actor
    instance: InstanceFacts
    element_id: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskNotice:
    """A user task opened, is to be reminded of (80 % of its deadline), is overdue, or was acted on.

    Recipients: ``assignee_id`` where it is given (who holds the task, or is told of it), else the holders
    of ``candidate_role`` in ``candidate_unit_id`` (None: any unit) and ``region_code``. ``reason`` is what
    the person who acted said.
    """

    kind: NoticeKind
    task_id: UUID
    name: Text
    process_name: Text
    instance: InstanceFacts
    candidate_role: str
    candidate_unit_id: UUID | None
    region_code: str
    assignee_id: UUID | None
    due_at: datetime | None
    at: datetime
    reason: str = ""


Handler = Callable[[JobContext], HandlerResult]
Listener = Callable[[Session, ListenerCall], None]
Notifier = Callable[[Session, TaskNotice], None]
# Returns an active person with grants as they are now, or None.
Directory = Callable[[Session, UUID], Actor | None]


@dataclass(frozen=True, slots=True)
class HandlerContract:
    """What the modeler shows of a topic and what deployment checks; ``result``: name -> title."""

    topic: str
    title: Text
    parameters: tuple[Parameter, ...]
    result: Mapping[str, Text]
    function: Handler


@dataclass(frozen=True, slots=True)
class ListenerContract:
    """What the modeler shows of a listener topic and what deployment checks."""

    topic: str
    title: Text
    parameters: tuple[Parameter, ...]
    function: Listener


class Registry:
    """Handlers and listeners by topic, notifiers, roles and the directory; filled once at start."""

    def __init__(self, home_region: str = WHOLE_COUNTRY) -> None:
        self.home_region = home_region
        self._handlers: dict[str, HandlerContract] = {}
        self._listeners: dict[str, ListenerContract] = {}
        self._roles: dict[str, Text] = {}
        self._notifiers: list[Notifier] = []
        self._directory: Directory = _nobody

    def handler(
        self,
        topic: str,
        function: Handler,
        title: Text,
        parameters: Sequence[Parameter] = (),
        result: Mapping[str, Text] | None = None,
    ) -> None:
        """Register the handler of a service-task topic.

        Raises:
            ValueError: the topic is taken.
        """
        if topic in self._handlers:
            raise ValueError(f"The handler topic {topic!r} is registered twice.")
        self._handlers[topic] = HandlerContract(topic, title, tuple(parameters), dict(result or {}), function)

    def listener(
        self, topic: str, function: Listener, title: Text, parameters: Sequence[Parameter] = ()
    ) -> None:
        """Register a listener topic.

        Raises:
            ValueError: the topic is taken.
        """
        if topic in self._listeners:
            raise ValueError(f"The listener topic {topic!r} is registered twice.")
        self._listeners[topic] = ListenerContract(topic, title, tuple(parameters), function)

    def notifier(self, function: Notifier) -> None:
        """Add a function that is told of opened, reminded and overdue tasks, in the transaction."""
        self._notifiers.append(function)

    def role(self, key: str, title: Text) -> None:
        """Make a role known; deployment refuses lanes, tasks and start roles that name another."""
        self._roles[key] = title

    def directory(self, function: Directory) -> None:
        """Say where persons are looked up to whom work is handed; without it nobody is known."""
        self._directory = function

    def find_person(self, session: Session, person_id: UUID) -> Actor | None:
        """Return an active person of the directory, if there is one."""
        return self._directory(session, person_id)

    def find_handler(self, topic: str) -> HandlerContract | None:
        """Return the handler of the topic, if there is one."""
        return self._handlers.get(topic)

    def find_listener(self, topic: str) -> ListenerContract | None:
        """Return the listener of the topic, if there is one."""
        return self._listeners.get(topic)

    def topics(self) -> tuple[HandlerContract, ...]:
        """Return every handler contract, by topic."""
        return tuple(self._handlers[topic] for topic in sorted(self._handlers))

    def listener_topics(self) -> tuple[ListenerContract, ...]:
        """Return every listener contract, by topic."""
        return tuple(self._listeners[topic] for topic in sorted(self._listeners))

    def roles(self) -> Mapping[str, Text]:
        """Return the known roles with their titles."""
        return dict(self._roles)

    def notify(self, session: Session, notice: TaskNotice) -> None:
        """Tell every notifier."""
        for function in self._notifiers:
            function(session, notice)


def _nobody(_session: Session, _person_id: UUID) -> Actor | None:
    return None
