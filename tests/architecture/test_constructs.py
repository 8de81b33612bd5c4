"""The table of constructs in the reference is true: what it names exists, and it names everything."""

import ast
import re
from pathlib import Path

import pytest

from engine.bpmn import vocabulary

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "bpmn.md").read_text("utf-8")


def _rows() -> list[list[str]]:
    section = PAGE.split("## Constructs")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0][:60])
def test_each_construct_has_a_verdict_a_clause_and_a_test_that_exists(row: list[str]) -> None:
    _construct, verdict, clause, shown_by = row

    assert verdict in {"executed", "refused"}
    assert re.fullmatch(r"\d+(\.\d+)*(, \d+(\.\d+)*)*", clause)
    shown = re.findall(r"`([^`]+)`", shown_by)
    assert shown
    for each in shown:
        path, _, name = each.partition("::")
        tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert not name or name in functions, f"{each} does not exist"


def test_every_tag_that_is_read_has_a_row_that_says_it_is_executed() -> None:
    executed = " ".join(row[0] for row in _rows() if row[1] == "executed")

    missing = {
        tag for tag in {*vocabulary.FLOW_NODES, *vocabulary.EVENT_DEFINITIONS} if f"`{tag}`" not in executed
    }

    assert not missing
