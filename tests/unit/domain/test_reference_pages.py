"""The reference pages say what the tables say."""

from __future__ import annotations

from tests.unit.domain import reference_pages


def test_the_page_of_table_1_is_the_table() -> None:
    page = reference_pages.REFERENCE / "table-1-rules.md"

    assert page.read_text(encoding="utf-8") == reference_pages.table_1_page()


def test_the_page_of_the_states_is_the_table() -> None:
    page = reference_pages.REFERENCE / "component-states.md"

    assert page.read_text(encoding="utf-8") == reference_pages.states_page()
