"""Signatories that a person adds to an open user task: before it, after it, or beside its instances.

An added signature is an activity of the same element without a token of its own. Those *before* hold the
task until all have signed; those *after* are asked once it is completed with an agreement, and its result
waits for them. The first who does not agree decides: the task completes with what they submitted.
*Beside* is one more instance of a multi-instance task, which counts as the drawn ones do.

Source: docs/reference/reviewer-actions.md. Added signatures are no BPMN construct: seen from the
diagram the activity is still active (BPMN 2.0.2, clause 13.3.2) until the last of them is done.
"""

from collections.abc import Sequence

from engine.bpmn.model import Element
from engine.runtime.activities import begin_user_task
from engine.runtime.cancelling import cancel_activity
from engine.runtime.commands import JsonObject
from engine.runtime.completing import complete
from engine.runtime.effects import UserTaskClosed, UserTaskHeld, UserTaskReleased
from engine.runtime.errors import NoLongerWaiting, NotPossible
from engine.runtime.multi_instance import MOST_INSTANCES, begin_next_instance, go_on
from engine.runtime.run import Run
from engine.runtime.state import Activity, Loop, Place, Variables
from engine.runtime.stretches import note_done, note_firm
from engine.runtime.variables import Environment, guard_size
from engine.runtime.voting import agrees
from kernel.language import Text

MOST_SIGNATORIES = 20


def sign(run: Run, activity_id: str, result: Environment) -> None:
    """Complete open work: a signature, a task that others sign after, or plainly the activity."""
    activity = run.activities[activity_id]
    if activity.get("place") in ("before", "after"):
        _sign(run, activity_id, result)
    elif "signatures" not in activity:
        complete(run, activity_id, result)
    elif agrees(run.element_of(activity), result):
        _wait_for_signatures(run, activity_id, result)
    else:
        _drop_signatures(run, activity_id)
        complete(run, activity_id, result)


def _wait_for_signatures(run: Run, activity_id: str, result: Environment) -> None:
    """Keep the result of a completed task until those after it have signed."""
    activity = run.activities[activity_id]
    element = run.element_of(activity)
    kept: Variables = dict(result)
    guard_size({element.id: kept}, element)
    waiting: Activity = {**activity, "given": kept}
    del waiting["work"]
    run.activities[activity_id] = waiting
    run.effects.append(UserTaskClosed(activity_id, completed=True))
    for signature_id in activity["signatures"]:
        _release(run, signature_id)


def _sign(run: Run, signature_id: str, result: Environment) -> None:
    """Count a signature: a disagreement decides, the last agreement lets the task go on."""
    signature = run.activities[signature_id]
    element, task_id = run.element_of(signature), signature["added_to"]
    run.line = signature.get("line")
    note_done(run, signature_id)
    run.effects.append(UserTaskClosed(signature_id, completed=True))
    del run.activities[signature_id]
    _strike(run, task_id, signature_id)
    run.completed(signature_id, element)
    if agrees(element, result):
        _go_on(run, task_id)
        return
    _drop_signatures(run, task_id)
    if "held" in run.activities[task_id]:
        run.effects.append(UserTaskClosed(task_id, completed=False))
    complete(run, task_id, result)


def _strike(run: Run, task_id: str, signature_id: str) -> None:
    """Take a signature from the list of its task."""
    task = run.activities[task_id].copy()
    left = [each for each in task["signatures"] if each != signature_id]
    if left:
        task["signatures"] = left
    else:
        del task["signatures"]
    run.activities[task_id] = task


def _go_on(run: Run, task_id: str) -> None:
    """Release the task when none before it is left, complete it when none after it is."""
    task = run.activities[task_id]
    if "given" in task:
        if "signatures" not in task:
            complete(run, task_id, task["given"])
    elif "held" in task and not _stand(run, task, "before"):
        _release(run, task_id)


def _stand(run: Run, task: Activity, place: Place) -> bool:
    return any(run.activities[each].get("place") == place for each in task.get("signatures", ()))


def _hold(run: Run, activity_id: str) -> None:
    held: Activity = {**run.activities[activity_id], "held": "user"}
    del held["work"]
    run.activities[activity_id] = held
    run.effects.append(UserTaskHeld(activity_id))


def _release(run: Run, activity_id: str) -> None:
    released: Activity = {**run.activities[activity_id], "work": "user"}
    del released["held"]
    run.activities[activity_id] = released
    run.effects.append(UserTaskReleased(activity_id))


def _drop_signatures(run: Run, task_id: str) -> None:
    """Ask nobody any more: the task completes now."""
    for signature_id in run.activities[task_id].get("signatures", ()):
        cancel_activity(run, signature_id)


def add_signatories(run: Run, activity_id: str, place: Place, signatories: Sequence[JsonObject]) -> None:
    """Ask further persons to sign an open user task.

    Raises:
        NoLongerWaiting: the task is not open.
        NotPossible: to an added signature, nobody or too many, or beside a task without instances.
    """
    task = run.activities.get(activity_id)
    if task is None or (task.get("work") or task.get("held")) != "user":
        raise NoLongerWaiting(f"activity {activity_id}")
    element = run.element_of(task)
    if "added_to" in task:
        raise NotPossible(
            "signatory.nested",
            Text("加签人不能再加签。", "Whoever was added as a signatory adds no further ones."),
        )
    if not signatories or len(signatories) + len(task.get("signatures", ())) > MOST_SIGNATORIES:
        raise NotPossible(
            "signatory.count",
            Text(f"加签须为 1 至 {MOST_SIGNATORIES} 人。", f"1 to {MOST_SIGNATORIES} signatories, please."),
        )
    run.line = task.get("line")
    note_firm(run)
    if place == "beside":
        _add_instances(run, task, element, signatories)
        return
    for signatory in signatories:
        _add_signature(run, activity_id, element, place, signatory)
    if place == "before" and "held" not in run.activities[activity_id]:
        _hold(run, activity_id)


def _add_signature(run: Run, task_id: str, element: Element, place: Place, signatory: JsonObject) -> None:
    task = run.activities[task_id]
    signature_id = run.new_activity(
        {
            "scope": task["scope"],
            "element": element.id,
            "added_to": task_id,
            "place": place,
            "signatory": dict(signatory),
        }
    )
    run.activities[task_id] = {**task, "signatures": [*task.get("signatures", ()), signature_id]}
    run.entered(signature_id, element)
    begin_user_task(run, signature_id, element)
    if place == "after":
        _hold(run, signature_id)


def _add_instances(run: Run, task: Activity, element: Element, signatories: Sequence[JsonObject]) -> None:
    if "instance_of" not in task or element.loop is None:
        raise NotPossible(
            "signatory.beside",
            Text(
                "只有多实例任务可以并加签。", "Only a task with several instances takes one more beside them."
            ),
        )
    body_id = task["instance_of"]
    body = run.activities[body_id]
    progress: Loop = body["loop"].copy()
    if progress["total"] + len(signatories) > MOST_INSTANCES:
        raise NotPossible("signatory.count", Text("多实例过多。", "There are too many instances."))
    if element.loop.item is not None and not all("item" in each for each in signatories):
        raise NotPossible(
            "signatory.item",
            Text("须说明新增实例办理哪一项。", "Say which item the further instance works on."),
        )
    first = progress["total"] + progress.get("removed", 0)
    progress["added"] = {
        **progress.get("added", {}),
        **{str(first + position): dict(each) for position, each in enumerate(signatories)},
    }
    if progress["items"] is not None:
        progress["items"] = [*progress["items"], *(each.get("item") for each in signatories)]
    progress["total"] += len(signatories)
    guard_size({element.id: progress["added"]}, element)
    run.activities[body_id] = {**body, "loop": progress}
    if not element.loop.sequential:
        for _ in signatories:
            begin_next_instance(run, body_id)


def remove_signatory(run: Run, activity_id: str) -> None:
    """Withdraw a signature that was added and is still open; what was drawn is never removed.

    Raises:
        NoLongerWaiting: it is not open.
        NotPossible: it was not added.
    """
    signature = run.activities.get(activity_id)
    if signature is None or (signature.get("work") or signature.get("held")) != "user":
        raise NoLongerWaiting(f"activity {activity_id}")
    if "added_to" not in signature:
        raise NotPossible(
            "signatory.drawn",
            Text("只能减去加签的人。", "Only signatories that were added can be removed."),
        )
    task_id = signature["added_to"]
    cancel_activity(run, activity_id)
    if signature["place"] == "beside":
        body = run.activities[task_id]
        progress: Loop = body["loop"].copy()
        progress["total"] -= 1
        progress["started"] -= 1
        progress["removed"] = progress.get("removed", 0) + 1
        run.activities[task_id] = {**body, "loop": progress}
        go_on(run, task_id)
        return
    _strike(run, task_id, activity_id)
    _go_on(run, task_id)
