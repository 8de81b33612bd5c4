"""Multi-instance activities: one visit, several instances, in sequence or side by side.

Each instance has locals of its own: ``loopCounter``, the item it works on and its
outputs. Results are collected in the order of the input, whichever is done first.

Source: BPMN 2.0.2, clause 13.3.7 (multiple instances activity).
"""

from typing import Any

from engine.bpmn.model import Element, MultiInstance
from engine.runtime.behaviours import begin
from engine.runtime.cancelling import cancel_instances
from engine.runtime.errors import Incident
from engine.runtime.lines import end_line, open_line_beside
from engine.runtime.records import remember_instances
from engine.runtime.run import Run
from engine.runtime.state import Activity, Loop, Variables
from engine.runtime.stretches import close_way_back, note_completed, note_done
from engine.runtime.tokens import move_on
from engine.runtime.variables import (
    Environment,
    call_listeners,
    environment,
    evaluate,
    guard_size,
    holds,
    write,
)
from engine.runtime.voting import count_vote, nobody_votes, verdict
from engine.runtime.waits import drop_waits_of_activity
from kernel.language import Text

MOST_INSTANCES = 1_000


def start_instances(run: Run, body_id: str, element: Element, loop: MultiInstance) -> None:
    """Count the instances and begin the first, or all of them."""
    items, total = _count(run, body_id, element, loop)
    if element.approval is not None and total == 0:
        raise nobody_votes(element)
    progress: Loop = {"total": total, "started": 0, "done": 0, "items": items, "results": {}}
    run.activities[body_id] = {**run.activities[body_id], "loop": progress}
    if total == 0:
        # Nobody was asked, but the element was visited: history should say so.
        run.entered(body_id, element)
        run.completed(body_id, element)
        _finish(run, body_id, element, loop)
        return
    for _ in range(1 if loop.sequential else total):
        # An instance that completes at once may have ended the whole activity.
        if body_id in run.activities:
            begin_next_instance(run, body_id)


def _count(run: Run, body_id: str, element: Element, loop: MultiInstance) -> tuple[list[Any] | None, int]:
    """Evaluate cardinality or collection, once, before the first instance begins."""
    variables = environment(run, run.activities[body_id]["scope"])
    items: list[Any] | None = None
    if loop.collection is not None:
        items = evaluate(loop.collection, variables, element)
        if not isinstance(items, list):
            raise _not_countable(element, loop.collection.text)
        total = len(items)
    else:
        total = 0 if loop.cardinality is None else evaluate(loop.cardinality, variables, element)
        if type(total) is not int or total < 0:
            raise _not_countable(element, loop.cardinality.text if loop.cardinality else "")
    if total > MOST_INSTANCES:
        raise Incident(
            "guard.too-many-instances",
            Text(zh=f"多实例超过 {MOST_INSTANCES} 个。", en=f"More than {MOST_INSTANCES} instances."),
            element.id,
        )
    return items, total


def _not_countable(element: Element, text: str) -> Incident:
    return Incident(
        "loop.not-countable",
        Text(zh=f"{text} 不是列表或非负整数。", en=f"{text} is neither a list nor a whole number from 0."),
        element.id,
    )


def begin_next_instance(run: Run, body_id: str) -> None:
    """Begin one more instance, with the next item of the collection."""
    body = run.activities[body_id]
    element = run.element_of(body)
    progress = body["loop"]
    index = progress["started"] + progress.get("removed", 0)
    run.activities[body_id] = {**body, "loop": {**progress, "started": progress["started"] + 1}}
    own: Variables = {"loopCounter": index + 1}
    if element.loop is not None and element.loop.item is not None and progress["items"] is not None:
        own[element.loop.item] = progress["items"][index]
    instance: Activity = {
        "scope": body["scope"],
        "element": element.id,
        "instance_of": body_id,
        "locals": own,
    }
    if str(index) in progress.get("added", {}):
        signatory = progress["added"][str(index)]
        instance = {**instance, "added_to": body_id, "place": "beside", "signatory": signatory}
    run.line = body.get("line")
    open_line_beside(run, body["scope"])
    begin(run, run.new_activity(instance), element)


def finish_instance(run: Run, instance_id: str, element: Element, own_result: Environment) -> None:
    """Collect the result of an instance, and end the activity or go on with the next."""
    loop = element.loop
    if loop is None:
        return
    instance = run.activities[instance_id]
    body_id = instance["instance_of"]
    body = run.activities[body_id]
    progress = body["loop"].copy()
    progress["done"] += 1
    if element.approval is not None:
        count_vote(progress, element, own_result)
    if loop.result_item is not None:
        index = str(instance["locals"]["loopCounter"] - 1)
        progress["results"] = {
            **progress["results"],
            index: _result_of(loop.result_item, instance["locals"], own_result, element),
        }
        guard_size({element.id: progress["results"]}, element)
    run.activities[body_id] = {**body, "loop": progress}
    is_enough = loop.completion_condition is not None and holds(
        loop.completion_condition,
        environment(run, instance["scope"], instance_id, own_result),
        element,
    )
    drop_waits_of_activity(run, instance_id)
    del run.activities[instance_id]
    end_line(run, instance.get("line"))
    if is_enough:
        _finish(run, body_id, element, loop)
    else:
        go_on(run, body_id)


def go_on(run: Run, body_id: str) -> None:
    """End the activity when all instances are done or the vote is decided, else begin the next in turn."""
    element, progress = run.element_of(run.activities[body_id]), run.activities[body_id]["loop"]
    if element.loop is None:
        return
    if verdict(element, progress) is not None or progress["done"] == progress["total"]:
        _finish(run, body_id, element, element.loop)
    elif element.loop.sequential and progress["started"] == progress["done"]:
        # Later and not now: a thousand instances that end at once would nest a thousand calls.
        run.due_instances.append(body_id)


def _result_of(name: str, own: Variables, own_result: Environment, element: Element) -> Any:
    """Find the result of one instance among its outputs, then in what it yielded."""
    for frame in (own, own_result):
        if name in frame:
            return frame[name]
    raise Incident(
        "loop.no-result",
        Text(zh=f"实例没有产生 {name}。", en=f"The instance did not yield {name}."),
        element.id,
    )


def _finish(run: Run, body_id: str, element: Element, loop: MultiInstance) -> None:
    """End the whole activity: cancel what is open, hand over the results, move the token on."""
    cancel_instances(run, body_id)
    remember_instances(run, body_id)
    body = run.activities[body_id]
    results = body["loop"]["results"]
    collected = [results[index] for index in sorted(results, key=int)]
    written: Variables = {} if loop.result_variable is None else {loop.result_variable: collected}
    if element.approval is not None:
        written[element.approval.variable] = verdict(element, body["loop"])
    run.line = body.get("line")
    note_done(run, body_id)
    note_completed(run, body_id, element, written)
    write(run, body["scope"], written, element)
    drop_waits_of_activity(run, body_id)
    del run.activities[body_id]
    call_listeners(run, body["scope"], element, {"results": collected})
    if element.no_return:
        close_way_back(run)
    move_on(run, body, element)
