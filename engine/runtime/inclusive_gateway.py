"""The inclusive gateway: it takes every way whose condition holds, and waits for all that was taken.

Its join fires when all tokens rest and none of them could come to one of its empty incoming
flows before the join itself has fired. By the letter of BPMN a token that can reach an empty
flow does not count if it can reach a filled one too; that passes by an open approval where
the token has yet to decide. So a token counts, unless it would first have to pass

- a parallel join that cannot fire before this one does, or
- an inclusive join around this one, which waits for it: it leads to all that this join
  holds already, so to a new round, and this join leads to nothing that the other holds.

Where two joins wait for each other in any other way, nothing fires, and soundness says so.

Source: BPMN 2.0.2, clause 13.4.3 (inclusive gateway).
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.model import Element, ElementKind, Flow
from engine.bpmn.upstream import next_of
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
                if not _may_still_come(run, scope_id, element, filled, _tokens(run, scope_id)):
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


def _may_still_come(
    run: Run, scope_id: str, gateway: Element, filled: list[str], places: Iterable[str]
) -> bool:
    """Say whether a token at one of the places could come to an empty flow before the gateway fires."""
    ahead = _flows_ahead(run, scope_id, gateway, filled, places)
    return any(flow in ahead for flow in gateway.incoming if flow not in filled)


def _tokens(run: Run, scope_id: str) -> list[str]:
    """List the elements of a scope that hold a token."""
    return [each["element"] for each in run.activities.values() if each["scope"] == scope_id]


def _flows_ahead(
    run: Run, scope_id: str, gateway: Element, filled: list[str], places: Iterable[str]
) -> set[str]:
    """Collect the flows on which a token is, or may come to be while the gateway does not fire."""
    process, joins = run.process_of(scope_id), run.scopes[scope_id]["joins"]
    ahead, passed = set(joins), {gateway.id}
    waiting = [*places, *(process.flows[flow].target for flow in joins)]
    while waiting:
        element = process.elements[waiting.pop()]
        if element.id in passed or not _may_pass(element, gateway, filled, joins, ahead):
            continue
        passed.add(element.id)
        ahead.update(flow.id for flow in element.outgoing)
        waiting += next_of(element)
    return ahead


def _may_pass(
    element: Element, gateway: Element, filled: list[str], joins: Mapping[str, int], ahead: set[str]
) -> bool:
    """Say whether a token could pass an element while the gateway does not fire."""
    if element.kind is ElementKind.PARALLEL_GATEWAY:
        return all(flow in ahead for flow in element.incoming)
    if not element.upstream:
        return True
    waits_for_gateway = any(gateway.id in before for before in element.upstream.values())
    holds_of_gateway = any(gateway.id in before for flow, before in element.upstream.items() if flow in joins)
    is_around = all(element.id in gateway.upstream[flow] for flow in filled)
    return not (waits_for_gateway and is_around and not holds_of_gateway)


def _close_beside(run: Run, scope_id: str, gateway: Element, filled: list[str]) -> None:
    """Let no other token return to where the join would have waited for it."""
    if run.line is not None:
        before = {
            place for flow in gateway.incoming if flow not in filled for place in gateway.upstream[flow]
        }
        places = {place for place in before if _may_still_come(run, scope_id, gateway, filled, [place])}
        close_visits_beside(run, scope_id, places)


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
