"""Throw events and end events: what a token does that reaches one.

Source: BPMN 2.0.2, clauses 13.5.2 (intermediate events) and 13.5.6 (end events).
"""

from engine.bpmn.model import Element, ElementKind, EventKind
from engine.runtime.behaviours import arriving
from engine.runtime.cancelling import cancel_content
from engine.runtime.compensation import cancel_transaction, throw_compensation
from engine.runtime.run import Arrival, Run
from engine.runtime.scopes import set_result
from engine.runtime.stretches import note_firm, note_reads
from engine.runtime.throwing import throw_error, throw_escalation, throw_message, throw_signal
from engine.runtime.tokens import leave, pass_through
from engine.runtime.variables import call_listeners, environment, evaluate_all

# These may interrupt the scope in which they are thrown.
_MAY_INTERRUPT = frozenset({EventKind.SIGNAL, EventKind.ESCALATION})


@arriving(ElementKind.THROW_EVENT, ElementKind.END_EVENT)
def throw_and_go_on(run: Run, scope_id: str, element: Element, _flow: str) -> None:
    """Throw what the event throws; behind an end event the token has nowhere to go and is used up."""
    if element.result is not None:
        set_result(run, scope_id, element.result)
    if element.event is not None and element.event.kind is EventKind.COMPENSATE:
        throw_compensation(run, scope_id, element, element.event)
        return
    definitions = () if element.event is None else element.event.definitions
    if any(each.kind in _MAY_INTERRUPT for each in definitions):
        _throw_while_held(run, scope_id, element)
        return
    for each in definitions:
        if each.kind is EventKind.MESSAGE:
            throw_message(run, element, each, environment(run, scope_id))
    pass_through(run, scope_id, element, {})
    kind = None if element.event is None else element.event.kind
    if kind is EventKind.ERROR:
        _throw_error(run, scope_id, element)
    elif kind is EventKind.TERMINATE:
        _terminate(run, scope_id)
    elif kind is EventKind.LINK:
        _follow_link(run, scope_id, element)
    elif kind is EventKind.CANCEL:
        cancel_transaction(run, scope_id)
    else:
        leave(run, scope_id, element)


def _throw_error(run: Run, scope_id: str, element: Element) -> None:
    """Throw the error of an end event out of its scope, with what the event says about it."""
    if element.event is not None:
        payload = evaluate_all(element.event.payload, environment(run, scope_id), element)
        throw_error(run, scope_id, element.event.name or "", payload)


def _terminate(run: Run, scope_id: str) -> None:
    """End the scope with everything in it; the scopes around it go on (13.5.6)."""
    cancel_content(run, scope_id)
    run.finished_scopes.append(scope_id)


def _follow_link(run: Run, scope_id: str, element: Element) -> None:
    """Go on at the target of the link, which no sequence flow leads to (13.5.2)."""
    run.arrivals.append(Arrival(scope_id, element.link_target or "", "", run.line))


def _throw_while_held(run: Run, scope_id: str, element: Element) -> None:
    """Throw all that the event throws while an activity holds the token: it may interrupt its own thrower."""
    activity_id = run.new_activity({"scope": scope_id, "element": element.id})
    run.entered(activity_id, element)
    note_reads(run, element)
    note_firm(run)
    line, variables = run.line, environment(run, scope_id)
    for each in () if element.event is None else element.event.definitions:
        run.line = line
        if each.kind is EventKind.MESSAGE:
            throw_message(run, element, each, variables)
        elif each.kind is EventKind.SIGNAL:
            throw_signal(run, element, each, variables)
        elif activity_id in run.activities:
            throw_escalation(run, scope_id, element, each)
    if activity_id in run.activities:
        run.line = run.activities[activity_id].get("line")
        del run.activities[activity_id]
        run.completed(activity_id, element)
        call_listeners(run, scope_id, element, {})
        leave(run, scope_id, element)
