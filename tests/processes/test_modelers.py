"""Every shipped diagram opens in bpmn-js and in camunda-bpmn-js, without a single import warning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.processes.story import PROCESSES

REPOSITORY = PROCESSES.parent
MODELERS = {
    "bpmn-js": "bpmn-js/dist/bpmn-modeler.production.min.js",
    "camunda-bpmn-js, platform": "camunda-bpmn-js/dist/camunda-platform-modeler.production.min.js",
    "camunda-bpmn-js, cloud": "camunda-bpmn-js/dist/camunda-cloud-modeler.production.min.js",
}
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
OPEN = """async (xml) => {
  const Modeler = window.BpmnModeler || window.BpmnJS;
  const modeler = new Modeler({ container: '#canvas' });
  const { warnings } = await modeler.importXML(xml);
  const drawn = modeler.get('elementRegistry').filter((element) => element.type !== 'label').length;
  modeler.destroy();
  return { warnings: warnings.map((warning) => warning.message), drawn };
}"""

pytestmark = pytest.mark.browser


def chromium() -> str:
    """Return the browser for tests; without one the tests fail and say what is missing."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("ZUJIAN_TEST_BROWSER") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("No Chromium: install one (apt install chromium) or set ZUJIAN_TEST_BROWSER to its path.")
    return found


@pytest.fixture(scope="module", params=MODELERS)
def modeler(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with one of the modelers loaded."""
    script = REPOSITORY / "node_modules" / MODELERS[request.param]
    if not script.is_file():
        pytest.fail(f"{request.param} is missing: run `npm ci --ignore-scripts` in the repository.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content('<div id="canvas" style="width: 800px; height: 600px"></div>')
        page.add_script_tag(path=script)
        yield page
        browser.close()


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_it_opens_without_a_warning(diagram: Path, modeler: Page) -> None:
    opened = modeler.evaluate(OPEN, diagram.read_text(encoding="utf-8"))

    assert opened["warnings"] == []
    assert opened["drawn"] > 20
