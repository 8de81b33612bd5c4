"""States of every earlier schema load, go on as they did, and finish."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from engine.runtime.advance import advance
from engine.runtime.codec import UnknownStateSchema, load_state
from engine.runtime.effects import InstanceEnded
from engine.runtime.state import SCHEMA, State, new_state, root_scope, variables_of
from tests.corpus.moves import read
from tests.unit.engine.invariants import check_invariants

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
FILES = sorted(CORPUS.glob("schema-*/*.json"))


@cache
def document_of(path: Path) -> Mapping[str, Any]:
    """Read one file of the corpus."""
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def net_of(path: Path) -> Net:
    """Compile the diagrams that the instances of a file were started with."""
    return compile_process_files({name: text.encode() for name, text in document_of(path)["files"].items()})


def finish(net: Net, state: State, steps: list[Mapping[str, Any]]) -> tuple[State, list[str | None]]:
    """Do what is left of an instance; returns the last state and the results with which it ended."""
    results: list[str | None] = []
    for step in steps:
        at = datetime.fromisoformat(step["at"])
        state, effects = advance(net, state, read(state, dict(step)), at)
        state = json.loads(json.dumps(state))
        check_invariants(net, state)
        results += [effect.result for effect in effects if isinstance(effect, InstanceEnded)]
    return state, results


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_stored_state_loads_and_finishes_as_it_did(path: Path) -> None:
    net = net_of(path)
    for instance in document_of(path)["instances"]:
        steps = instance["steps"]
        for done, step in enumerate(steps, start=1):
            loaded = load_state(step["state"])
            check_invariants(net, loaded)

            state, results = finish(net, loaded, steps[done:])

            stored = steps[-1]["state"]
            assert state["schema"] == SCHEMA
            assert (state["status"], len(results)) == ("ended", int(done < len(steps)))
            assert variables_of(state) == variables_of(load_state(stored))


def test_the_corpus_holds_every_schema_before_this_one() -> None:
    assert {path.parent.name for path in FILES} == {f"schema-{number}" for number in range(1, SCHEMA)}


def test_loading_leaves_the_stored_document_as_it_was() -> None:
    stored = {**new_state("p"), "schema": 1}
    before = copy.deepcopy(stored)

    load_state(stored)

    assert stored == before


@pytest.mark.parametrize("schema", [0, SCHEMA + 1, None, "1"])
def test_a_state_of_an_unknown_schema_is_refused(schema: object) -> None:
    with pytest.raises(UnknownStateSchema):
        load_state({**new_state("p"), "schema": schema})


def test_the_own_scope_is_found_wherever_a_database_puts_it() -> None:
    inner: Any = {"process": "q", "owner": "3", "variables": {"x": 1}}
    own: Any = {"process": "p", "owner": None, "variables": {"x": 2}}
    state: State = {**new_state("p"), "scopes": {"4": inner, "1": own}}

    assert root_scope(state) == ("1", own)
    assert variables_of(state) == {"x": 2}
