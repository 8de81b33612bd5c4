"""The inclusive gateway: it takes every way whose condition holds, and waits for all that was taken.

Its join fires when all tokens rest and none of them could still reach one of its
empty incoming flows. BPMN would let it fire although a token is open that can reach
an empty flow, if that token can also reach a filled one; in a rework loop that passes
by an approval, so we wait. Where two joins wait for each other, soundness says so.

Source: BPMN 2.0.2, clause 13.4.3 (inclusive gateway), without its second clause.
"""

from collections.abc import Iterator

from engine.bpmn.model import Element, ElementKind, Flow
from engine.runtime.behaviours import arriving
from engine.runtime.gateways import record, take_one_of_each
from engine.runtime.lines import close_visits_beside, join, rest
from engine.runtime.run import Run
from engine.runtime.tokens import no_way_on, send
from engine.runtime.variables import environment, holds


@arriving(ElementKind.INCLUSIVE_GATEWAY)
def reach_inclusive_gateway(run: Run, scope_id: str, element: Element, flow: str) -> None:
    """Pass at once where only one flow comes in; else wait until every other token rests."""
    if len(element.incoming) > 1:
        scope = run.scopes[scope_id]
        joins = {**scope["joins"], flow: scope["joins"].get(flow, 0) + 1}
        run.scopes[scope_id] = {**scope, "joins": joins}
        rest(run, flow)
    else:
        _pass(run, scope_id, element, consumed=1)


def fire_inclusive_join(run: Run) -> bool:
    """Let one inclusive join fire for which nothing is left to wait, when all tokens rest."""
    for scope_id, scope in run.scopes.items():
        if scope["joins"]:
            for element in _filled_joins(run, scope_id):
                filled = [flow for flow in element.incoming if flow in scope["joins"]]
                if not _may_still_come(run, scope_id, element, filled):
                    joins = take_one_of_each(scope["joins"], filled)
                    run.scopes[scope_id] = {**scope, "joins": joins}
                    join(run, scope_id, filled)
                    _close_beside(run, scope_id, element, filled)
                    _pass(run, scope_id, element, consumed=len(filled))
                    return True
    return False


def _filled_joins(run: Run, scope_id: str) -> Iterator[Element]:
    """Give the inclusive joins of a scope at which tokens wait."""
    process = run.process_of(scope_id)
    targets = dict.fromkeys(process.flows[flow].target for flow in run.scopes[scope_id]["joins"])
    for target in targets:
        element = process.elements[target]
        if element.kind is ElementKind.INCLUSIVE_GATEWAY:
            yield element


def _may_still_come(run: Run, scope_id: str, gateway: Element, filled: list[str]) -> bool:
    """Say whether a token of the scope could still reach one of the empty incoming flows."""
    empty = [flow for flow in gateway.incoming if flow not in filled]
    return any(place in gateway.upstream[flow] for place in _tokens(run, scope_id) for flow in empty)


def _close_beside(run: Run, scope_id: str, gateway: Element, filled: list[str]) -> None:
    """Let no other token return to where the join would have waited for it."""
    if run.line is not None:
        places = {
            place for flow in gateway.incoming if flow not in filled for place in gateway.upstream[flow]
        }
        close_visits_beside(run, scope_id, places)


def _tokens(run: Run, scope_id: str) -> Iterator[str]:
    """Give the elements of a scope that hold a token: activities, and joins at which one waits."""
    flows = run.process_of(scope_id).flows
    for activity in run.activities.values():
        if activity["scope"] == scope_id:
            yield activity["element"]
    for flow in run.scopes[scope_id]["joins"]:
        yield flows[flow].target


def _pass(run: Run, scope_id: str, element: Element, consumed: int) -> None:
    """Send one token along each flow whose condition holds, or along the default if none does."""
    record(run, element)
    send(run, scope_id, _chosen_flows(run, scope_id, element), consumed)


def _chosen_flows(run: Run, scope_id: str, element: Element) -> list[Flow]:
    outgoing = element.outgoing
    if len(outgoing) == 1 and outgoing[0].condition is None:
        return [outgoing[0]]
    variables = environment(run, scope_id)
    holding = [flow for flow in outgoing if flow.condition and holds(flow.condition, variables, element)]
    if holding:
        return holding
    if element.default_flow is None:
        raise no_way_on(element)
    return [element.default_flow]
