"""Standard loops: one visit, one round after another, while a condition holds.

Each round is a visit of its own, with ``loopCounter``; what it gives away reaches the process,
so that the condition and the next round see it.

Source: BPMN 2.0.2, clause 13.3.6 (loop activity).
"""

from engine.bpmn.model import Element, StandardLoop
from engine.runtime.behaviours import begin
from engine.runtime.lines import end_line, open_line_beside
from engine.runtime.records import remember_instances
from engine.runtime.run import Run
from engine.runtime.stretches import close_way_back, note_completed, note_done
from engine.runtime.tokens import move_on
from engine.runtime.variables import environment, holds
from engine.runtime.waits import drop_waits_of_activity


def start_loop(run: Run, body_id: str, element: Element, loop: StandardLoop) -> None:
    """Begin the first round, unless the condition is asked before and does not hold."""
    run.activities[body_id] = {**run.activities[body_id], "rounds": 0}
    if loop.tests_before and not _goes_on(run, body_id, element, loop):
        # The element was visited without a round: history should say so.
        run.entered(body_id, element)
        run.completed(body_id, element)
        _finish(run, body_id, element)
    else:
        begin_next_round(run, body_id)


def begin_next_round(run: Run, body_id: str) -> None:
    """Begin one more round."""
    body = run.activities[body_id]
    element, number = run.element_of(body), body["rounds"] + 1
    run.activities[body_id] = {**body, "rounds": number}
    run.line = body.get("line")
    open_line_beside(run, body["scope"])
    round_id = run.new_activity(
        {
            "scope": body["scope"],
            "element": element.id,
            "instance_of": body_id,
            "locals": {"loopCounter": number},
        }
    )
    begin(run, round_id, element)


def finish_round(run: Run, round_id: str, element: Element, loop: StandardLoop) -> None:
    """End a round, and go on with the next or with what follows the activity."""
    ended = run.activities[round_id]
    body_id = ended["instance_of"]
    drop_waits_of_activity(run, round_id)
    del run.activities[round_id]
    end_line(run, ended.get("line"))
    if _goes_on(run, body_id, element, loop):
        # Later and not now: a thousand rounds that end at once would nest a thousand calls.
        run.due_iterations.append(body_id)
    else:
        _finish(run, body_id, element)


def _goes_on(run: Run, body_id: str, element: Element, loop: StandardLoop) -> bool:
    """Ask whether there is one more round; ``loopCounter`` counts those that are done."""
    body = run.activities[body_id]
    if loop.maximum is not None and body["rounds"] >= loop.maximum:
        return False
    if loop.condition is None:
        return True
    variables = {**environment(run, body["scope"]), "loopCounter": body["rounds"]}
    return holds(loop.condition, variables, element)


def _finish(run: Run, body_id: str, element: Element) -> None:
    remember_instances(run, body_id)
    body = run.activities[body_id]
    run.line = body.get("line")
    note_done(run, body_id)
    # Its rounds wrote as they went, so doing them anew never counts as having written the same.
    note_completed(run, body_id, element, {"rounds": body_id})
    drop_waits_of_activity(run, body_id)
    del run.activities[body_id]
    if element.no_return:
        close_way_back(run)
    move_on(run, body, element)
