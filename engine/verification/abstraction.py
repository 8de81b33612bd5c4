"""A net whose data is taken away: every decision may go either way.

The runtime that explores is the one that executes; only the expressions of the net
are exchanged. Conditions ask an ``Oracle`` (or whoever is given), counts become two, times become an hour,
and what moves data and no token is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.bpmn.expressions import constant
from engine.bpmn.model import (
    Element,
    EventDefinition,
    EventKind,
    Expression,
    Flow,
    MultiInstance,
    Net,
    Process,
    StandardLoop,
    Timer,
    TimerKind,
)

INSTANCES = 2
# The signal that stands for a condition: no signal of a diagram has such a name.
CONDITION = "condition "

Decide = Callable[[Expression], bool]


@dataclass(slots=True)
class Oracle:
    """Answers decisions from a script, then with no, and remembers what it was asked.

    ``asked`` holds, per decision, the answer and the variables that the condition reads.
    """

    script: tuple[bool, ...] = ()
    asked: list[tuple[bool, frozenset[str]]] = field(default_factory=list)

    def begin(self, script: tuple[bool, ...]) -> None:
        """Begin anew with these answers."""
        self.script = script
        self.asked = []

    def decide(self, condition: Expression) -> bool:
        """Give the next answer."""
        position = len(self.asked)
        answer = self.script[position] if position < len(self.script) else False
        self.asked.append((answer, condition.names))
        return answer

    def untried(self) -> list[tuple[bool, ...]]:
        """Return the scripts that differ from what was just answered after the script ended."""
        answers = tuple(answer for answer, _ in self.asked)
        return [(*answers[:position], True) for position in range(len(self.script), len(answers))]


def without_data(net: Net, decide: Decide) -> Net:
    """Return the net in which ``decide`` answers every condition."""
    return Net(processes={key: _process(process, decide) for key, process in net.processes.items()})


def _process(process: Process, decide: Decide) -> Process:
    flows = {flow_id: _flow(flow, decide) for flow_id, flow in process.flows.items()}
    elements = {
        element_id: _element(element, flows, decide) for element_id, element in process.elements.items()
    }
    return replace(process, flows=flows, elements=elements)


def _flow(flow: Flow, decide: Decide) -> Flow:
    return flow if flow.condition is None else replace(flow, condition=_decision(flow.condition, decide))


def _decision(expression: Expression, decide: Decide) -> Expression:
    return Expression(expression.text, lambda _variables: decide(expression), expression.names)


def _element(element: Element, flows: dict[str, Flow], decide: Decide) -> Element:
    return replace(
        element,
        outgoing=tuple(flows[flow.id] for flow in element.outgoing),
        default_flow=None if element.default_flow is None else flows[element.default_flow.id],
        unit=None,
        region=None,
        prefill=None,
        parameters=(),
        result_variable=None,
        script=(),
        called_decision=None,
        inputs=(),
        outputs=(),
        data_inputs=(),
        listeners=(),
        result=None,
        event=None if element.event is None else _event(element.event),
        loop=None if element.loop is None else _loop(element, element.loop, decide),
        approval=None,
        repeat=None if element.repeat is None else _repeat(element.repeat, decide),
    )


def _event(event: EventDefinition) -> EventDefinition:
    timer = event.timer
    if timer is not None:
        # A repeating timer fires twice: enough to see what two at once do.
        timer = Timer(timer.kind, constant("R2/PT1H" if timer.kind is TimerKind.CYCLE else "PT1H"))
        if timer.kind is TimerKind.DATE:
            timer = Timer(TimerKind.DURATION, timer.moment)
    key = None if event.correlation_key is None else constant("key")
    if event.condition is not None:
        # When it becomes true is data: it may happen at any time, like a signal of a name that nobody throws.
        return EventDefinition(EventKind.SIGNAL, CONDITION + event.condition.text)
    parts = tuple(map(_event, event.parts))
    return replace(event, timer=timer, correlation_key=key, payload=(), parts=parts)


def _loop(element: Element, loop: MultiInstance, decide: Decide) -> MultiInstance:
    """Two instances, of which the second is waited for or not, as a condition or a vote may say."""
    condition = loop.completion_condition
    if element.approval is not None:
        condition = constant(element.approval.variable)
    return MultiInstance(
        sequential=loop.sequential,
        cardinality=constant(INSTANCES),
        completion_condition=None if condition is None else _decision(condition, decide),
    )


def _repeat(loop: StandardLoop, decide: Decide) -> StandardLoop:
    """Leave open how many rounds there are: a maximum is reached at some time, a condition fails."""
    condition = loop.condition or constant(True)
    return StandardLoop(_decision(condition, decide), loop.tests_before)
