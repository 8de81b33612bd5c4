"""Whatever a shipped form or diagram ends with is named in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from webapp import languages
from webapp.outcomes import outcome_text

PROCESSES = Path(__file__).resolve().parents[3] / "processes"
HAN = re.compile("[\u4e00-\u9fff]")
RESULT = re.compile(r'zujian:result="([^"]+)"')


def shipped_outcomes() -> set[str]:
    """Return what the forms offer as outcome, and the results of the diagrams."""
    found: set[str] = set()
    for path in PROCESSES.glob("*/forms/*.json"):
        outcome = json.loads(path.read_bytes())["properties"].get("outcome", {})
        found.update(outcome.get("enum", ()))
    for path in PROCESSES.glob("*/*.bpmn"):
        found.update(RESULT.findall(path.read_text("utf-8")))
    return found


@pytest.fixture(autouse=True)
def _in_a_page() -> Iterator[None]:
    app = Flask("webapp")
    languages.init_app(app)
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize("outcome", sorted(shipped_outcomes()))
def test_an_outcome_has_words(outcome: str) -> None:
    with force_locale("zh_CN"):
        chinese = outcome_text(outcome)
    with force_locale("en"):
        english = outcome_text(outcome)

    assert HAN.search(chinese), chinese
    assert english
    assert not HAN.search(english)


def test_what_nobody_knows_is_shown_as_it_is() -> None:
    assert (outcome_text("wished"), outcome_text(None)) == ("wished", "")
