"""Administrators change a process by editing its diagram: draft, check, submit, release by another one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kernel.actor import system_actor
from kernel.unit_of_work import perform
from tests.browser.conftest import Site, Tab
from tests.factories.people import make_person

pytestmark = pytest.mark.browser

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
SHIPPED = sorted(folder.name for folder in PROCESSES.iterdir() if (folder / f"{folder.name}.bpmn").exists())
CREATION = "component-creation"
CALLED = ("security-assessment", "external-admission")


def files_of(key: str) -> dict[str, bytes]:
    """Return the shipped files of a process as a deployment names them."""
    folder = PROCESSES / key
    forms = {f"forms/{form.name}": form.read_bytes() for form in (folder / "forms").glob("*.json")}
    decisions = {f"decisions/{table.name}": table.read_bytes() for table in folder.glob("decisions/*.dmn")}
    return {f"{key}.bpmn": (folder / f"{key}.bpmn").read_bytes(), **forms, **decisions}


@pytest.fixture
def shipped(site: Site) -> Site:
    """Deploy the creation process after those that it calls, as the first start does."""
    actor = system_actor(permissions=frozenset({"definition.deploy"}))
    for key in (*CALLED, CREATION):
        perform(
            site.platform.database,
            "definition.deploy",
            actor,
            lambda session, key=key: site.platform.engine.deploy_files(session, actor, key, files_of(key)),
        )
    return site


@pytest.fixture
def drafter(shipped: Site, open_tab: Callable[..., Tab]) -> Tab:
    """Sign in a system administrator."""
    tab = open_tab()
    tab.sign_in(make_person(shipped.platform.database, "drafter", ["system_administrator"]))
    return tab


def open_editor(tab: Tab, key: str = CREATION) -> None:
    """Open the newest version in the editor and wait for the first check."""
    tab.page.goto(f"{tab.address}/modeler/{key}/edit")
    expect(tab.page.locator(".editor")).to_have_attribute("data-ready", "true", timeout=30_000)


def select(tab: Tab, element_id: str) -> None:
    """Click a shape of the diagram."""
    tab.page.locator(f'.djs-shape[data-element-id="{element_id}"] .djs-hit').first.click(force=True)


def headline(tab: Tab) -> str:
    return tab.page.locator('[data-role="headline"]').inner_text()


def test_the_shipped_diagram_opens_without_warnings_and_without_problems(drafter: Tab) -> None:
    open_editor(drafter)

    expect(drafter.page.locator(".editor")).to_have_attribute("data-warnings", "0")
    assert "0 个错误" in headline(drafter) or "检查通过" in headline(drafter)
    expect(drafter.page.locator(".bjs-powered-by")).to_be_visible()


def test_every_shipped_diagram_is_understood(drafter: Tab) -> None:
    open_editor(drafter)

    for key in SHIPPED:
        file = PROCESSES / key / f"{key}.bpmn"
        drafter.page.set_input_files('input[data-role="import"]', file)
        # Every element that is drawn in the file is drawn on the page.
        for shape in set(re.findall(r'<bpmndi:BPMNShape [^>]*bpmnElement="(\w+)"', file.read_text("utf-8"))):
            expect(drafter.page.locator(f'.djs-shape[data-element-id="{shape}"]')).to_be_attached()
        expect(drafter.page.locator(".editor")).to_have_attribute("data-warnings", "0")


def test_a_changed_property_can_be_undone(drafter: Tab) -> None:
    open_editor(drafter)
    select(drafter, "review_duplication")
    deadline = drafter.page.locator("#bio-properties-panel-zujian-deadline")
    before = deadline.input_value()

    deadline.fill("9WD")
    deadline.blur()
    expect(drafter.page.locator('[data-role="state"]')).to_have_text("有未保存的更改")
    drafter.page.click('[data-action="undo"]')

    expect(deadline).to_have_value(before)
    expect(drafter.page.locator('[data-action="redo"]')).to_be_enabled()


def test_everything_in_the_panel_and_menus_is_in_chinese(drafter: Tab) -> None:
    open_editor(drafter)

    for element_id in (
        "creation_requested",
        "open_draft",
        "fill_basics",
        "basics_checked",
        "open_onboarding",
    ):
        select(drafter, element_id)
        drafter.page.wait_for_timeout(250)
        drafter.page.locator('.djs-context-pad .entry[data-action="replace"]').click()
        drafter.page.keyboard.press("Escape")

    expect(drafter.page.locator(".editor")).to_have_attribute("data-untranslated", "")


def test_an_unknown_handler_is_marked_and_its_cure_named(drafter: Tab, tmp_path: Path) -> None:
    planted = tmp_path / f"{CREATION}.bpmn"
    diagram = (PROCESSES / CREATION / f"{CREATION}.bpmn").read_text("utf-8")
    planted.write_text(diagram.replace('id="catalogue.check_basics"', 'id="catalogue.nobody"'), "utf-8")
    open_editor(drafter)

    drafter.page.set_input_files('input[data-role="import"]', planted)
    problem = drafter.page.locator(".problem--error", has_text="catalogue.nobody").first
    expect(problem).to_contain_text("改法")
    problem.click()

    expect(drafter.page.locator('.djs-shape.selected[data-element-id="check_basics"]')).to_have_count(1)
    expect(
        drafter.page.locator('.djs-overlays[data-container-id="check_basics"] .problem-badge--error')
    ).to_be_visible()
    expect(drafter.page.locator(".panel-problem").first).to_contain_text("catalogue.nobody")


def test_a_draft_is_saved_submitted_and_released_by_another_administrator(
    drafter: Tab, shipped: Site, open_tab: Callable[..., Tab]
) -> None:
    open_editor(drafter)
    select(drafter, "review_duplication")
    deadline = drafter.page.locator("#bio-properties-panel-zujian-deadline")
    deadline.fill("9WD")
    deadline.blur()

    drafter.page.click('[data-action="save"]')
    expect(drafter.page.locator('[data-role="state"]')).to_contain_text("已保存", timeout=15_000)
    drafter.page.once("dialog", lambda dialog: dialog.accept("放宽审查期限"))
    with drafter.page.expect_navigation(timeout=30_000):
        drafter.page.click('[data-action="submit"]')
    draft_path = drafter.page.url.removeprefix(drafter.address)

    releaser = open_tab()
    releaser.sign_in(make_person(shipped.platform.database, "releaser", ["security_administrator"]))
    releaser.open(draft_path)
    expect(releaser.page.get_by_text("9WD")).to_be_visible()
    with releaser.page.expect_navigation():
        releaser.page.click("button:has-text('发布为新版本')")

    assert releaser.page.url.endswith(f"/modeler/{CREATION}/versions/2")
    expect(releaser.page.locator(".diagram")).to_have_attribute("data-ready", "true", timeout=15_000)
    assert releaser.accessibility_violations() == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_of_processes_is_accessible(drafter: Tab, width: int) -> None:
    drafter.page.set_viewport_size({"width": width, "height": 844})

    drafter.open("/modeler")

    assert drafter.accessibility_violations() == []
    assert not drafter.scrolls_sideways()
