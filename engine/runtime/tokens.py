"""Tokens: how they leave an element, move along flows and leave their scope.

Source: BPMN 2.0.2, clause 7.2.2 (tokens), 8.3.13 (sequence flows).
"""

from collections.abc import Sequence

from engine.bpmn.model import Element, Flow
from engine.runtime.effects import FlowTaken
from engine.runtime.errors import Incident
from engine.runtime.lines import branch
from engine.runtime.run import Arrival, Run
from engine.runtime.state import Activity
from engine.runtime.straight_back import go_straight_back
from engine.runtime.stretches import close_way_back, note_reads
from engine.runtime.variables import (
    Environment,
    call_listeners,
    environment,
    evaluate_all,
    holds,
    write,
)
from kernel.language import Text


def send(run: Run, scope_id: str, flows: Sequence[Flow], consumed: int = 1) -> None:
    """Take ``consumed`` tokens away and put one on each of the flows."""
    process = run.scopes[scope_id]["process"]
    for flow, line in zip(flows, branch(run, scope_id, len(flows)), strict=True):
        run.effects.append(FlowTaken(flow.id, process))
        run.arrivals.append(Arrival(scope_id, flow.target, flow.id, line))
    change_count(run, scope_id, len(flows) - consumed)


def change_count(run: Run, scope_id: str, difference: int) -> None:
    """Count tokens that came or went. A scope without tokens is finished (13.5.6)."""
    if difference:
        scope = run.scopes[scope_id]
        run.scopes[scope_id] = {**scope, "tokens": scope["tokens"] + difference}
        if scope["tokens"] + difference == 0:
            run.finished_scopes.append(scope_id)


def leave(run: Run, scope_id: str, element: Element) -> None:
    """Let a token leave an activity or event along its outgoing flows."""
    send(run, scope_id, _flows_taken(run, scope_id, element))


def move_on(run: Run, activity: Activity, element: Element) -> None:
    """Let the token of a completed activity go on; what compensated gives it back to what it did that for."""
    if "undoes" in activity:
        change_count(run, activity["scope"], -1)
        run.due_undos.append(activity["undoes"])
    elif not go_straight_back(run, activity["scope"], element):
        leave(run, activity["scope"], element)


def _flows_taken(run: Run, scope_id: str, element: Element) -> Sequence[Flow]:
    """Choose among the flows that leave an activity or event.

    All flows without a condition are taken, of those with a condition all that hold,
    and the default flow when none of the latter does.

    Source: BPMN 2.0.2, clause 13.3.1 (sequence flow considerations).
    """
    outgoing = element.outgoing
    if all(flow.condition is None for flow in outgoing):
        return outgoing
    variables = environment(run, scope_id)
    conditional = [flow for flow in outgoing if flow.condition is not None]
    holding = [flow for flow in conditional if flow.condition and holds(flow.condition, variables, element)]
    left_out = [flow for flow in conditional if flow not in holding]
    if holding and element.default_flow is not None:
        left_out.append(element.default_flow)
    taken = [flow for flow in outgoing if flow not in left_out]
    if not taken:
        raise no_way_on(element)
    return taken


def no_way_on(element: Element) -> Incident:
    """Say that none of the conditions behind an element holds (BPMN 2.0.2, 13.4.2: an exception)."""
    return Incident(
        "flow.none-holds",
        Text(zh="没有任何一条顺序流的条件成立。", en="None of the conditions on the outgoing flows holds."),
        element.id,
    )


def pass_through(run: Run, scope_id: str, element: Element, own_result: Environment) -> None:
    """Record the visit to an element that takes no time: outputs, history, listeners."""
    visit = run.new_id()
    run.entered(visit, element)
    note_reads(run, element)
    if element.outputs:
        variables = environment(run, scope_id, own_result=own_result)
        write(run, scope_id, evaluate_all(element.outputs, variables, element), element)
    run.completed(visit, element)
    call_listeners(run, scope_id, element, own_result)
    if element.no_return:
        close_way_back(run)
