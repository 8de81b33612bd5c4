"""Values before and after an event, and cells of a table that a spreadsheet must not run."""

from __future__ import annotations

from webapp.audit.export import without_formula
from webapp.audit.values import Change, changes, statements


def test_only_fields_that_differ_are_shown_by_their_path() -> None:
    before = {"record": {"name": "甲", "ports": [80, 443], "kept": 1}}
    after = {"record": {"name": "乙", "ports": [80, 8443], "kept": 1, "added": True}}

    assert changes(before, after) == [
        Change("record.added", "—", "true", "added"),
        Change("record.name", "甲", "乙", "changed"),
        Change("record.ports.2", "443", "8443", "changed"),
    ]


def test_a_removed_field_keeps_its_old_value() -> None:
    assert changes({"a": "x"}, None) == [Change("a", "x", "—", "removed")]


def test_plain_statements_have_no_before() -> None:
    assert statements({"format": "csv", "empty": {}}) == [
        Change("format", "", "csv", "stated"),
        Change("empty", "", "{}", "stated"),
    ]


def test_a_cell_that_begins_like_a_formula_is_quoted() -> None:
    assert without_formula("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert without_formula("同意") == "同意"
