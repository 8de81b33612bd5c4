"""Admission of external products: clauses 6.1.3 and 11.6.1a."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.admissions import queries
from domain.admissions.queries import AdmissionRow
from domain.samples.artefacts.making import write_artefact
from engine.api import InstanceFilter
from kernel.errors import Rejected
from tests.conformance.assessing import PLATFORM, Case, import_advisories, stored
from tests.integration.webapp.catalogue_desk import CatalogueDesk

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("stage", ["sqlite"], indirect=True)]


def apply(desk: CatalogueDesk, origin: str) -> Case:
    """Start an admission through the page, as a provider."""
    visitor = desk.visitor("tigong1")
    visitor.get("/admissions")
    answer = visitor.post("/admissions", {"origin": origin})
    assert answer.status_code == 303
    with desk.platform.database.read() as session:
        rows = desk.platform.engine.instances(session, desk.actor("jiandu"), InstanceFilter(limit=100)).rows
    started = next(row for row in rows if str(row.id) in answer.location)
    return Case(desk, started.id).run()


def product(origin: str, **changes: Any) -> dict[str, Any]:
    """Return what a provider says of a product."""
    said = {
        "origin": origin,
        "name": "示例消息队列",
        "productVersion": "3.2.0",
        "supplier": "示例开源社区",
        "licence": "Apache-2.0",
        "digest": "a1" * 32,
        "signature": "GPG 指纹 1234 ABCD，已用公钥验证",
        "purpose": "组件间异步通信",
        **changes,
    }
    return {name: value for name, value in said.items() if value}


def admission_of(desk: CatalogueDesk) -> list[AdmissionRow]:
    """Return every admission, newest first."""
    with desk.platform.database.read() as session:
        return queries.admissions(session, PLATFORM)[0]


@pytest.mark.requirement("R-11.6.1a1")
@pytest.mark.parametrize("origin", ["own", "third_party", "open_source"])
def test_whatever_its_origin_a_product_needs_origin_supplier_digest_and_signature(
    catalogue_desk: CatalogueDesk, origin: str
) -> None:
    case = apply(catalogue_desk, origin)

    for missing in ("origin", "supplier", "digest", "signature"):
        with pytest.raises(Rejected):
            case.complete("tigong1", {"application": {**product(origin), missing: " "}, "outcome": "submit"})
        assert admission_of(catalogue_desk) == []
    case.complete("tigong1", {"application": product(origin), "outcome": "submit"})

    (row,) = admission_of(catalogue_desk)
    assert (row.origin, row.supplier, row.digest) == (origin, "示例开源社区", "a1" * 32)
    assert "1234 ABCD" in row.signature


@pytest.mark.requirement("R-6.1.3a")
def test_market_procurement_needs_the_qualification_of_the_supplier_and_the_contract(
    catalogue_desk: CatalogueDesk,
) -> None:
    case = apply(catalogue_desk, "third_party")
    bought = {
        "introductionMode": "市场采购",
        "supplierQualification": "软件企业证书",
        "contractNumber": "HT-2026-7",
    }

    for missing in ("supplierQualification", "contractNumber"):
        given = product("third_party", **{**bought, missing: ""})
        with pytest.raises(Rejected):
            case.complete("tigong1", {"application": given, "outcome": "submit"})
    case.complete("tigong1", {"application": product("third_party", **bought), "outcome": "submit"})

    (row,) = admission_of(catalogue_desk)
    assert (row.supplier_qualification, row.contract_number) == ("软件企业证书", "HT-2026-7")


@pytest.mark.requirement("R-11.6.1a2")
def test_a_denied_licence_blocks_and_an_unknown_one_goes_to_the_operator(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    import_advisories(catalogue_desk)
    denied = apply(catalogue_desk, "open_source")
    denied.complete(
        "tigong1", {"application": product("open_source", licence="SSPL-1.0"), "outcome": "submit"}
    )
    assert denied.outcome == ("completed", "refused")
    assert admission_of(catalogue_desk)[0].standing == "refused"

    reference, digest = stored(catalogue_desk, "tigong1", write_artefact("jar", tmp_path, planted=False))
    unknown = apply(catalogue_desk, "open_source")
    given = product("open_source", licence="示例自定义许可", digest=digest, artefact=reference)
    unknown.complete("tigong1", {"application": given, "outcome": "submit"})

    assert admission_of(catalogue_desk)[0].licence_verdict == "unknown"
    assert unknown.data("yunying1")["licenceVerdict"] == "unknown"


@pytest.mark.requirement("R-11.6.1a3")
def test_a_product_with_a_known_vulnerable_library_is_not_admitted(
    catalogue_desk: CatalogueDesk, tmp_path: Path
) -> None:
    import_advisories(catalogue_desk)
    reference, digest = stored(catalogue_desk, "tigong1", write_artefact("jar", tmp_path, planted=True))
    case = apply(catalogue_desk, "third_party")

    given = product("third_party", digest=digest, artefact=reference)
    case.complete("tigong1", {"application": given, "outcome": "submit"})

    assert admission_of(catalogue_desk)[0].standing == "open"
    assert case.task("yunying1") is None
    findings = case.data("tigong1")["findings"]
    assert any("依赖漏洞库比对" in each["title"] for each in findings)
    page = catalogue_desk.visitor("yunying1").get("/assessments/libraries?name=log4j").text
    assert "log4j-core@2.14.1" in page
