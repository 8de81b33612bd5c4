"""Lines and stretches as data: merged, closed, restored exactly, and nothing else."""

from types import SimpleNamespace
from typing import Any

from engine.bpmn.model import ElementKind
from engine.runtime.lines import _end_into, _go_on_as, close_visits_beside, end_line, open_line
from engine.runtime.stretches import (
    begin_turn,
    close_way_back,
    closed,
    digest,
    enter_user_task,
    joined,
    merged,
    note_reads,
    restore,
    value_of,
)

DIGEST = "83996156fc003952eae4e4f96a37bcd9"


def run_with(lines: dict[str, Any] | None = None, **more: Any) -> Any:
    """Stand in for a run: what lines and stretches look at."""
    way = {"lines": {key: {"scope": "0", "parent": None, **line} for key, line in (lines or {}).items()}}
    given = {"scopes": {"0": {"owner": None}}, "activities": {}, "line": None, "next_id": 20, **more}
    return SimpleNamespace(
        state={"way_back": way, "next_id": given.pop("next_id")},
        new_id=lambda: "20",
        **given,
    )


def lines_of(run: Any) -> dict[str, Any]:
    found: dict[str, Any] = run.state["way_back"]["lines"]
    return found


def test_pairs_that_meet_are_written_as_one() -> None:
    assert joined([[3, 4], [0, 1], [1, 2]]) == [[0, 2], [3, 4]]
    assert joined([[0, 5], [1, 2]]) == [[0, 5]]


def test_a_digest_is_the_same_for_ever() -> None:
    assert digest({"b": [1], "a": "中"}) == digest({"a": "中", "b": [1]}) == DIGEST


def test_a_merged_stretch_undoes_both_and_remembers_what_both_did() -> None:
    first: Any = {"since": 1, "undo": {"0": {"x": [0]}}, "done": [[0, 1]], "reads": ["b"]}
    later: Any = {
        "since": 5,
        "undo": {"0": {"x": [1], "y": []}, "9": {"z": []}},
        "done": [[4, 5]],
        "reads": ["a"],
    }

    assert merged(run_with(), first, later) == {
        "since": 1,
        "undo": {"0": {"x": [0], "y": []}},
        "done": [[0, 1], [4, 5]],
        "reads": ["a", "b"],
    }
    assert merged(run_with(), {"since": 1}, {"since": 5}) == {"since": 1}
    assert merged(run_with(), {"since": 1}, {"since": 5, "completed": 7}) == {"since": 1, "firm": True}
    assert merged(run_with(), {"since": 1}, {"since": 5, "firm": True}) == {"since": 1, "firm": True}


def test_of_what_is_closed_only_the_reading_is_kept() -> None:
    stretches: Any = [
        {"since": 1, "reads": ["b"], "undo": {"0": {"x": []}}},
        {"since": 3, "element": "a", "reads": ["a"]},
        {"since": 6, "element": "b", "reads": ["c"]},
    ]

    assert closed(stretches, 5) == [{"since": 1, "reads": ["a", "b"]}, stretches[2]]
    assert closed(stretches, 6) == [{"since": 1, "reads": ["a", "b"]}]
    assert closed([{"since": 1}, {"since": 3}], 5) == [{"since": 1}]


def test_closing_the_way_back_closes_a_parent_up_to_where_its_child_began() -> None:
    lines = {
        "1": {"stretches": [{"since": 1}, {"since": 3, "element": "a"}, {"since": 8, "element": "b"}]},
        "5": {"parent": "1", "stretches": [{"since": 5}, {"since": 9, "element": "c"}]},
    }
    run = run_with(lines, line="5")

    close_way_back(run)

    assert [each["stretches"] for each in lines_of(run).values()] == [
        [{"since": 1}, {"since": 8, "element": "b"}],
        [{"since": 5}],
    ]


def test_closing_below_a_line_makes_one_of_what_led_to_where_each_child_began() -> None:
    lines = {
        "1": {"stretches": [{"since": 1}, {"since": 3, "element": "a"}]},
        "5": {
            "parent": "1",
            "stretches": [
                {"since": 5},
                {"since": 6, "element": "b", "done": [[5, 6]]},
                {"since": 12, "element": "c", "done": [[11, 12]]},
            ],
        },
        "10": {"parent": "5", "stretches": [{"since": 10}, {"since": 11, "element": "d"}]},
    }
    run = run_with(lines, line="10")

    close_way_back(run, below="1")

    assert [each["stretches"] for each in lines_of(run).values()] == [
        [{"since": 1}, {"since": 3, "element": "a"}],
        [{"since": 5, "done": [[5, 6]]}, {"since": 12, "element": "c", "done": [[11, 12]]}],
        [{"since": 10}],
    ]


def test_what_came_before_a_visit_and_all_since_are_told_in_two_pairs() -> None:
    """What an event waited for before the line began came to it later, under an earlier number."""
    run = run_with({"5": {"stretches": [{"since": 5, "done": [[1, 2], [6, 7]]}]}}, line="5")
    run.state["way_back"]["alone"] = 5

    enter_user_task(run, "9", SimpleNamespace(id="a", kind=ElementKind.USER_TASK))  # type: ignore[arg-type]

    assert lines_of(run)["5"]["stretches"] == [
        {"since": 5, "done": [[1, 2], [4, 8]]},
        {"since": 9, "element": "a"},
    ]


def test_what_an_element_reads_is_added_to_what_the_stretch_read_before() -> None:
    process = SimpleNamespace(races={"s": {"a", "c"}})
    run = run_with({"1": {"stretches": [{"since": 1, "reads": ["b"]}]}}, line="1")
    run.net = SimpleNamespace(processes={"p": process})

    note_reads(run, SimpleNamespace(id="s", process="p"))  # type: ignore[arg-type]
    note_reads(run, SimpleNamespace(id="other", process="p"))  # type: ignore[arg-type]

    assert lines_of(run)["1"]["stretches"] == [{"since": 1, "reads": ["a", "b", "c"]}]


def test_values_are_found_and_restored_where_they_were() -> None:
    run = run_with(
        scopes={
            "0": {"element": None, "owner": None, "variables": {"x": 1, "result": "fine"}},
            "2": {"element": "sub", "owner": "7", "result": "old"},
            "3": {"element": "sub", "owner": "8"},
        },
        activities={"7": {"locals": {"i": 1, "j": 2}}},
    )
    places = [
        ("0", "x"),
        ("0", "y"),
        ("0", "result"),
        ("2", "result"),
        ("3", "result"),
        ("7", "i"),
        ("7", "k"),
    ]
    assert [value_of(run, *place) for place in places] == [[1], [], ["fine"], ["old"], [], [1], []]

    restore(run, {"0": {"x": [], "y": [5]}, "2": {"result": ["older"]}, "7": {"i": [0]}, "99": {"gone": [1]}})

    assert run.scopes["0"]["variables"] == {"result": "fine", "y": 5}
    assert run.scopes["2"] == {"element": "sub", "owner": "7", "result": "older"}
    assert run.activities["7"] == {"locals": {"j": 2, "i": 0}}

    restore(run, {"2": {"result": []}})
    assert run.scopes["2"] == {"element": "sub", "owner": "7"}

    run = run_with(
        scopes={
            "0": {"element": None, "owner": None, "variables": {}},
            "2": {"element": "sub", "owner": "7", "variables": {"plan": 1}, "result": "said"},
        }
    )
    restore(run, {"0": {"result": ["fine"]}, "2": {"plan": [None]}})
    assert run.scopes == {
        "0": {"element": None, "owner": None, "variables": {"result": "fine"}},
        "2": {"element": "sub", "owner": "7", "variables": {"plan": None}, "result": "said"},
    }


def test_a_turn_lasts_while_one_line_acts() -> None:
    run = run_with({"2": {"stretches": [{"since": 2}]}}, activities={"3": {"line": "2"}, "4": {"line": "9"}})
    way = run.state["way_back"]

    begin_turn(run, "3")
    assert way["turn"] == ["2", 20]
    run.state["next_id"] = 30
    begin_turn(run, "3")
    assert way["turn"] == ["2", 20]
    begin_turn(run, "4")
    assert way["turn"] == ["9", 30]
    begin_turn(run, None)
    assert "turn" not in way


def test_a_line_without_token_goes_on_as_its_only_child() -> None:
    lines = {
        "1": {
            "stretches": [
                {"since": 1, "done": [[0, 1]]},
                {"since": 3, "element": "a"},
                {"since": 9, "done": [[8, 9]]},
            ]
        },
        "5": {"parent": "1", "stretches": [{"since": 5, "done": [[4, 5]]}, {"since": 6, "element": "c"}]},
    }
    run = run_with(lines)

    _go_on_as(run, "1", "5")

    stretches = [
        {"since": 1, "done": [[0, 1]]},
        {"since": 3, "element": "a", "done": [[4, 5], [8, 9]]},
        {"since": 6, "element": "c"},
    ]
    assert lines_of(run) == {"5": {"scope": "0", "parent": None, "stretches": stretches}}


def test_what_a_line_did_is_kept_where_its_parent_left_it() -> None:
    lines = {
        "1": {"stretches": [{"since": 1}, {"since": 3, "element": "a"}, {"since": 9, "element": "b"}]},
        "5": {"parent": "1", "stretches": [{"since": 5, "done": [[4, 5]]}, {"since": 7, "done": [[6, 7]]}]},
    }
    run = run_with(lines)

    end_line(run, "5")

    assert lines_of(run)["1"]["stretches"] == [
        {"since": 1},
        {"since": 3, "element": "a", "done": [[4, 5], [6, 7]]},
        {"since": 9, "element": "b"},
    ]


def test_visits_since_the_first_of_joined_lines_began_are_closed_with_them() -> None:
    lines = {
        "1": {
            "stretches": [
                {"since": 1, "done": [[0, 1]]},
                {"since": 3, "element": "a"},
                {"since": 6, "element": "b", "done": [[5, 6]]},
            ]
        },
        "5": {"parent": "1", "stretches": [{"since": 5, "done": [[4, 5]]}]},
        "8": {"parent": "1", "stretches": [{"since": 8, "done": [[7, 8]]}]},
    }
    run = run_with(lines)

    _end_into(run, "1", ["5", "8"])

    assert lines_of(run)["1"]["stretches"] == [
        {"since": 1, "done": [[0, 1]]},
        {"since": 3, "element": "a", "done": [[4, 6], [7, 8]]},
    ]


def test_joined_lines_become_a_closed_part_of_the_one_they_came_from() -> None:
    lines = {
        "1": {"stretches": [{"since": 1}, {"since": 3, "element": "a"}]},
        "5": {"parent": "1", "stretches": [{"since": 5, "done": [[4, 5]]}]},
        "6": {"parent": "1", "stretches": [{"since": 6, "done": [[6, 7]]}]},
        "8": {"parent": "6", "stretches": [{"since": 8}]},
    }
    run = run_with(lines)

    _end_into(run, "1", ["5", "6"])

    assert lines_of(run) == {
        "1": {
            "scope": "0",
            "parent": None,
            "stretches": [{"since": 1}, {"since": 3, "element": "a", "done": [[4, 5], [6, 7]]}],
        },
        "8": {"scope": "0", "parent": "1", "stretches": [{"since": 8}]},
    }


def test_visits_beside_are_closed_at_these_places_of_this_scope_only() -> None:
    beside = [{"since": 2}, {"since": 4, "element": "a", "done": [[3, 4]]}, {"since": 7, "element": "b"}]
    lines = {
        "1": {"stretches": [{"since": 1}, {"since": 3, "element": "a"}]},
        "2": {"stretches": beside},
        "5": {"parent": "1", "stretches": [{"since": 5}, {"since": 6, "element": "a"}]},
        "9": {"scope": "x", "stretches": beside},
    }
    run = run_with(lines, line="5")

    close_visits_beside(run, "0", {"a"})

    assert [each["stretches"] for each in lines_of(run).values()] == [
        [{"since": 1}, {"since": 3, "element": "a"}],
        [{"since": 2, "done": [[3, 4]]}, {"since": 7, "element": "b"}],
        [{"since": 5}, {"since": 6, "element": "a"}],
        beside,
    ]


def test_a_line_from_nowhere_beside_others_is_an_outsider() -> None:
    run = run_with({"1": {"stretches": [{"since": 1}]}})
    open_line(run, "0", None)
    assert run.state["way_back"]["outsider"] == 20

    run = run_with({"1": {"stretches": [{"since": 1}]}})
    open_line(run, "0", "1")
    assert "outsider" not in run.state["way_back"]


def test_of_a_line_from_nowhere_only_the_reading_is_kept() -> None:
    stretches = {"2": {"since": 2, "reads": ["x"]}, "3": {"since": 3}, "4": {"since": 4, "reads": ["a"]}}
    lines = {key: {"stretches": [each]} for key, each in stretches.items()}
    run = run_with({"1": {"stretches": [{"since": 1}]}, **lines})

    for line in stretches:
        end_line(run, line)

    assert lines_of(run).keys() == {"1"}
    assert run.state["way_back"]["reads"] == ["a", "x"]
