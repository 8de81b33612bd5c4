"""Every shipped form as people see it: on a phone, in the dark, accessible, with no error of its scripts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from domain.people.queries import actor_for
from engine.api import InboxFilter
from kernel.actor import system_actor
from tests.browser.conftest import Site, Tab
from tests.factories.people import REGION, make_person
from tests.integration.engine.diagrams import chain, diagram, end, files, start, user_task

pytestmark = pytest.mark.browser

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
# Start forms open a process and not a task; the pages that start them have tests of their own.
FORMS = sorted(path for path in PROCESSES.glob("*/forms/*.json") if path.stem != "start")
ALL = "ZUJIAN_TEST_ALL_FORMS" in os.environ
PICTURES = os.environ.get("ZUJIAN_TEST_PICTURES")
SYSTEM = system_actor("test", frozenset({"definition.deploy"}))


def _entry(schema: Any) -> Any:
    if schema.get("type") == "object":
        return {name: _entry(field) for name, field in schema.get("properties", {}).items()}
    if "enum" in schema:
        return schema["enum"][0]
    kinds = {"string": "示例", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    return schema.get("const", schema.get("default", kinds.get(str(schema.get("type")))))


def given(schema: Any) -> dict[str, Any]:
    """Return what a form shows before anybody writes: its read-only fields, with an entry in each list."""
    return {
        name: _entry(field) if field.get("type") != "array" else [_entry(field.get("items", {}))]
        for name, field in schema.get("properties", {}).items()
        if field.get("readOnly") or field.get("type") in ("array", "object")
    }


def features(schema: Any, is_read_only: bool = False) -> set[tuple[Any, ...]]:
    """Return what a form consists of, as far as it looks different on the page."""
    found: set[tuple[Any, ...]] = set()
    for field in schema.get("properties", {}).values():
        closed = is_read_only or bool(field.get("readOnly"))
        kind = str(field.get("type")), field.get("x-widget"), field.get("format"), "enum" in field
        found.add((*kind, "description" in field, closed))
        for inner in (field, field.get("items", {})):
            found |= {(kind[0], *each) for each in features(inner, closed)}
    return found


def covering(paths: list[Path]) -> list[Path]:
    """Choose forms that together show everything that any form shows."""
    left = {path: features(orjson.loads(path.read_bytes())) for path in paths}
    chosen: list[Path] = []
    while left and any(left.values()):
        best = max(left, key=lambda path: len(left[path]))
        seen = left.pop(best)
        chosen.append(best)
        left = {path: rest - seen for path, rest in left.items()}
    return chosen


def put(site: Site, person_id: UUID, path: Path) -> str:
    """Start a process of one task with this form and return the address of the task."""
    key = f"{path.parents[1].name}-{path.stem}"
    schema = orjson.loads(path.read_bytes())
    task = user_task("show", "reviewer", "form.json", 'zujian:prefill="given"')
    bpmn = diagram(key, start(), task, end(), *chain("begin", "show", "done"))
    engine = site.platform.engine
    with site.platform.database.write() as session:
        engine.deploy_files(session, SYSTEM, key, files(key, bpmn, form=schema))
        engine.start_instance(
            session, SYSTEM, key, {"given": given(schema)}, title=key, region_code=REGION, check_role=False
        )
        actor = actor_for(session, person_id)
        (row,) = engine.inbox(session, actor, InboxFilter(view="claimable")).rows
    return f"/tasks/{row.id}"


def test_every_form_is_accessible_on_a_phone_in_the_dark(
    site: Site, open_tab: Callable[..., Tab], tmp_path: Path
) -> None:
    reviewer = make_person(site.platform.database, "reviewer", ["reviewer"])
    tab = open_tab(390, 844, scheme="dark")
    tab.sign_in(reviewer)
    found: dict[str, Any] = {}

    for path in FORMS if ALL else covering(FORMS):
        name = f"{path.parents[1].name}-{path.stem}"
        tab.open(put(site, reviewer.id, path))
        with tab.page.expect_navigation():
            tab.page.keyboard.press("c")
        tab.page.wait_for_load_state("networkidle")
        # The processes of this test are not drawn, and the page says so.
        problems: list[Any] = [error for error in tab.errors if "no diagram to display" not in error]
        problems += [*tab.accessibility_violations(), *tab.sticking_out()]
        if problems:
            found[name] = problems
        tab.errors.clear()
        if PICTURES:
            tab.page.set_viewport_size({"width": 390, "height": 2600})
            tab.page.screenshot(path=f"{PICTURES}/{name}.png")
            tab.page.set_viewport_size({"width": 390, "height": 844})

    assert found == {}
