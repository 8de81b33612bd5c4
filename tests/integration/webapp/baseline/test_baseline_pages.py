"""The pages of the security baseline: limits, licence policy, vulnerability data."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest

from domain.licences.queries import current_policy
from domain.vulnerabilities.queries import advisories_of, data_as_of
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from webapp.baseline.service import baseline_in_service, editions

pytestmark = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)


def data_set(*advisories: tuple[str, str, str]) -> bytes:
    """Return a zip of advisories: (id, ecosystem, package)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for identifier, ecosystem, package in advisories:
            affected = [{"package": {"ecosystem": ecosystem, "name": package}, "versions": ["1.0.0"]}]
            archive.writestr(f"{identifier}.json", json.dumps({"id": identifier, "affected": affected}))
    return content.getvalue()


def upload(visitor: Visitor, content: bytes, **said: str) -> str:
    """Import a data set through the page; return the page that answers."""
    fields = {
        "ecosystem": "Maven",
        "sha256": hashlib.sha256(content).hexdigest(),
        "data_as_of": "2026-11-01",
        **said,
    }
    answer = visitor.post("/baseline/data", {**fields, "file": (io.BytesIO(content), "all.zip")})
    assert answer.status_code == 303
    return visitor.get("/baseline/data").text


def test_the_security_administrator_puts_a_new_edition_in_force(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("secadmin")
    assert 'name="general.static.medium"' in visitor.get("/baseline").text

    visitor.post("/baseline", {"edition": "1", "reason": "收紧静态测试", "general.static.medium": "0"})

    page = visitor.get("/baseline").text
    with catalogue_desk.platform.database.read() as session:
        baseline, _checks = baseline_in_service(session, catalogue_desk.platform.engine)
        known = editions(session, catalogue_desk.platform.engine)
    limits = {(row.scope, row.item, row.severity): row.limit for row in baseline.limits}
    assert limits["general", "static", "medium"] == 0
    assert limits["admission", "vulnerabilities", "medium"] == 5
    assert [each.number for each in known] == [2, 1]
    assert "收紧静态测试" in page


@pytest.mark.parametrize("said", [{"reason": ""}, {"edition": "7"}, {"general.static.medium": "-1"}])
def test_a_change_without_reason_on_an_old_edition_or_to_nonsense_is_refused(
    catalogue_desk: CatalogueDesk, said: dict[str, str]
) -> None:
    visitor = catalogue_desk.visitor("secadmin")

    visitor.post("/baseline", {"edition": "1", "reason": "收紧", "general.static.medium": "0", **said})

    with catalogue_desk.platform.database.read() as session:
        baseline, _checks = baseline_in_service(session, catalogue_desk.platform.engine)
    assert baseline.edition == 1


def test_others_read_the_baseline_and_may_not_change_it(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("tigong1")

    page = visitor.get("/baseline")
    refused = visitor.post("/baseline", {"edition": "1", "reason": "放宽", "general.static.high": "9"})

    assert page.status_code == 200
    assert 'name="general.static.medium"' not in page.text
    assert refused.status_code == 403


def test_the_licence_policy_is_kept_edition_by_edition(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("secadmin")

    said = {"edition": "0", "allowed": "MIT\nApache-2.0", "denied": "GPL-3.0-only", "reason": "按法务意见"}
    visitor.post("/baseline/licences", said)
    both = visitor.post("/baseline/licences", {**said, "edition": "1", "denied": "mit"})

    assert both.status_code == 303
    assert "同时在两个名单中" in visitor.get("/baseline/licences").text
    with catalogue_desk.platform.database.read() as session:
        policy = current_policy(session)
    assert (policy.edition, policy.denied) == (1, frozenset({"GPL-3.0-only"}))


def test_a_data_set_is_imported_once_and_replaced_whole(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("secadmin")
    first = data_set(("GHSA-1", "Maven", "a:b"), ("GHSA-2", "Maven", "c:d"), ("GHSA-3", "npm", "left-pad"))

    assert "已导入 2 条漏洞记录" in upload(visitor, first)
    assert "未作改动" in upload(visitor, first)
    second = data_set(("GHSA-2", "Maven", "c:d"))
    assert "已导入 1 条漏洞记录" in upload(visitor, second, data_as_of="2026-11-15")

    with catalogue_desk.platform.database.read() as session:
        assert advisories_of(session, "Maven", "a:b") == []
        assert [each["id"] for each in advisories_of(session, "Maven", "c:d")] == ["GHSA-2"]
        day = data_as_of(session, "Maven")
        assert day is not None
        assert day.isoformat() == "2026-11-15"
        assert data_as_of(session, "npm") is None


@pytest.mark.parametrize(
    ("content", "said", "expected"),
    [
        (b"no zip at all", {}, "不是完整的 zip 文件"),
        (data_set(("GHSA-1", "Maven", "a:b")), {"sha256": "0" * 64}, "SHA-256 不符"),
        (data_set(("GHSA-1", "Maven", "a:b")), {"sha256": "short"}, "应提供文件的 SHA-256"),
        (data_set(("GHSA-1", "Maven", "a:b")), {"data_as_of": "2999-01-01"}, "不晚于今天"),
        (data_set(("GHSA-1", "Maven", "a:b")), {"ecosystem": "../etc"}, "OSV 名称"),
        (data_set(("GHSA-1", "PyPI", "a")), {}, "没有 Maven 的漏洞记录"),
        (data_set(("../../outside", "Maven", "a:b")), {}, "越出目录的路径"),
    ],
)
def test_a_data_set_that_cannot_be_trusted_changes_nothing(
    catalogue_desk: CatalogueDesk, content: bytes, said: dict[str, str], expected: str
) -> None:
    assert expected in upload(catalogue_desk.visitor("secadmin"), content, **said)

    with catalogue_desk.platform.database.read() as session:
        assert data_as_of(session, "Maven") is None


def test_an_advisory_that_expands_beyond_all_measure_is_refused(catalogue_desk: CatalogueDesk) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.json", b" " * (32 * 1024 * 1024))

    assert "压缩炸弹" in upload(catalogue_desk.visitor("secadmin"), content.getvalue())
