"""English is complete: every text that pages and code mark has a translation with the same blanks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEBAPP = Path(__file__).resolve().parents[3] / "webapp"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
BLANK = re.compile(r"%\(\w+\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")
# What scripts ask for, and what they register with addEnglish({…}).
ASKED = re.compile(r"translate\(\s*'([^']+)'")
ENGLISH = re.compile(r"addEnglish\(\{(.*?)\n\}\)", re.DOTALL)
KEY = re.compile(r"^\s*('[^']+'|[^\s:']+):", re.MULTILINE)


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (WEBAPP / "translations/en/LC_MESSAGES/messages.po").open("rb") as stream:
        return read_po(stream)


def test_every_marked_text_has_an_english_translation(catalogue: Catalog) -> None:
    marked = {
        text if isinstance(text, str) else text[0]
        for _file, _line, text, _comments, _context in extract_from_dir(WEBAPP, METHODS, keywords=KEYWORDS)
    }
    translated = {_key(message) for message in catalogue if message.id and all(_texts(message))}

    assert sorted(marked - translated) == []


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    marked = {
        text if isinstance(text, str) else text[0]
        for _file, _line, text, _comments, _context in extract_from_dir(WEBAPP, METHODS, keywords=KEYWORDS)
    }

    assert sorted(_key(message) for message in catalogue if message.id and _key(message) not in marked) == []


def test_a_translation_has_the_blanks_of_its_text_and_no_chinese(catalogue: Catalog) -> None:
    wrong = [
        (_key(message), text)
        for message in catalogue
        if message.id
        for text in _texts(message)
        if set(BLANK.findall(text)) != set(BLANK.findall(_key(message))) or HAN.search(text)
    ]

    assert wrong == []


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_every_text_of_the_scripts_has_an_english_translation() -> None:
    sources = [path.read_text("utf-8") for path in (WEBAPP / "frontend/src").rglob("*.ts")]
    asked = {text for source in sources for text in ASKED.findall(source) if HAN.search(text)}
    known = {
        key.strip("'\"")
        for source in sources
        for block in ENGLISH.findall(source)
        for key in KEY.findall(block)
    }

    assert sorted(asked - known) == []
