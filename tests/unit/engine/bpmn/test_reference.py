"""The reference names every rule by which a diagram is refused or an instance stops."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
_RULE = re.compile(r'"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)"')
_NOT_RULES = frozenset({"form.json"})


def test_every_rule_has_an_entry() -> None:
    reference = (ROOT / "docs" / "reference" / "bpmn.md").read_text("utf-8")
    sources = (path for room in ("bpmn", "dmn", "runtime") for path in (ROOT / "engine" / room).rglob("*.py"))
    used = {rule for path in sources for rule in _RULE.findall(path.read_text("utf-8"))}

    missing = {rule for rule in used - _NOT_RULES if f"`{rule}`" not in reference}

    assert len(used) > 80
    assert not missing
