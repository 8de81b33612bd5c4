"""Waits: timers, messages, signals and conditions that may move a token.

Source: BPMN 2.0.2, clauses 13.5.1 to 13.5.4.
"""

from datetime import UTC, datetime

from engine.bpmn.iso8601 import Duration, parse_cycle, parse_duration, parse_moment
from engine.bpmn.model import Element, EventDefinition, EventKind, TimerKind
from engine.runtime.effects import MessageAwaited, SignalAwaited, TimerArmed, TimerDropped, WaitDropped
from engine.runtime.errors import Incident
from engine.runtime.run import Run
from engine.runtime.state import Role, Wait
from engine.runtime.stretches import note_reads
from engine.runtime.variables import Environment, environment, evaluate
from kernel.language import Text

# Errors and escalations are not waited for: their handlers are looked for when they are thrown.
AWAITED = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})


def arm(run: Run, role: Role, element: Element, scope_id: str, activity_id: str | None = None) -> None:
    """Begin to wait for the event of an element, on behalf of an activity or of the scope."""
    note_reads(run, element)
    definitions = () if element.event is None else element.event.definitions
    for number, definition in enumerate(definitions):
        if definition.kind in AWAITED:
            wait: Wait = {"role": role, "kind": "signal", "element": element.id, "scope": scope_id}
            if activity_id is not None:
                wait["activity"] = activity_id
            if len(definitions) > 1:
                wait["part"] = number
            _arm(run, wait, element, definition)


def _arm(run: Run, wait: Wait, element: Element, event: EventDefinition) -> None:
    variables = environment(run, wait["scope"], wait.get("activity"))
    if event.kind is EventKind.TIMER:
        _arm_timer(run, wait, element, event, variables)
    elif event.kind is EventKind.MESSAGE:
        _await_message(run, wait, element, event, variables)
    elif event.kind is EventKind.CONDITIONAL:
        wait["kind"], wait["held"] = "condition", False
        _add(run, wait)
    else:
        wait["name"] = event.name or ""
        wait_id = _add(run, wait)
        run.effects.append(SignalAwaited(wait_id, element.id, element.process, wait["name"]))


def _add(run: Run, wait: Wait) -> str:
    wait_id = run.new_id()
    run.waits[wait_id] = wait
    return wait_id


def _await_message(
    run: Run, wait: Wait, element: Element, event: EventDefinition, variables: Environment
) -> None:
    """A message is found by its name and by the key that was evaluated when the waiting began."""
    key = correlation_key(event, variables, element)
    if key is None:
        raise Incident(
            "message.key-empty",
            Text(zh="消息的关联键为空。", en="The correlation key of the message is empty."),
            element.id,
        )
    wait["kind"], wait["name"] = "message", event.name or ""
    wait_id = _add(run, wait)
    run.effects.append(MessageAwaited(wait_id, element.id, element.process, wait["name"], key))


def correlation_key(event: EventDefinition, variables: Environment, element: Element) -> str | None:
    """Evaluate the key of a message; None when the event gives none."""
    if event.correlation_key is None:
        return None
    value = evaluate(event.correlation_key, variables, element)
    return None if value is None or value == "" else str(value)


def _arm_timer(
    run: Run, wait: Wait, element: Element, event: EventDefinition, variables: Environment
) -> None:
    timer = event.timer
    if timer is None:
        return
    text = str(evaluate(timer.moment, variables, element))
    wait["kind"] = "timer"
    try:
        if timer.kind is TimerKind.DATE:
            due = parse_moment(text)
        elif timer.kind is TimerKind.DURATION:
            due = parse_duration(text).after(run.now)
        else:
            cycle = parse_cycle(text)
            due = cycle.start or cycle.interval.after(run.now)
            wait["interval"] = text.rpartition("/")[2]
            wait["repeats"] = None if cycle.times is None else cycle.times - 1
    except (ValueError, OverflowError) as error:
        raise Incident(
            "timer.not-understood",
            Text(zh=f"不能理解时间“{text}”。", en=f'The time "{text}" is not understood.'),
            element.id,
        ) from error
    _due_at(run, wait, element, due)


def _due_at(run: Run, wait: Wait, element: Element, due: datetime) -> None:
    wait["due"] = due.astimezone(UTC).isoformat()
    wait_id = _add(run, wait)
    run.effects.append(TimerArmed(wait_id, element.id, element.process, due.astimezone(UTC)))


def arm_again(run: Run, wait: Wait, element: Element) -> None:
    """Arm a repeating timer for its next time, counted from when it was due and not from now."""
    if "interval" not in wait or wait.get("repeats") == 0:
        return
    interval: Duration = parse_duration(wait["interval"])
    following = wait.copy()
    repeats = wait.get("repeats")
    following["repeats"] = None if repeats is None else repeats - 1
    _due_at(run, following, element, interval.after(datetime.fromisoformat(wait["due"])))


def drop_waits_of_activity(run: Run, activity_id: str) -> None:
    """Stop waiting on behalf of an activity."""
    _drop(run, [wait_id for wait_id, wait in run.waits.items() if wait.get("activity") == activity_id])


def drop_waits_of_scope(run: Run, scope_id: str) -> None:
    """Stop waiting for what would start event sub-processes of a scope."""
    _drop(
        run,
        [
            wait_id
            for wait_id, wait in run.waits.items()
            if wait["scope"] == scope_id and wait["role"] == "event_sub_process"
        ],
    )


def _drop(run: Run, wait_ids: list[str]) -> None:
    for wait_id in wait_ids:
        drop(run, wait_id)


def drop(run: Run, wait_id: str, *, fired: bool = False) -> None:
    """Forget a wait. Of a timer that just fired nothing is said: whoever fired it knows.

    A condition concerns nobody outside the instance.
    """
    wait = run.waits.pop(wait_id)
    if wait["kind"] in {"message", "signal"}:
        run.effects.append(WaitDropped(wait_id))
    elif wait["kind"] == "timer" and not fired:
        run.effects.append(TimerDropped(wait_id))
