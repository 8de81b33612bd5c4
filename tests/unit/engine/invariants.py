"""What must be true of every state at rest, whatever happened before."""

from collections import Counter

from engine.bpmn.model import ElementKind, Net, Process
from engine.runtime.state import Activity, State


def check_invariants(net: Net, state: State) -> None:
    """Check counts, references, joins, and that something can still happen."""
    scopes, activities, waits = state["scopes"], state["activities"], state["waits"]
    if state["status"] == "ended":
        assert not activities
        assert not waits
        assert len(scopes) == 1
        return
    visits = Counter(
        each["scope"] for each in activities.values() if "instance_of" not in each and "added_to" not in each
    )
    for scope_id, scope in scopes.items():
        live = visits[scope_id] + sum(scope["joins"].values())
        assert scope["tokens"] == live > 0, f"scope {scope_id} counts {scope['tokens']} tokens and has {live}"
        owner = scope["owner"]
        assert owner is None or activities[owner]["child"] == scope_id
        process = net.processes[scope["process"]]
        declared = () if scope["element"] is None else process.elements[scope["element"]].data_objects
        assert ("variables" in scope) == (scope["element"] is None or bool(declared))
        _check_joins(net, scope["process"], scope["joins"])
        in_activities = {each["element"] for each in activities.values() if each["scope"] == scope_id}
        _check_inclusive_joins(net.processes[scope["process"]], scope["joins"], in_activities)
    for activity in activities.values():
        assert activity["scope"] in scopes
        assert activity.get("child") is None or activity["child"] in scopes
        frame = activities.get(activity.get("instance_of", ""), {})
        assert "instance_of" not in activity or "loop" in frame or "rounds" in frame
        _check_compensation(state, activity)
    _check_signatures(state)
    _check_lines(state)
    for wait in waits.values():
        assert wait["scope"] in scopes
        assert ("activity" in wait) == (wait["role"] != "event_sub_process")
        assert wait.get("activity") is None or wait["activity"] in activities
    is_expected = any(each["kind"] != "condition" for each in waits.values())
    assert is_expected or any("work" in each for each in activities.values()), (
        "nothing can move this any more"
    )


def _check_signatures(state: State) -> None:
    """A task is held while somebody is to sign before it; who signs after it is held until it is done."""
    activities = state["activities"]
    for activity_id, activity in activities.items():
        listed = [activities[each] for each in activity.get("signatures", ())]
        assert all(each["added_to"] == activity_id for each in listed)
        assert "signatures" not in activity or listed
        assert not ("work" in activity and "held" in activity)
        if "given" in activity:
            assert listed
            assert all(each["place"] == "after" and "work" in each for each in listed)
            assert "work" not in activity
            assert "held" not in activity
        elif "added_to" not in activity:
            assert ("held" in activity) == any(each["place"] == "before" for each in listed)
            assert all(("held" in each) == (each["place"] == "after") for each in listed)
        elif activity["place"] == "beside":
            assert activity["instance_of"] == activity["added_to"]
        else:
            assert activity_id in activities[activity["added_to"]]["signatures"]


def _check_compensation(state: State, activity: Activity) -> None:
    """What undoes does so for somebody, unless that one was ended; who undoes has the scope of it."""
    scopes, activities = state["scopes"], state["activities"]
    undoer = activities.get(activity.get("undoes", ""))
    assert undoer is None or undoer["undo"]["scope"] == activity["scope"]
    assert "again" not in activity or {"undoes", "child"} <= set(activity)
    if "undo" in activity:
        assert activity["undo"]["scope"] in scopes
        busy = [each for each in activities.values() if each.get("undoes") in activities]
        undoers = [each for each in activities.values() if "undo" in each]
        assert len(busy) >= len(undoers), "somebody undoes and nothing is being undone"


def _check_joins(net: Net, process: str, joins: dict[str, int]) -> None:
    """Tokens rest only at joins, and never at one whose incoming flows are all filled."""
    flows, elements = net.processes[process].flows, net.processes[process].elements
    for flow_id, count in joins.items():
        join = elements[flows[flow_id].target]
        assert count > 0
        assert join.kind in {ElementKind.PARALLEL_GATEWAY, ElementKind.INCLUSIVE_GATEWAY}
        assert not all(each in joins for each in join.incoming), f"{join.id} could fire and does not"


def _check_inclusive_joins(process: Process, joins: dict[str, int], in_activities: set[str]) -> None:
    """An inclusive join waits only while a token can walk to one of its empty flows, step by step."""
    at_joins = {process.flows[flow].target for flow in joins}
    for name in at_joins:
        join = process.elements[name]
        if join.kind is not ElementKind.INCLUSIVE_GATEWAY:
            continue
        reached, waiting = set(), [each for each in in_activities | at_joins if each != name]
        while waiting:
            element = process.elements[waiting.pop()]
            for flow in element.outgoing:
                if flow.id not in reached:
                    reached.add(flow.id)
                    waiting += [flow.target] if flow.target != name else []
            waiting += element.boundary_events
            waiting += [element.link_target] if element.link_target else []
        assert reached & set(join.incoming) - set(joins), f"{name} could fire and does not"


def _check_lines(state: State) -> None:
    """Each token has a line of its own, lines without token have children, and all come from earlier ones."""
    way = state.get("way_back")
    if way is None:
        return
    lines = way["lines"]
    tokens = Counter(
        each.get("line")
        for each in state["activities"].values()
        if "instance_of" not in each and each.get("added_to") is None
    )
    resting = Counter((each["scope"], each["at"]) for each in lines.values() if "at" in each)
    for scope_id, scope in state["scopes"].items():
        assert scope["joins"] == {flow: n for (key, flow), n in resting.items() if key == scope_id}
    parents = Counter(each["parent"] for each in lines.values())
    instances = {each.get("line") for each in state["activities"].values() if "instance_of" in each}
    for line_id, line in lines.items():
        held = tokens[line_id] + ("at" in line) + (line_id in instances)
        assert held == (0 if "forked" in line else 1), f"line {line_id} has {held} tokens"
        assert "forked" not in line or parents[line_id] > 1, f"line {line_id} leads nowhere"
        assert line["scope"] in state["scopes"]
        began = line["stretches"][0]["since"]
        assert line["parent"] is None or lines[line["parent"]]["stretches"][0]["since"] < began
        names = [each["element"] for each in line["stretches"] if "element" in each]
        assert len(set(names)) == len(names), f"line {line_id} remembers a visit twice"
    assert set(tokens) <= set(lines)
