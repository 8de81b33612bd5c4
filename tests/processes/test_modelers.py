"""Every shipped diagram opens in bpmn-js and in camunda-bpmn-js, without a single import warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from tests.processes.story import PROCESSES

REPOSITORY = PROCESSES.parent
MODELERS = {
    "bpmn-js": "bpmn-js/dist/bpmn-modeler.production.min.js",
    "camunda-bpmn-js, platform": "camunda-bpmn-js/dist/camunda-platform-modeler.production.min.js",
    "camunda-bpmn-js, cloud": "camunda-bpmn-js/dist/camunda-cloud-modeler.production.min.js",
}
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
MODDLE = REPOSITORY / "webapp" / "frontend" / "src" / "diagram" / "moddle"
SAVE = """async ([xml, moddleExtensions]) => {
  const modeler = new window.BpmnJS({ container: '#canvas', moddleExtensions });
  const { warnings } = await modeler.importXML(xml);
  const saved = await modeler.saveXML({ format: true });
  modeler.destroy();
  return { warnings: warnings.map((warning) => warning.message), xml: saved.xml };
}"""
OPEN = """async (xml) => {
  const Modeler = window.BpmnModeler || window.BpmnJS;
  const modeler = new Modeler({ container: '#canvas' });
  const { warnings } = await modeler.importXML(xml);
  const drawn = modeler.get('elementRegistry').filter((element) => element.type !== 'label').length;
  modeler.destroy();
  return { warnings: warnings.map((warning) => warning.message), drawn };
}"""

pytestmark = pytest.mark.browser


def page_with(browser: Browser, name: str) -> Page:
    """Open an empty page with one of the modelers loaded."""
    script = REPOSITORY / "node_modules" / MODELERS[name]
    if not script.is_file():
        pytest.fail(f"{name} is missing: run `npm ci --ignore-scripts` in the repository.")
    page = browser.new_page()
    page.set_content('<div id="canvas" style="width: 800px; height: 600px"></div>')
    page.add_script_tag(path=script)
    return page


@pytest.fixture(scope="module", params=MODELERS)
def modeler(request: pytest.FixtureRequest, browser: Browser) -> Page:
    """A page with one of the modelers."""
    return page_with(browser, request.param)


def said(node: Any) -> tuple[Any, ...]:
    """Return what an XML element says, whatever the order and the white space."""
    parts = sorted((said(child) for child in node if isinstance(child.tag, str)), key=repr)
    return node.tag, tuple(sorted(node.attrib.items())), (node.text or "").strip(), tuple(parts)


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_it_opens_without_a_warning(diagram: Path, modeler: Page) -> None:
    opened = modeler.evaluate(OPEN, diagram.read_text(encoding="utf-8"))

    assert opened["warnings"] == []
    assert opened["drawn"] > 5


def test_saving_a_diagram_in_our_modeler_loses_nothing(browser: Browser) -> None:
    extensions = {
        name: orjson.loads((MODDLE / f"{name}.json").read_bytes()) for name in ("zujian", "spiffworkflow")
    }
    page = page_with(browser, "bpmn-js")

    for diagram in DIAGRAMS:
        xml = diagram.read_text(encoding="utf-8")
        saved = page.evaluate(SAVE, [xml, extensions])

        assert saved["warnings"] == []
        assert said(etree.fromstring(saved["xml"].encode())) == said(etree.fromstring(xml.encode())), (
            diagram.stem
        )
