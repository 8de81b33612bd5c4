"""The matrix of conformance as supervisors see it."""

from __future__ import annotations

import pytest
from lxml import html

from domain.conformance.matrix import Status, counts, matrix
from tests.integration.webapp.catalogue_desk import CatalogueDesk


def test_every_requirement_stands_on_the_page(catalogue_desk: CatalogueDesk) -> None:
    page = html.fromstring(catalogue_desk.visitor("jiandu").get("/conformance").text)

    shown = page.xpath("//ul[@class='matrix']/li/@id")
    assert shown == [row.requirement.id for row in matrix()]


def test_the_matrix_is_filtered_by_chapter_status_and_text(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("jiandu")

    for query, wanted in (
        ("chapter=9", {row.requirement.id for row in matrix() if row.requirement.clause.startswith("9")}),
        ("text=T1-03", {"T1-03"}),
        ("status=planned", {row.requirement.id for row in matrix() if row.status is Status.PLANNED}),
    ):
        page = html.fromstring(visitor.get(f"/conformance?{query}").text)
        assert set(page.xpath("//ul[@class='matrix']/li/@id")) == wanted, query


def test_what_nothing_matches_is_said(catalogue_desk: CatalogueDesk) -> None:
    answer = catalogue_desk.visitor("jiandu").get("/conformance?text=没有这样的要求")

    assert "没有符合条件的要求" in answer.text


def test_the_matrix_is_handed_out_as_a_file(catalogue_desk: CatalogueDesk) -> None:
    answer = catalogue_desk.visitor("jiandu").get("/conformance/matrix.csv")

    assert answer.mimetype == "text/csv"
    assert len(answer.text.splitlines()) == 226


@pytest.mark.parametrize("user_name", ["fabu1", "tigong1", "shiyong"])
def test_it_is_for_operators_supervisors_and_administrators(
    catalogue_desk: CatalogueDesk, user_name: str
) -> None:
    assert catalogue_desk.visitor(user_name).get("/conformance").status_code == 403


def test_the_counts_add_up() -> None:
    rows = matrix()

    assert sum(counts(rows).values()) == len(rows) == 225
