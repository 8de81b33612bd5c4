"""Entering activities, and what each kind of task does when it begins.

Source: BPMN 2.0.2, clauses 13.3.2 (activities) and 13.3.3 (tasks).
"""

from engine.bpmn.expressions import ExpressionError
from engine.bpmn.model import Element, ElementKind
from engine.dmn.deciding import UndecidedError, decide
from engine.runtime.behaviours import arriving, begin, beginning
from engine.runtime.completing import complete
from engine.runtime.effects import JobRequested, UserTaskOpened
from engine.runtime.errors import Incident
from engine.runtime.multi_instance import start_instances
from engine.runtime.run import Run
from engine.runtime.standard_loop import start_loop
from engine.runtime.stretches import enter_user_task, note_firm, note_reads
from engine.runtime.throwing import throw_message
from engine.runtime.variables import Environment, environment, evaluate, evaluate_all, guard_size, write
from engine.runtime.waits import arm
from kernel.language import Text


@arriving(
    ElementKind.TASK,
    ElementKind.MANUAL_TASK,
    ElementKind.USER_TASK,
    ElementKind.SERVICE_TASK,
    ElementKind.SCRIPT_TASK,
    ElementKind.BUSINESS_RULE_TASK,
    ElementKind.SEND_TASK,
    ElementKind.RECEIVE_TASK,
    ElementKind.SUB_PROCESS,
    ElementKind.CALL_ACTIVITY,
)
def enter(run: Run, scope_id: str, element: Element, _flow: str) -> None:
    """Begin a visit to an activity; its boundary events listen from now on (13.5.3)."""
    _require_data(run, scope_id, element)
    activity_id = run.new_activity({"scope": scope_id, "element": element.id})
    enter_user_task(run, activity_id, element)
    note_reads(run, element)
    for event_id in element.boundary_events:
        arm(run, "boundary", run.process_of(scope_id).elements[event_id], scope_id, activity_id)
    start_work(run, activity_id, element)


def start_work(run: Run, activity_id: str, element: Element) -> None:
    """Begin what a visit is for: the work itself, its instances or its rounds."""
    if element.loop is not None:
        start_instances(run, activity_id, element, element.loop)
    elif element.repeat is not None:
        start_loop(run, activity_id, element, element.repeat)
    else:
        begin(run, activity_id, element)


def _require_data(run: Run, scope_id: str, element: Element) -> None:
    """An activity that needs a data object does not begin without it (10.4.2)."""
    if element.data_inputs:
        variables = environment(run, scope_id)
        missing = [name for name in element.data_inputs if variables.get(name) is None]
        if missing:
            raise Incident(
                "data-object.unavailable",
                Text(
                    zh=f"活动所需的数据对象尚无内容：{'、'.join(missing)}。",
                    en=f"The data objects that the activity needs are empty: {', '.join(missing)}.",
                ),
                element.id,
            )


def _variables(run: Run, activity_id: str) -> Environment:
    return environment(run, run.activities[activity_id]["scope"], activity_id)


@beginning(ElementKind.TASK, ElementKind.MANUAL_TASK)
def begin_abstract_task(run: Run, activity_id: str, _element: Element) -> None:
    """Complete at once: such tasks are conceptual only and no system executes them (13.3.3)."""
    complete(run, activity_id, {})


@beginning(ElementKind.USER_TASK)
def begin_user_task(run: Run, activity_id: str, element: Element) -> None:
    """Ask a person; the visit waits until the task is completed (13.3.3)."""
    run.activities[activity_id] = {**run.activities[activity_id], "work": "user"}
    unit = region = prefill = None
    asks = element.unit, element.region, element.prefill, element.data_inputs or None
    if any(each is not None for each in asks):
        variables = _variables(run, activity_id)
        unit = None if element.unit is None else evaluate(element.unit, variables, element)
        region = None if element.region is None else evaluate(element.region, variables, element)
        prefill = None if element.prefill is None else evaluate(element.prefill, variables, element)
        if prefill is not None and not isinstance(prefill, dict):
            raise Incident(
                "user-task.prefill",
                Text(zh="预填内容不是对象。", en="What is filled in beforehand is not an object."),
                element.id,
            )
        if element.data_inputs:
            prefill = {**{name: variables[name] for name in element.data_inputs}, **(prefill or {})}
    run.effects.append(
        UserTaskOpened(
            activity_id=activity_id,
            element_id=element.id,
            scope_process=element.process,
            role=element.role,
            unit=None if unit is None else str(unit),
            region=None if region is None else str(region),
            form=element.form,
            prefill=prefill,
            deadline=element.deadline,
            differs_from=element.differs_from,
            withdraw=element.withdraw,
            added_to=run.activities[activity_id].get("added_to"),
            place=run.activities[activity_id].get("place"),
            signatory=run.activities[activity_id].get("signatory"),
        )
    )


@beginning(ElementKind.SERVICE_TASK)
def begin_service_task(run: Run, activity_id: str, element: Element) -> None:
    """Ask for a job; the visit waits for its result (13.3.3)."""
    run.activities[activity_id] = {**run.activities[activity_id], "work": "job"}
    parameters = evaluate_all(element.parameters, _variables(run, activity_id), element)
    note_firm(run)
    run.effects.append(
        JobRequested(activity_id, element.id, element.process, element.topic or "", parameters)
    )


@beginning(ElementKind.SCRIPT_TASK)
def begin_script_task(run: Run, activity_id: str, element: Element) -> None:
    """Carry out the assignments in order and complete (13.3.3)."""
    assigned: dict[str, object] = {}
    scope_id = run.activities[activity_id]["scope"]
    for assignment in element.script:
        variables = environment(run, scope_id, activity_id, assigned)
        assigned = {**assigned, assignment.variable: evaluate(assignment.expression, variables, element)}
        guard_size(assigned, element)
    write(run, scope_id, assigned, element)
    complete(run, activity_id, assigned)


@beginning(ElementKind.BUSINESS_RULE_TASK)
def begin_business_rule_task(run: Run, activity_id: str, element: Element) -> None:
    """Evaluate the decision and complete with its outputs (13.3.3; DMN 1.3, 8.2).

    A decision is a pure function of the variables, so nothing has to be waited for.
    """
    process = run.process_of(run.activities[activity_id]["scope"])
    if element.called_decision is None:
        complete(run, activity_id, {})
        return
    try:
        result = decide(process.decisions, element.called_decision, _variables(run, activity_id))
    except UndecidedError as undecided:
        raise Incident(undecided.rule, undecided.message, element.id) from undecided
    except ExpressionError as error:
        raise Incident("expression.no-value", error.message, element.id) from error
    guard_size(result, element)
    complete(run, activity_id, result)


@beginning(ElementKind.SEND_TASK)
def begin_send_task(run: Run, activity_id: str, element: Element) -> None:
    """Throw the message and complete (13.3.3); with a handler, let the handler send it."""
    if element.topic is not None:
        begin_service_task(run, activity_id, element)
        return
    if element.event is not None:
        throw_message(run, element, element.event, _variables(run, activity_id))
    complete(run, activity_id, {})


@beginning(ElementKind.RECEIVE_TASK)
def begin_receive_task(run: Run, activity_id: str, element: Element) -> None:
    """Wait for the message (13.3.3)."""
    arm(run, "catch", element, run.activities[activity_id]["scope"], activity_id)
