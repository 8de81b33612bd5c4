"""Scopes: processes, sub-processes and event sub-processes begin and end.

Source: BPMN 2.0.2, clauses 13.2 (process instantiation and termination), 13.3.4
(sub-processes and call activities), 13.5.4 (event sub-processes).
"""

from engine.bpmn.model import Element, ElementKind, Process
from engine.runtime.behaviours import beginning
from engine.runtime.cancelling import cancel_content
from engine.runtime.completing import complete
from engine.runtime.effects import FlowTaken, InstanceEnded
from engine.runtime.errors import Incident
from engine.runtime.lines import line_of_owner, open_line_of_scope
from engine.runtime.records import keep_content
from engine.runtime.run import Run
from engine.runtime.state import Scope, Variables, variables_of
from engine.runtime.stretches import close_way_back, note_done, note_written
from engine.runtime.tokens import change_count, leave, pass_through
from engine.runtime.variables import (
    Environment,
    environment,
    evaluate_all,
    guard_collections,
    guard_size,
)
from engine.runtime.waits import arm, drop_waits_of_scope
from kernel.language import Text

# Every called process knows who began the whole; all else has to be handed in.
INITIATOR = "initiatorId"


def open_process(
    run: Run, process: Process, variables: Variables, owner: str | None, start_event: str | None = None
) -> None:
    """Begin a process at one start event (13.2): the given one, or its none start."""
    if start_event is None:
        start_event = _only_none_start(process)
    if start_event is None or start_event not in process.starts:
        raise Incident(
            "start.unknown",
            Text(
                zh=f"流程 {process.key} 没有此开始事件。",
                en=f"{process.key} has no such start event.",
            ),
            start_event,
        )
    start = process.elements[start_event]
    guard_collections(process, variables, start)
    scope: Scope = {
        "process": process.key,
        "element": None,
        "owner": owner,
        "tokens": 1,
        "joins": {},
        "variables": {**dict.fromkeys(each.id for each in process.data_objects), **variables},
    }
    _open(run, scope, process, process.event_sub_processes, start, variables)


def _only_none_start(process: Process) -> str | None:
    """Find the none start of a process; of several, somebody has to say which is meant (10.5.2)."""
    none_starts = [start for start in process.starts if process.elements[start].event is None]
    if len(none_starts) > 1:
        raise Incident(
            "start.ambiguous",
            Text(
                zh=f"流程 {process.key} 有多个空开始事件，需要指明其一。",
                en=f"{process.key} has several none start events; say which one is meant.",
            ),
            none_starts[1],
        )
    return none_starts[0] if none_starts else None


@beginning(ElementKind.SUB_PROCESS)
def begin_sub_process(run: Run, activity_id: str, element: Element) -> None:
    """Begin an embedded sub-process at its none start (13.3.4)."""
    open_sub_process(run, activity_id, element, {})


def open_sub_process(run: Run, activity_id: str, element: Element, own_result: Environment) -> None:
    """Open the scope of a sub-process that an activity runs, at its only start event."""
    process = run.process_of(run.activities[activity_id]["scope"])
    scope: Scope = {
        "process": process.key,
        "element": element.id,
        "owner": activity_id,
        "tokens": 1,
        "joins": {},
    }
    if element.data_objects:
        scope["variables"] = dict.fromkeys(each.id for each in element.data_objects)
    start = process.elements[element.starts[0]]
    _open(run, scope, process, element.event_sub_processes, start, own_result)


def _open(
    run: Run,
    scope: Scope,
    process: Process,
    event_sub_processes: tuple[str, ...],
    start: Element,
    own_result: Environment,
) -> None:
    """Add the scope, listen for its event sub-processes, and let one token leave the start event."""
    scope_id = run.new_id()
    run.scopes[scope_id] = scope
    owner = scope["owner"]
    if owner is not None:
        run.activities[owner] = {**run.activities[owner], "child": scope_id}
    open_line_of_scope(run, scope_id)
    for sub_process_id in event_sub_processes:
        start_event = process.elements[process.elements[sub_process_id].starts[0]]
        arm(run, "event_sub_process", start_event, scope_id)
    _pass_gateway_before(run, process, start)
    pass_through(run, scope_id, start, own_result)
    leave(run, scope_id, start)


def _pass_gateway_before(run: Run, process: Process, start: Element) -> None:
    """Record the instantiating event-based gateway behind which the process begins (13.4.4)."""
    for flow_id in start.incoming if start.id in process.starts else ():
        gateway = process.elements[process.flows[flow_id].source]
        if gateway.instantiates:
            visit = run.new_id()
            run.entered(visit, gateway)
            run.completed(visit, gateway)
            run.effects.append(FlowTaken(flow_id, process.key))


@beginning(ElementKind.CALL_ACTIVITY)
def begin_call_activity(run: Run, activity_id: str, element: Element) -> None:
    """Begin the called process with the declared inputs and nothing else (13.3.4)."""
    caller = environment(run, run.activities[activity_id]["scope"], activity_id)
    variables = {
        **{name: caller[name] for name in element.data_inputs},
        **evaluate_all(element.inputs, caller, element),
    }
    guard_size(variables, element)
    if INITIATOR in caller:
        variables[INITIATOR] = caller[INITIATOR]
    open_process(run, run.net.processes[element.called_process or ""], variables, owner=activity_id)


def start_event_sub_process(
    run: Run, scope_id: str, start: Element, own_result: Environment, wait_id: str | None = None
) -> None:
    """Run an event sub-process in the scope it was drawn in, interrupting the scope or not (13.5.4)."""
    if start.interrupting:
        cancel_content(run, scope_id)
    elif wait_id is None:
        close_way_back(run, below=line_of_owner(run, scope_id))
    open_line_of_scope(run, scope_id)
    if wait_id is not None:
        note_done(run, wait_id)
    element = run.process_of(scope_id).elements[start.parent or ""]
    activity_id = run.new_activity({"scope": scope_id, "element": element.id})
    change_count(run, scope_id, 1)
    run.entered(activity_id, element)
    open_sub_process(run, activity_id, element, own_result)


def finish_scope(run: Run, scope_id: str) -> None:
    """End a scope whose last token is gone (13.2, 13.3.4)."""
    scope = run.scopes[scope_id]
    drop_waits_of_scope(run, scope_id)
    owner = scope["owner"]
    if owner is None:
        end_instance(run, error=None)
        return
    if "again" in run.activities[owner]:
        # What is undone ends with the last record and not with the last token.
        if "undo" not in run.activities[owner]:
            run.due_undos.append(owner)
        return
    keep_content(run, scope_id)
    # The variables of a process, or the data objects of a sub-process: its outputs carry them further.
    own_result = dict(scope.get("variables", {}))
    if "result" in scope:
        own_result["result"] = scope["result"]
    del run.scopes[scope_id]
    record = run.activities[owner].copy()
    del record["child"]
    run.activities[owner] = record
    complete(run, owner, own_result)


def set_result(run: Run, scope_id: str, result: str) -> None:
    """Keep what an end event says about the scope it ends; an event sub-process speaks for its scope."""
    scope = run.scopes[scope_id]
    while scope["owner"] is not None and scope["element"] is not None:
        if not run.process_of(scope_id).elements[scope["element"]].triggered_by_event:
            break
        scope_id = run.activities[scope["owner"]]["scope"]
        scope = run.scopes[scope_id]
    if scope["element"] is None:
        note_written(run, scope_id, scope["variables"], {"result": result})
        run.scopes[scope_id] = {**scope, "variables": {**scope["variables"], "result": result}}
    else:
        before = {"result": scope["result"]} if "result" in scope else {}
        note_written(run, scope_id, before, {"result": result})
        run.scopes[scope_id] = {**scope, "result": result}


def end_instance(run: Run, error: str | None) -> None:
    """End the instance; its result is what an end event said."""
    result = variables_of(run.state).get("result")
    run.state["status"] = "ended"
    run.effects.append(InstanceEnded(result if error is None and isinstance(result, str) else None, error))
