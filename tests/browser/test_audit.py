"""A supervisor finds a case, reads its trail and proves that nothing was altered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from kernel.actor import system_actor
from kernel.unit_of_work import perform
from tests.browser.conftest import Site, Tab
from tests.factories.people import REGION, make_person
from tests.integration.webapp.modeler.desk import KEY, small_process

pytestmark = pytest.mark.browser


@pytest.fixture
def case_number(site: Site) -> str:
    """Deploy the small process and complete one instance of it."""
    database, engine = site.platform.database, site.platform.engine
    deployer = system_actor(permissions=frozenset({"definition.deploy"}))
    files = {name: content.encode() for name, content in small_process().items()}
    perform(
        database,
        "definition.deploy",
        deployer,
        lambda session: engine.deploy_files(session, deployer, KEY, files),
    )
    actor = make_person(database, "zhang", ["reviewer"]).actor
    started = perform(
        database,
        "instance.start",
        actor,
        lambda session: engine.start_instance(
            session, actor, KEY, {}, title="城市体征数据接口", region_code=REGION
        ),
    )
    with database.read() as session:
        (task_id,) = engine.instance(session, actor, started.id).task_ids
    perform(
        database,
        "user_task.complete",
        actor,
        lambda session: engine.complete_user_task(session, actor, task_id, {"opinion": "同意接入。"}),
    )
    return started.case_number


def supervise(site: Site, open_tab: Callable[..., Tab], **options: object) -> Tab:
    """Sign in somebody of the supervising department."""
    tab = open_tab(**options)
    tab.sign_in(make_person(site.platform.database, "jiandu", ["supervisor"]))
    return tab


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="desk"),
        pytest.param({"width": 390, "height": 844}, id="phone"),
        pytest.param({"scheme": "dark"}, id="dark"),
        pytest.param({"locale": "en"}, id="english"),
    ],
)
def test_a_supervisor_reads_and_verifies_a_trail(
    site: Site, open_tab: Callable[..., Tab], case_number: str, options: dict[str, object]
) -> None:
    tab = supervise(site, open_tab, **options)
    tab.open(f"/audit?text={case_number}")
    assert tab.accessibility_violations() == []

    tab.page.locator("tbody th a").first.click()
    expect(tab.page.locator(".diagram")).to_have_attribute("data-ready", "true", timeout=15_000)
    expect(tab.page.locator(".diagram")).to_have_attribute("data-warnings", "0")
    expect(tab.page.locator(".bjs-powered-by")).to_be_visible()
    expect(tab.page.get_by_text("同意接入。").first).to_be_attached()
    assert tab.accessibility_violations() == []
    assert not tab.scrolls_sideways()

    tab.page.locator("form[action$='/verification'] button").click()
    expect(tab.page.locator(".notice.ok")).to_be_visible()


def test_the_diagram_is_readable_without_seeing_it(
    site: Site, open_tab: Callable[..., Tab], case_number: str
) -> None:
    tab = supervise(site, open_tab)
    tab.open(f"/audit?text={case_number}")
    tab.page.locator("tbody th a").first.click()
    expect(tab.page.locator(".diagram")).to_have_attribute("data-ready", "true", timeout=15_000)

    tab.page.locator(".diagram-outline summary").click()

    assert tab.page.locator(".diagram-outline li").all_inner_texts()[1].startswith("办理：已完成")


def test_the_diagram_is_moved_and_zoomed_by_keyboard(
    site: Site, open_tab: Callable[..., Tab], case_number: str
) -> None:
    tab = supervise(site, open_tab)
    tab.open(f"/audit?text={case_number}")
    tab.page.locator("tbody th a").first.click()
    diagram = tab.page.locator(".diagram")
    expect(diagram).to_have_attribute("data-ready", "true", timeout=15_000)
    viewport = tab.page.locator(".diagram .viewport")
    fitted = viewport.get_attribute("transform")

    diagram.focus()
    tab.page.keyboard.press("+")
    tab.page.keyboard.press("ArrowLeft")
    assert viewport.get_attribute("transform") != fitted
    tab.page.keyboard.press("0")

    assert viewport.get_attribute("transform") == fitted


def test_the_wheel_scrolls_the_page_and_not_the_diagram(
    site: Site, open_tab: Callable[..., Tab], case_number: str
) -> None:
    tab = supervise(site, open_tab)
    tab.open(f"/audit?text={case_number}")
    tab.page.locator("tbody th a").first.click()
    diagram = tab.page.locator(".diagram")
    expect(diagram).to_have_attribute("data-ready", "true", timeout=15_000)
    fitted = tab.page.locator(".diagram .viewport").get_attribute("transform")

    diagram.hover()
    tab.page.mouse.wheel(0, 300)

    tab.wait_until("window.scrollY > 100")
    assert tab.page.locator(".diagram .viewport").get_attribute("transform") == fitted


@pytest.mark.parametrize("path", ["/audit/streams", "/audit/verification"])
def test_the_system_pages_are_accessible(
    site: Site, open_tab: Callable[..., Tab], case_number: str, path: str
) -> None:
    tab = supervise(site, open_tab)

    tab.open(path)

    assert tab.accessibility_violations() == []
