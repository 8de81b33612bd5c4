"""What a coverage file may say, and what is refused with its cure."""

from pathlib import Path

import pytest

from domain.conformance.matrix import CoverageMalformed, Status, coverage


def told(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "area.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_covered_row_says_what_meets_it(tmp_path: Path) -> None:
    rows = coverage([told(tmp_path, '["T1-03"]\ncheck = ["V-FA-01"]')])

    assert rows["T1-03"].status is Status.COVERED
    assert rows["T1-03"].means == {"check": ("V-FA-01",)}


def test_a_planned_row_says_why_in_both_languages(tmp_path: Path) -> None:
    text = '["T1-03"]\nstatus = "planned"\nnote = { zh = "待办", en = "To come" }'

    assert coverage([told(tmp_path, text)])["T1-03"].note


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('["T1-99"]\ncheck = ["V"]', "no requirement"),
        ('["T1-03"]', "covered by what"),
        ('["T1-03"]\nstatus = "planned"', "say why"),
        ('["T1-03"]\nchecks = ["V"]', "unknown keys"),
    ],
)
def test_a_row_that_says_too_little_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(CoverageMalformed, match=problem):
        coverage([told(tmp_path, text)])


def test_a_requirement_stands_in_one_file(tmp_path: Path) -> None:
    path = told(tmp_path, '["T1-03"]\ncheck = ["V-FA-01"]')

    with pytest.raises(CoverageMalformed, match="another file"):
        coverage([path, path])
