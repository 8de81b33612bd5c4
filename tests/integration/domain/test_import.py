"""Importing records: the samples, repeated, invalid and hostile ones."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionFilter
from domain.catalogue.service import ImportReport, import_components
from domain.catalogue.states import State
from domain.samples.components import import_samples, invalid_record, sample_records, write_attachments
from kernel import audit
from kernel.audit import AuditSearch
from kernel.errors import Invalid, NotAllowed
from kernel.files import FileStore
from tests.integration.domain.conftest import ActAs
from tests.unit.domain.records import valid_record


def imported(session: Session, act_as: ActAs, *records: Any, by: str = "fabu1") -> ImportReport:
    """Import records without attachments."""
    return import_components(session, act_as(by), records, source="test.json")


def broken(report: ImportReport, row: int = 0) -> list[str]:
    """Return the rules that a row broke."""
    return [breach.rule_id for breach in report.rows[row].breaches]


def test_the_samples_become_drafts_with_their_attachments(
    session: Session, act_as: ActAs, store: FileStore
) -> None:
    report = import_samples(session, act_as("fabu1"), store)

    assert report.count("created") == 20
    assert all(not row.breaches and not row.later and not row.notices for row in report.rows)
    version_id = report.rows[6].version_id
    assert version_id is not None
    detail = queries.version_detail(session, act_as("fabu1"), version_id)
    assert (detail.state, detail.name, detail.unit_name) == (
        State.DRAFT,
        "统一网络资源服务",
        "示例市数据局（示例）",
    )
    assert len(detail.attachments) == 6
    resources = detail.record["componentDetails"]["resources"]
    assert {attachment.file.reference for attachment in detail.attachments} >= set(resources.values())
    assert [change.event for change in detail.history] == ["CREATE"]


def test_importing_again_changes_nothing_and_says_so(
    session: Session, act_as: ActAs, store: FileStore
) -> None:
    first = import_samples(session, act_as("fabu1"), store)

    again = import_samples(session, act_as("fabu1"), store)

    assert again.count("unchanged") == 20
    assert [row.version_id for row in again.rows] == [row.version_id for row in first.rows]


def test_an_invalid_record_is_refused_with_every_broken_rule(session: Session, act_as: ActAs) -> None:
    report = imported(session, act_as, invalid_record(), valid_record())

    assert [row.outcome for row in report.rows] == ["refused", "created"]
    assert len(report.rows[0].breaches) == 30
    assert all(breach.clause and breach.mend.zh and breach.message.en for breach in report.rows[0].breaches)
    events = audit.search(session, AuditSearch(stream="system:import"))
    assert [event.outcome for event in events] == ["refused"]


def test_the_same_number_with_other_content_is_refused(session: Session, act_as: ActAs) -> None:
    imported(session, act_as, valid_record())

    report = imported(session, act_as, valid_record("remark", "改过的简介"))

    assert broken(report) == ["V-VER-02"]


def test_a_new_number_is_a_further_version_of_the_component(session: Session, act_as: ActAs) -> None:
    first = imported(session, act_as, valid_record()).rows[0].version_id

    second = imported(session, act_as, valid_record("version", "2.0.0")).rows[0].version_id

    assert first is not None
    assert second is not None
    actor = act_as("fabu1")
    component = queries.version_detail(session, actor, first).component_id
    page = queries.component_page(session, actor, component)
    assert [row.version for row in page.versions] == ["2.0.0", "1.3.0"]


def test_a_name_in_other_width_and_case_is_the_same_name(session: Session, act_as: ActAs) -> None:
    imported(session, act_as, valid_record("name", "Api 网关"))
    other = valid_record("name", "ＡＰＩ　网关") | {"componentId": "another-one"}
    other["apiInfo"] |= {"apiName": "另一接口", "apiCode": "other", "publicPath": "/other"}

    assert broken(imported(session, act_as, other)) == ["V-NAME-03"]


def test_api_values_of_another_component_are_taken(session: Session, act_as: ActAs) -> None:
    imported(session, act_as, valid_record())
    other = valid_record("name", "别的组件") | {"componentId": "another-one"}

    assert broken(imported(session, act_as, other)) == ["V-API-03", "V-API-05", "V-API-16"]


def test_a_record_without_the_later_parts_is_a_draft_all_the_same(session: Session, act_as: ActAs) -> None:
    record = valid_record("apiInfo")
    del record["componentDetails"]

    row = imported(session, act_as, record).rows[0]

    assert row.outcome == "created"
    assert [breach.rule_id for breach in row.later] == ["V-API-01", "V-DET-01"]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("text", "RECORD.OBJECT"),
        (None, "RECORD.OBJECT"),
        ({"name": "a\0b"}, "RECORD.CHARACTERS"),
        ({"name": "a\ud800"}, "RECORD.CHARACTERS"),
        ({"x": float("nan")}, "RECORD.NUMBER"),
        ({"x": 2**60}, "RECORD.NUMBER"),
        ({"x": "字" * 100_000}, "RECORD.SIZE"),
    ],
)
def test_what_no_database_could_keep_is_refused(
    session: Session, act_as: ActAs, value: Any, rule: str
) -> None:
    assert broken(imported(session, act_as, value)) == [rule]


def test_a_record_nested_too_deeply_is_refused(session: Session, act_as: ActAs) -> None:
    nested: dict[str, Any] = {}
    for _ in range(1000):
        nested = {"x": nested}

    assert broken(imported(session, act_as, nested)) == ["RECORD.DEPTH"]


def test_an_attachment_outside_the_folder_is_left_out(
    session: Session, act_as: ActAs, store: FileStore, tmp_path: Path
) -> None:
    root = tmp_path / "import"
    record = copy.deepcopy(sample_records()[6])
    write_attachments([record], root)
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.4 secret")
    record["componentDetails"]["resources"]["securityTestReport"] = "../secret.pdf"

    report = import_components(
        session, act_as("fabu1"), [record], source="x", store=store, attachments_root=root
    )

    assert [notice.path for notice in report.rows[0].notices] == [
        "componentDetails.resources.securityTestReport"
    ]
    assert report.rows[0].version_id is not None
    detail = queries.version_detail(session, act_as("fabu1"), report.rows[0].version_id)
    assert "securityTestReport" not in {attachment.kind for attachment in detail.attachments}


def test_only_the_releasing_unit_imports_and_only_for_itself(session: Session, act_as: ActAs) -> None:
    for user_name in ("tigong1", "yunying1", "shenhe1", "sysadmin", "shiyong"):
        with pytest.raises(NotAllowed):
            imported(session, act_as, valid_record(), by=user_name)

    province = copy.deepcopy(sample_records()[0])
    assert broken(imported(session, act_as, province, by="fabu2")) == ["IMPORT-UNIT"]
    assert imported(session, act_as, valid_record(), by="fabu2").rows[0].outcome == "created"


def test_too_many_records_at_once_are_refused(session: Session, act_as: ActAs) -> None:
    with pytest.raises(Invalid):
        imported(session, act_as, *([{}] * 1001))


def test_lists_show_what_the_grants_reach_page_after_page(
    session: Session, act_as: ActAs, store: FileStore
) -> None:
    import_samples(session, act_as("fabu1"), store)

    first = queries.versions(session, act_as("shenhe1"), limit=15)
    rest = queries.versions(session, act_as("shenhe1"), after=first.next)
    assert len({row.id for row in first.rows + rest.rows}) == 20
    assert rest.next is None
    assert {row.region_code for row in queries.versions(session, act_as("shenhe3")).rows} == {"990200"}
    assert {row.region_code for row in queries.versions(session, act_as("fabu2")).rows} == {"990100"}
    assert queries.versions(session, act_as("tigong1")).rows == ()
    with pytest.raises(NotAllowed):
        queries.versions(session, act_as("shiyong"))


def test_versions_are_found_by_two_characters_and_by_one(
    session: Session, act_as: ActAs, store: FileStore
) -> None:
    import_samples(session, act_as("fabu1"), store)

    def found(**wanted: Any) -> set[str]:
        page = queries.versions(session, act_as("shenhe1"), VersionFilter(**wanted))
        return {row.name for row in page.rows}

    assert found(text="认证") == {"统一认证中心"}
    assert found(text="图") == {"视频图像智能分析", "城市地图服务"}
    assert found(text="模型 ", technical_field="3") == {"政务通用大模型", "交通预测模型", "环境监测预报模型"}
    assert found(text="不存在") == set()
    assert found(technical_field="1", region_code="990100", layer="能力层") >= {"统一网络资源服务"}
