"""A reviewer's day: sign in, claim, fill in, be refused, submit; by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Site, Tab
from tests.factories.people import SamplePerson, make_person
from tests.integration.webapp.inbox import approval

pytestmark = pytest.mark.browser

OpenTab = Callable[..., Tab]


@pytest.fixture
def initiator(site: Site) -> SamplePerson:
    approval.deploy(site.platform)
    person = make_person(
        site.platform.database,
        "unit",
        ["releasing_unit"],
        unit="示例市发布单位（示例）",
        unit_kind="releasing",
    )
    for title in ("示例地图服务 1.0.0", "示例消息服务 2.0.0", "示例认证服务 3.0.0"):
        approval.start(site.platform, person, title)
    return person


def claim_by_keyboard(tab: Tab) -> None:
    with tab.page.expect_navigation():
        tab.page.keyboard.press("c")
    tab.page.wait_for_load_state("networkidle")


def test_a_task_is_claimed_filled_in_refused_and_submitted(
    open_tab: OpenTab, initiator: SamplePerson
) -> None:
    tab = open_tab()
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")
    claim_by_keyboard(tab)

    with tab.page.expect_navigation():
        tab.page.keyboard.press("Control+Enter")
    summary = tab.page.locator(".notice.bad").first.inner_text()
    focused = tab.page.evaluate("document.activeElement.id")
    tab.page.fill("#field-name", "地图")
    with tab.page.expect_navigation():
        tab.page.keyboard.press("Control+Enter")

    assert "名称" in summary
    assert focused == "field-name"
    assert "已提交" in tab.page.locator(".notice.ok").first.inner_text()
    assert tab.page.locator(".task-row[aria-current] a").count() == 1


def test_a_draft_is_kept_without_a_click(open_tab: OpenTab, initiator: SamplePerson) -> None:
    tab = open_tab()
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")
    claim_by_keyboard(tab)

    tab.page.fill("#field-name", "写了一半")
    tab.page.locator("#draft-state", has_text="保存").wait_for()
    tab.page.reload()

    assert tab.page.input_value("#field-name") == "写了一半"


def test_a_file_is_uploaded_at_once_and_kept_with_the_draft(
    open_tab: OpenTab, initiator: SamplePerson, tmp_path: Path
) -> None:
    report = tmp_path / "测试报告.txt"
    report.write_text("报告", "utf-8")
    tab = open_tab()
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")
    claim_by_keyboard(tab)

    tab.page.set_input_files("#field-report", report)
    tab.page.locator(".file-list a", has_text="测试报告.txt").wait_for()
    tab.page.locator("#draft-state", has_text="保存").wait_for()
    tab.page.reload()

    assert "测试报告.txt" in tab.page.locator(".file-list").inner_text()


def test_the_list_answers_to_single_keys(open_tab: OpenTab, initiator: SamplePerson) -> None:
    tab = open_tab()
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")
    keyboard = tab.page.keyboard

    keyboard.press("j")
    keyboard.press("x")
    ticked = tab.page.locator("[data-count]").inner_text()
    keyboard.press("/")
    searching = tab.page.evaluate("document.activeElement.id")
    keyboard.press("x")
    typed = tab.page.input_value("#find")
    tab.page.evaluate("document.activeElement.blur()")
    keyboard.press("?")
    help_is_open = tab.page.locator("#shortcuts").evaluate("dialog => dialog.open")
    keyboard.press("Escape")
    help_is_closed = not tab.page.locator("#shortcuts").evaluate("dialog => dialog.open")

    assert ticked == "1"
    assert searching == "find"
    assert typed == "x"
    assert help_is_open
    assert help_is_closed


def test_an_outcome_marks_what_it_makes_mandatory(
    open_tab: OpenTab, initiator: SamplePerson, site: Site
) -> None:
    first = open_tab()
    first.sign_in(initiator)
    first.open("/tasks?view=claimable")
    claim_by_keyboard(first)
    first.page.fill("#field-name", "地图")
    with first.page.expect_navigation():
        first.page.keyboard.press("Control+Enter")
    tab = open_tab()
    tab.sign_in(make_person(site.platform.database, "reviewer", ["reviewer"]))
    tab.open("/tasks?view=claimable")
    claim_by_keyboard(tab)

    label = tab.page.locator("label[for=field-opinion]")
    before = label.get_attribute("class") or ""
    tab.page.locator(".outcomes label", has_text="退回").click()
    after = label.get_attribute("class") or ""

    assert "required" not in before
    assert "required" in after


def test_on_a_narrow_screen_the_list_leads_to_the_task_and_back(
    open_tab: OpenTab, initiator: SamplePerson
) -> None:
    tab = open_tab(390, 844)
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")

    list_only = tab.page.locator(".pane").is_hidden()
    with tab.page.expect_navigation():
        tab.page.locator(".task-row a").first.click()
    task_only = tab.page.locator(".list").is_hidden() and tab.page.locator(".pane").is_visible()
    sideways = tab.scrolls_sideways()
    with tab.page.expect_navigation():
        tab.page.locator(".back").click()

    assert list_only
    assert task_only
    assert not sideways
    assert tab.page.locator(".list").is_visible()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)
def test_the_pages_are_accessible(
    open_tab: OpenTab, initiator: SamplePerson, width: int, scheme: str
) -> None:
    tab = open_tab(width, 900, scheme=scheme)
    tab.open("/sign-in")
    found = {"sign-in": tab.accessibility_violations()}
    tab.sign_in(initiator)
    tab.open("/tasks?view=claimable")
    found["list"] = tab.accessibility_violations()
    tab.page.locator(".task-row a").first.click()
    tab.page.wait_for_load_state("networkidle")
    found["task"] = tab.accessibility_violations()
    tab.page.click("#claim-form button")
    tab.page.wait_for_load_state("networkidle")
    tab.page.locator("#task-form").wait_for()
    found["form"] = tab.accessibility_violations()
    tab.page.click(".action-bar .primary")
    tab.page.locator(".field-error").first.wait_for()
    found["errors"] = tab.accessibility_violations()
    tab.open("/account")
    found["account"] = tab.accessibility_violations()

    assert {page: rules for page, rules in found.items() if rules} == {}
    assert not tab.scrolls_sideways()
