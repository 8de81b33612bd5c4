"""The net: a diagram after compilation, as the runtime and its readers see it.

Everything is immutable and looked up by id, so that one net serves all instances
of a definition version in all threads. Names of kinds are BPMN's own tag names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.bpmn.problems import Problem

if TYPE_CHECKING:
    from engine.dmn.model import Decision

JsonValue = Any
Variables = Mapping[str, JsonValue]


class ElementKind(StrEnum):
    """What a flow node is. Whatever is not listed here is refused at deployment."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    MANUAL_TASK = "manualTask"
    USER_TASK = "userTask"
    SERVICE_TASK = "serviceTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SUB_PROCESS = "subProcess"
    CALL_ACTIVITY = "callActivity"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"


class EventKind(StrEnum):
    """What an event waits for or throws. An event without one is a none event."""

    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    LINK = "link"
    CONDITIONAL = "conditional"
    MULTIPLE = "multiple"
    PARALLEL_MULTIPLE = "parallelMultiple"
    TERMINATE = "terminate"
    COMPENSATE = "compensate"
    CANCEL = "cancel"


class TimerKind(StrEnum):
    """How the time of a timer is written."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Expression:
    """A vetted expression: its text as drawn, and the function it was compiled to.

    ``names`` are the variables it reads. ``evaluate`` raises ``ExpressionError``
    and nothing else.
    """

    text: str
    evaluate: Callable[[Variables], JsonValue] = field(compare=False)
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a script, one input or one output: a variable gets a value."""

    variable: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Listener:
    """A topic called when its element completes, in the same transaction."""

    topic: str
    when: Expression | None
    parameters: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Timer:
    """A time as drawn; ``moment`` gives the ISO 8601 text when the timer is armed."""

    kind: TimerKind
    moment: Expression


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event (or a send or receive task) throws or waits for.

    ``name`` is the name of the message, signal or link, or the code of the error or
    escalation; a catch of errors or escalations without a code catches all of them.
    ``parts`` are what a multiple or parallel multiple event throws or waits for.
    """

    kind: EventKind
    name: str | None = None
    timer: Timer | None = None
    correlation_key: Expression | None = None
    condition: Expression | None = None
    payload: tuple[Assignment, ...] = ()
    parts: tuple["EventDefinition", ...] = ()
    # What a compensation throw undoes (None: all of its scope), and whether it waits for that.
    activity: str | None = None
    waits: bool = True

    @property
    def definitions(self) -> tuple["EventDefinition", ...]:
        """What is thrown or waited for, one by one: the parts, or this alone."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """How often an activity runs, over what, and what is collected (BPMN 2.0.2, 13.3.7)."""

    sequential: bool
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str | None = None
    result_variable: str | None = None
    result_item: str | None = None
    completion_condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """While what an activity is repeated, at most how often, asked before or after each time (13.3.6)."""

    condition: Expression | None
    tests_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A vote over the instances of a user task: the share that must agree, and where the decision goes."""

    variable: str
    part: int
    whole: int

    def needed(self, voters: int) -> int:
        """Return how many of the voters must agree: the share rounded up, and one at least."""
        return max(1, -(-voters * self.part // self.whole))


@dataclass(frozen=True, slots=True)
class DataObject:
    """A variable that lives as long as the scope it is drawn in (BPMN 2.0.2, 10.4.1).

    ``is_collection`` says that it holds a list.
    """

    id: str
    name: str = ""
    is_collection: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; without a condition it is always taken."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: the role whose people work on the user tasks drawn in it."""

    id: str
    name: str
    name_en: str
    role: str | None = None
    unit: Expression | None = None
    region: Expression | None = None
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One flow node with everything that was drawn or written on it."""

    # What it is and where it stands. ``parent`` is the enclosing sub-process.
    id: str
    kind: ElementKind
    process: str
    parent: str | None = None
    name: str = ""
    name_en: str = ""
    clauses: tuple[str, ...] = ()
    lane: str | None = None

    # How tokens come and go. The default flow is one of ``outgoing``.
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default_flow: Flow | None = None
    # Of an inclusive join, per incoming flow: the elements of the scope from which a token may come to it.
    upstream: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # Of a link that is thrown: the catch event at which its token goes on.
    link_target: str | None = None

    # Human work. Role, unit and region are the element's own or those of its lane; without a region the
    # work is done in the region of the instance.
    role: str | None = None
    unit: Expression | None = None
    region: Expression | None = None
    form: str | None = None
    prefill: Expression | None = None
    deadline: str | None = None
    differs_from: tuple[str, ...] = ()
    withdraw: bool = False
    stand_in: str | None = None

    # What reviewers may do with a user task beside completing it, and how far they may return from it.
    # Behind an element with ``no_return`` nobody returns to what was before it.
    actions: frozenset[str] = frozenset()
    return_to: frozenset[str] = frozenset()
    no_return: bool = False
    # Outcomes that agree, for signatures and votes.
    agreeing: frozenset[str] = frozenset({"agree"})
    approval: Approval | None = None

    # Automatic work.
    topic: str | None = None
    parameters: tuple[Assignment, ...] = ()
    result_variable: str | None = None
    script: tuple[Assignment, ...] = ()
    called_decision: str | None = None

    # Data that crosses the border of the element, and who is told.
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    data_inputs: tuple[str, ...] = ()
    data_objects: tuple[DataObject, ...] = ()
    listeners: tuple[Listener, ...] = ()
    result: str | None = None

    # Events. ``interrupting`` speaks of boundary events and event sub-process starts.
    event: EventDefinition | None = None
    attached_to: str | None = None
    interrupting: bool = True
    boundary_events: tuple[str, ...] = ()
    # A receive task or event-based gateway at which the process begins.
    instantiates: bool = False

    # Compensation: the boundary event of an activity that can be undone, and the activity behind that event.
    compensated_by: str | None = None
    handler: str | None = None
    is_for_compensation: bool = False

    # Activities that contain or repeat others.
    loop: MultiInstance | None = None
    repeat: StandardLoop | None = None
    called_process: str | None = None
    triggered_by_event: bool = False
    is_transaction: bool = False
    starts: tuple[str, ...] = ()
    event_sub_processes: tuple[str, ...] = ()

    @property
    def is_cancel_event(self) -> bool:
        """Say whether the element throws or catches the cancel of a transaction (10.5.5)."""
        return self.event is not None and self.event.kind is EventKind.CANCEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One executable process. ``elements`` holds those of its sub-processes too.

    ``decisions`` are those of its own files: each version brings the decisions it was made with.
    """

    key: str
    name: str
    name_en: str
    clauses: tuple[str, ...]
    exclusive: bool
    start_roles: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...]
    starts: tuple[str, ...]
    event_sub_processes: tuple[str, ...]
    decisions: "Mapping[str, Decision]" = field(default_factory=dict)
    data_objects: tuple[DataObject, ...] = ()
    collections: frozenset[str] = frozenset()
    file: str = ""
    # By element: what it reads although another element may write it at the same time. Only
    # collected where somebody may return or take back.
    races: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Net:
    """All processes of one deployment, and what their author should hear though it runs.

    ``keeps_lines`` says that some user task allows a return or taking back, so that instances remember
    their way.
    """

    processes: Mapping[str, Process]
    warnings: tuple[Problem, ...] = ()
    keeps_lines: bool = False
