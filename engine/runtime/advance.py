"""``advance``: the one function that moves process instances, everywhere in the platform.

It is pure. The same function executes, is explored for soundness before a
deployment, is compared with SpiffWorkflow, and is what the tests walk at random.

Reading order: ``state`` (what there is), ``tokens`` and ``gateways`` (how it moves), ``inclusive_gateway``,
``activities``, ``catching``, ``throw_events`` (one small function per element kind), ``scopes``,
``multi_instance`` and ``standard_loop`` (what contains others). Then by subject: ``compensation`` with
``records`` and ``undoing``; ``lines`` with ``returning``, ``taking_back`` and ``straight_back``; ``signing``
with ``voting``; ``operating`` and ``migrating``, which serve administrators.
"""

from datetime import datetime

from engine.bpmn.model import Net

# Imported for their entries in the register of element kinds.
from engine.runtime import activities as _activities  # noqa: F401 - registers the kinds of activities
from engine.runtime import gateways as _gateways  # noqa: F401 - registers the kinds of gateways
from engine.runtime import throw_events as _throw_events  # noqa: F401 - registers throw and end events
from engine.runtime.behaviours import ARRIVE
from engine.runtime.cancelling import cancel_content
from engine.runtime.catching import fire_condition, trigger
from engine.runtime.commands import (
    AddSignatory,
    Cancel,
    Command,
    CompleteActivity,
    CorrectVariables,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    MoveToken,
    RemoveSignatory,
    ReturnTo,
    Start,
    TakeBack,
    ThrowError,
)
from engine.runtime.effects import Effect
from engine.runtime.errors import Incident, NoLongerWaiting
from engine.runtime.inclusive_gateway import fire_inclusive_join
from engine.runtime.multi_instance import begin_next_instance
from engine.runtime.operating import correct_variables, move_token
from engine.runtime.returning import return_to
from engine.runtime.run import Run
from engine.runtime.scopes import end_instance, finish_scope, open_process
from engine.runtime.signing import add_signatories, remove_signatory, sign
from engine.runtime.standard_loop import begin_next_round
from engine.runtime.state import State, draft_of, new_state, root_scope
from engine.runtime.stretches import begin_turn
from engine.runtime.taking_back import take_back
from engine.runtime.throwing import throw_error_of_activity
from engine.runtime.undoing import go_on_undoing
from engine.runtime.variables import guard_size
from kernel.language import Text

# A diagram whose tokens never come to rest would move for ever.
STEP_BUDGET = 5_000


def advance(net: Net, state: State | None, command: Command, now: datetime) -> tuple[State, list[Effect]]:
    """Carry out a command until every token rests, and return the new state with what happened.

    The given state is never changed. ``state`` is None for ``Start`` and only then;
    ``now`` is an aware moment.

    Raises:
        NoLongerWaiting: the command names an activity or wait that is not open.
        NoWayBack: the user task cannot be returned there, or not be taken back.
        Incident: the instance cannot go on as drawn; a person has to look.
    """
    if isinstance(command, Start):
        run = Run(net, new_state(command.process), now)
        if net.keeps_lines:
            run.state["way_back"] = {"lines": {}}
        _start(run, command)
    else:
        if state is None or state["status"] != "running":
            raise NoLongerWaiting("instance")
        run = Run(net, draft_of(state), now)
        _carry_out(run, command)
    _settle(run)
    return run.state, run.effects


def _start(run: Run, command: Start) -> None:
    process = run.net.processes.get(command.process)
    if process is None:
        raise Incident(
            "start.unknown-process",
            Text(zh=f"没有流程 {command.process}。", en=f"There is no process {command.process}."),
        )
    variables = dict(command.variables)
    guard_size(variables, process.elements[process.starts[0]])
    open_process(run, process, variables, owner=None, start_event=command.start_event)


def _carry_out(run: Run, command: Command) -> None:
    begin_turn(run, command.activity_id if isinstance(command, CompleteActivity) else None)
    match command:
        case CompleteActivity(activity_id, data):
            _require_work(run, activity_id)
            sign(run, activity_id, data)
        case ThrowError(activity_id):
            _require_work(run, activity_id)
            _throw_error(run, activity_id, command)
        case DeliverMessage(wait_id, payload):
            _require_wait(run, wait_id, "message")
            trigger(run, wait_id, payload)
        case DeliverSignal(wait_id, payload):
            _require_wait(run, wait_id, "signal")
            trigger(run, wait_id, payload)
        case FireTimer(wait_id):
            _require_wait(run, wait_id, "timer")
            trigger(run, wait_id, {})
        case AddSignatory(activity_id, place, signatories):
            add_signatories(run, activity_id, place, signatories)
        case RemoveSignatory(activity_id):
            remove_signatory(run, activity_id)
        case ReturnTo():
            return_to(run, command)
        case TakeBack(visit):
            take_back(run, visit)
        case Cancel():
            cancel_content(run, root_scope(run.state)[0])
            end_instance(run, error=None)
        case MoveToken(activity_id, to):
            move_token(run, activity_id, to)
        case CorrectVariables(values, activity_id):
            correct_variables(run, activity_id, values)


def _require_work(run: Run, activity_id: str) -> None:
    activity = run.activities.get(activity_id)
    if activity is None or "work" not in activity:
        raise NoLongerWaiting(f"activity {activity_id}")


def _require_wait(run: Run, wait_id: str, kind: str) -> None:
    wait = run.waits.get(wait_id)
    if wait is None or wait["kind"] != kind:
        raise NoLongerWaiting(f"{kind} {wait_id}")


def _throw_error(run: Run, activity_id: str, command: ThrowError) -> None:
    """Throw the error of a job. An error that the diagram does not expect is for a person to solve."""
    element = run.element_of(run.activities[activity_id])
    if not throw_error_of_activity(run, activity_id, command.code, command.data):
        raise Incident(
            "error.not-caught",
            Text(
                zh=f"流程图没有处理错误 {command.code}。",
                en=f"The diagram does not catch the error {command.code}.",
            ),
            element.id,
        )


def _settle(run: Run) -> None:
    """Move tokens until all of them rest: in activities, at joins, or nowhere because the instance ended."""
    steps = 0
    while run.state["status"] == "running":
        if run.due_undos:
            activity_id = run.due_undos.popleft()
            if activity_id in run.activities:
                go_on_undoing(run, activity_id)
        elif run.finished_scopes:
            scope_id = run.finished_scopes.popleft()
            if scope_id in run.scopes and run.scopes[scope_id]["tokens"] == 0:
                finish_scope(run, scope_id)
        elif run.due_instances:
            body_id = run.due_instances.popleft()
            if body_id in run.activities:
                begin_next_instance(run, body_id)
        elif run.due_iterations:
            steps += 1
            body_id = run.due_iterations.popleft()
            if body_id in run.activities:
                _stay_within_budget(steps, run.activities[body_id]["element"])
                begin_next_round(run, body_id)
        elif run.arrivals:
            steps += 1
            _stay_within_budget(steps, run.arrivals[0].element)
            scope_id, element_id, flow, run.line = run.arrivals.popleft()
            element = run.process_of(scope_id).elements[element_id]
            ARRIVE[element.kind](run, scope_id, element, flow)
        elif not fire_inclusive_join(run) and not fire_condition(run):
            _require_possible_progress(run)
            return


def _stay_within_budget(steps: int, element_id: str) -> None:
    if steps > STEP_BUDGET:
        raise Incident(
            "guard.endless",
            Text(zh="循环中没有等待，令牌不停地移动。", en="Tokens move in a loop without a wait."),
            element_id,
        )


def _require_possible_progress(run: Run) -> None:
    """Refuse to rest where nothing could ever move a token again."""
    # A condition becomes true only by what something else does.
    if any(wait["kind"] != "condition" for wait in run.waits.values()):
        return
    if any("work" in activity for activity in run.activities.values()):
        return
    starved = [(run.process_of(key), flow) for key, scope in run.scopes.items() for flow in scope["joins"]]
    waiting = [flow for _, flow in starved]
    raise Incident(
        "instance.stuck",
        Text(
            zh=f"没有任何事件能让实例继续；令牌停在：{'、'.join(waiting)}。",
            en=f"Nothing can move this instance any more; tokens wait on: {', '.join(waiting)}.",
        ),
        element_id=next((process.flows[flow].target for process, flow in starved), None),
    )
