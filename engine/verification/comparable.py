"""What two engines can be compared over, and what they cannot.

SpiffWorkflow 3.2.0 was measured before it was chosen as the second opinion: some
constructs it executes otherwise than BPMN says. Over those there is nothing to compare; the
author hears which parts of the diagram had one opinion only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from engine.bpmn.links import is_link
from engine.bpmn.model import Element, ElementKind, EventKind, Process
from engine.bpmn.upstream import next_of
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a comparison stops.

    ``ends_at``: a walk ends when a token enters one of these. ``loops``: joins with
    the elements of the loop around them; a walk ends with the second round, when after the
    join one of these is entered again.
    ``reasons`` says all that in words.
    """

    ends_at: frozenset[str]
    loops: tuple[tuple[str, frozenset[str]], ...]
    reasons: tuple[Text, ...]


def limits_of(process: Process) -> Limits:
    """Find what of a process cannot be compared."""
    found = {
        rule: [each for each in process.elements.values() if rule.applies(each, process)] for rule in _RULES
    }
    reasons = tuple(
        rule.reason([each.id for each in elements]) for rule, elements in found.items() if elements
    )
    return Limits(
        ends_at=frozenset(
            each.id for rule, elements in found.items() if rule.stops == "first" for each in elements
        ),
        loops=tuple(
            (each.id, _loop_around(each, process))
            for each in process.elements.values()
            if _is_join_in_loop(each, process)
        ),
        reasons=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """A construct that is not compared, and from when on that ends a walk."""

    applies: Callable[[Element, Process], bool]
    stops: str
    zh: str
    en: str

    def reason(self, element_ids: list[str]) -> Text:
        listed = ", ".join(element_ids)
        return Text(zh=f"{self.zh}：{listed}", en=f"{self.en}: {listed}")


def _kind(*kinds: ElementKind) -> Callable[[Element, Process], bool]:
    return lambda element, _process: element.kind in kinds


def _is_join_in_loop(element: Element, process: Process) -> bool:
    return (
        element.kind in {ElementKind.PARALLEL_GATEWAY, ElementKind.INCLUSIVE_GATEWAY}
        and len(element.incoming) > 1
        and element.id in _behind(element, process)
    )


def _loop_around(join: Element, process: Process) -> frozenset[str]:
    """Collect the elements from which a token comes to the join and to which it comes from there."""
    return frozenset(
        each for each in _behind(join, process) if join.id in _behind(process.elements[each], process)
    )


def _behind(element: Element, process: Process) -> set[str]:
    """Collect the elements to which tokens can get from this one."""
    seen: set[str] = set()
    waiting = next_of(element)
    while waiting:
        element_id = waiting.pop()
        if element_id not in seen:
            seen.add(element_id)
            waiting += next_of(process.elements[element_id])
    return seen


_UNDOING = frozenset({EventKind.COMPENSATE, EventKind.CANCEL})
THROWS = frozenset({ElementKind.END_EVENT, ElementKind.THROW_EVENT})


def _throws_error(element: Element, process: Process) -> bool:
    is_end = element.kind is ElementKind.END_EVENT and _event_kind(element) is EventKind.ERROR
    return is_end and error_caught_around(element, process) is None


def error_caught_around(end: Element, process: Process) -> Element | None:
    """Return the event on the sub-process around an error end, if it alone could catch the error.

    SpiffWorkflow lets an error be caught by all that wait for it, wherever they are.
    """
    if end.kind is not ElementKind.END_EVENT or _event_kind(end) is not EventKind.ERROR:
        return None
    names = {None, None if end.event is None else end.event.name}
    elements = process.elements.values()
    catching = [
        each
        for each in elements
        if each.kind is not ElementKind.END_EVENT
        and _event_kind(each) is EventKind.ERROR
        and each.event is not None
        and each.event.name in names
    ]
    is_undone = any(_event_kind(each) is EventKind.COMPENSATE for each in elements)
    around = len(catching) == 1 and end.parent is not None and catching[0].attached_to == end.parent
    return catching[0] if around and not is_undone else None


def _escalates(element: Element, _process: Process) -> bool:
    return element.kind in THROWS and EventKind.ESCALATION in _event_kinds(element)


def _signals_itself(element: Element, process: Process) -> bool:
    """Say whether the process may catch the very signal that this event throws."""
    thrown = _signals(element) if element.kind in THROWS else set()
    return any(other is not element and thrown & _signals(other) for other in process.elements.values())


def _signals(element: Element) -> set[str | None]:
    definitions = () if element.event is None else element.event.definitions
    return {each.name for each in definitions if each.kind is EventKind.SIGNAL}


def _event_kinds(element: Element) -> set[EventKind]:
    return set() if element.event is None else {each.kind for each in element.event.definitions}


def _event_kind(element: Element) -> EventKind | None:
    return None if element.event is None else element.event.kind


def _is_beside(element: Element, _process: Process) -> bool:
    return element.kind is ElementKind.BOUNDARY_EVENT and not element.interrupting


def _is_multi_instance_scope(element: Element, _process: Process) -> bool:
    return element.kind is ElementKind.SUB_PROCESS and element.loop is not None


def _waits_for_event(element: Element, _process: Process) -> bool:
    caught = element.kind in {ElementKind.CATCH_EVENT, ElementKind.BOUNDARY_EVENT, ElementKind.RECEIVE_TASK}
    happens = element.event is not None and not is_link(element) and _event_kind(element) not in _UNDOING
    return caught and happens


def _undoes(element: Element, _process: Process) -> bool:
    return element.kind in THROWS and _event_kind(element) in _UNDOING


_RULES = (
    _Rule(
        lambda element, _process: element.approval is not None,
        "first",
        "表决未对照",
        "Votes were not compared",
    ),
    _Rule(
        _undoes,
        "first",
        "补偿与事务取消之后未对照",
        "What follows compensation and the cancelling of transactions was not compared",
    ),
    _Rule(
        _is_join_in_loop,
        "later",
        "循环中的并行与包容汇合只对照第一轮",
        "Parallel and inclusive joins inside loops were compared in the first round only",
    ),
    _Rule(
        _throws_error,
        "first",
        "错误结束事件之后未对照",
        "What error end events bring about was not compared",
    ),
    _Rule(
        _escalates,
        "first",
        "升级事件及其之后未对照",
        "Escalations and what follows them were not compared",
    ),
    _Rule(
        _signals_itself,
        "first",
        "发给自身的信号未对照",
        "Signals of the process to itself were not compared",
    ),
    _Rule(
        _is_multi_instance_scope,
        "first",
        "多实例子流程未对照",
        "Multi-instance sub-processes were not compared",
    ),
    _Rule(
        lambda element, _process: element.triggered_by_event,
        "never",
        "事件子流程未触发",
        "Event sub-processes were never triggered",
    ),
    _Rule(
        _is_beside, "never", "非中断边界事件未触发", "Non-interrupting boundary events were never triggered"
    ),
    _Rule(
        _kind(ElementKind.CALL_ACTIVITY),
        "never",
        "被调用流程的内部未对照（部署该流程时单独对照）",
        "The inside of called processes was not compared here (it is when they are deployed)",
    ),
    _Rule(
        _waits_for_event,
        "never",
        "事件按“发生”对照，其时间、消息与信号本身未对照",
        "Events were compared as happening; their times, messages and signals were not",
    ),
)
