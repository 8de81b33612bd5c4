"""Exclusive and parallel gateways. The event-based gateway waits, so it stands in ``catching``.

Source: BPMN 2.0.2, clauses 13.4.1 (parallel gateway) and 13.4.2 (exclusive gateway).
"""

from collections.abc import Collection

from engine.bpmn.model import Element, ElementKind, Flow
from engine.runtime.behaviours import arriving
from engine.runtime.lines import join, rest
from engine.runtime.run import Run
from engine.runtime.tokens import no_way_on, send
from engine.runtime.variables import environment, holds


@arriving(ElementKind.EXCLUSIVE_GATEWAY)
def pass_exclusive_gateway(run: Run, scope_id: str, element: Element, _flow: str) -> None:
    """Send each token along the first flow whose condition holds, else along the default (13.4.2)."""
    record(run, element)
    send(run, scope_id, [_chosen_flow(run, scope_id, element)])


def _chosen_flow(run: Run, scope_id: str, element: Element) -> Flow:
    outgoing = element.outgoing
    if len(outgoing) == 1 and outgoing[0].condition is None:
        return outgoing[0]
    variables = environment(run, scope_id)
    for flow in outgoing:
        if flow.condition is not None and holds(flow.condition, variables, element):
            return flow
    if element.default_flow is None:
        raise no_way_on(element)
    return element.default_flow


@arriving(ElementKind.PARALLEL_GATEWAY)
def pass_parallel_gateway(run: Run, scope_id: str, element: Element, flow: str) -> None:
    """Wait for one token on every incoming flow, then send one along every outgoing flow (13.4.1).

    Exactly one token of each incoming flow is used; tokens beyond that stay and
    count for the next time. So a second round of a loop starts from zero.
    """
    incoming = element.incoming
    if len(incoming) > 1:
        scope = run.scopes[scope_id]
        joins = {**scope["joins"], flow: scope["joins"].get(flow, 0) + 1}
        is_complete = all(joins.get(each) for each in incoming)
        if is_complete:
            joins = take_one_of_each(joins, incoming)
        run.scopes[scope_id] = {**scope, "joins": joins}
        rest(run, flow)
        if not is_complete:
            return
        join(run, scope_id, incoming)
    record(run, element)
    send(run, scope_id, element.outgoing, consumed=len(incoming))


def take_one_of_each(joins: dict[str, int], incoming: Collection[str]) -> dict[str, int]:
    """Return the tokens that are left at joins when one of each of these flows is used."""
    left = {flow: count - 1 if flow in incoming else count for flow, count in joins.items()}
    return {flow: count for flow, count in left.items() if count}


def record(run: Run, element: Element) -> None:
    """Record the visit to a gateway, which takes no time."""
    visit = run.new_id()
    run.entered(visit, element)
    run.completed(visit, element)
