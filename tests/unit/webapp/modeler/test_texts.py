"""Every text that a script shows in Chinese has its English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4] / "webapp" / "frontend" / "src"
SHOWN = re.compile(r"""translate\(\s*(?:'([^']+)'|"([^"]+)")""")
KEY = re.compile(r"""^  (?:'([^']+)'|"([^"]+)"|([^\s'":]+)):""", re.MULTILINE)


def texts(pattern: re.Pattern[str], files: list[Path]) -> set[str]:
    found = (match for file in files for match in pattern.finditer(file.read_text("utf-8")))
    return {next(group for group in match.groups() if group) for match in found}


@pytest.mark.parametrize(
    ("room", "english"),
    [("modeler", ["modeler/texts/en.ts", "diagram/texts.ts"]), ("diagram", ["diagram/texts.ts"])],
)
def test_every_chinese_text_of_a_script_has_its_english(room: str, english: list[str]) -> None:
    shown = texts(SHOWN, sorted((SOURCE / room).rglob("*.ts")))
    translated = texts(KEY, [SOURCE / name for name in english])

    assert shown
    assert shown - translated == set()
