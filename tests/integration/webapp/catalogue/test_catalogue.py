"""The catalogue's pages: what one sees, imports and starts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl

from domain.catalogue import queries
from domain.samples.components import invalid_record
from kernel import audit
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.catalogue_desk import CatalogueDesk, as_file, record


def upload(visitor: Visitor, records: Any) -> Any:
    visitor.get("/components/import")
    content = records if isinstance(records, bytes) else as_file(records)
    return visitor.post("/components/import", {"file": (BytesIO(content), "components.json")})


def test_the_list_shows_what_the_grants_reach(catalogue_desk: CatalogueDesk) -> None:
    province, city = catalogue_desk.visitor("fabu1"), catalogue_desk.visitor("fabu2")

    all_of_it, own = province.get("/components"), city.get("/components")

    assert "统一认证中心" in all_of_it.text
    assert "统一认证中心" not in own.text
    assert "城市地图服务" in own.text


def test_the_list_is_filtered_by_name_state_and_form(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    by_name = visitor.get("/components?text=地图")
    by_form = visitor.get("/components?form=2")
    by_state = visitor.get("/components?state=PUBLISHED")

    assert "城市地图服务" in by_name.text
    assert "统一认证中心" not in by_name.text
    assert "政策咨询智能体" in by_form.text
    assert "城市地图服务" not in by_form.text
    assert "没有符合条件的组件" in by_state.text


def test_a_version_is_shown_in_words_with_its_attachments(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    answer = visitor.get(f"/components/{catalogue_desk.version_id('统一融合调度')}")

    for text in ("接口信息", "/open/fusion-dispatch/v2", "功能测试报告", "非托管", "尚未检查"):
        assert text in answer.text


def test_a_version_out_of_reach_is_not_found(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu2")

    answer = visitor.get(f"/components/{catalogue_desk.version_id('统一认证中心')}")

    assert answer.status_code == 404


def test_a_good_record_becomes_a_draft(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    answer = upload(visitor, [record()])

    assert answer.status_code == 200
    assert "已导入为草稿" in answer.text
    assert catalogue_desk.version_id("示例新组件")


def test_every_broken_rule_of_a_bad_record_is_named_in_both_languages(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    chinese = upload(visitor, [invalid_record()])
    visitor.get("/components/import")
    visitor.post("/language", {"language": "en"})
    english = upload(visitor, [invalid_record()])

    for rule in ("V-NAME-01", "V-VER-01", "V-SCO-01", "V-API-08", "V-DET-05"):
        assert rule in chinese.text
    assert "组件名称为必填项" in chinese.text
    assert "The name is required" in english.text


def test_a_refused_record_does_not_keep_a_good_one_out(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    upload(visitor, [invalid_record(), record()])

    assert catalogue_desk.version_id("示例新组件")
    with catalogue_desk.platform.database.read() as session:
        events = audit.events_of_stream(session, "system:import")
    assert [event.outcome for event in events] == ["refused"]


def test_a_file_that_is_no_json_is_refused_with_the_place(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    answer = upload(visitor, b'[{"name": ]')

    assert answer.status_code == 422
    assert "第 1 行" in answer.text


def test_only_a_releasing_unit_imports(catalogue_desk: CatalogueDesk) -> None:
    assert catalogue_desk.visitor("shenhe1").get("/components/import").status_code == 403


def test_a_creation_is_started_from_the_form(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu2")
    visitor.get("/components/new")

    refused = visitor.post("/components/new", {"name": "示例新组件", "version": "v1", "build_mode": "新建"})
    started = visitor.post(
        "/components/new", {"name": "示例新组件", "version": "1.0.0", "build_mode": "新建"}
    )
    catalogue_desk.platform.engine.run_due(catalogue_desk.platform.database)

    assert refused.status_code == 422
    assert "版本号应为" in refused.text
    assert started.status_code == 303
    assert visitor.get(started.location).status_code == 200
    assert catalogue_desk.version_id("示例新组件")


def test_a_draft_is_taken_into_its_process_once(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu2")
    page = f"/components/{catalogue_desk.version_id('统一融合调度')}"
    before = visitor.get(page)

    visitor.post(f"{page}/cases/component-creation")
    after = visitor.get(page)

    assert "办理创建" in before.text
    assert "已发起，办件编号 ZJ-990100-" in after.text
    assert "办理中" in after.text
    assert "办理创建" not in after.text


def test_a_process_that_does_not_fit_the_state_is_refused(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("yunying1")
    version_id = catalogue_desk.version_id("统一融合调度")
    page = f"/components/{version_id}"
    visitor.get(page)

    visitor.post(f"{page}/cases/component-publishing", {"action": "publish"})

    assert "不能发起该流程" in visitor.get(page).text
    with catalogue_desk.platform.database.read() as session:
        events = audit.search(session, audit.AuditSearch(subject_id=version_id))
    assert ("instance.start", "refused") in {(event.action, event.outcome) for event in events}


def test_the_mandate_of_a_draft_cannot_be_revoked(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu2")
    page = f"/components/{catalogue_desk.version_id('统一融合调度')}"
    shown = visitor.get(page)

    visitor.post(f"{page}/revocation", {"reason": "更换提供方"})

    assert "收回授权" not in shown.text
    assert "不能发起该流程" in visitor.get(page).text


def test_pages_follow_each_other_by_key(catalogue_desk: CatalogueDesk) -> None:
    with catalogue_desk.platform.database.read() as session:
        actor = catalogue_desk.actor("fabu1")
        first = queries.versions(session, actor, limit=12)
        second = queries.versions(session, actor, after=first.next, limit=12)

    names = [row.name for row in (*first.rows, *second.rows)]
    assert len(names) == len(set(names)) == 20


def test_a_broken_workbook_is_explained_cell_by_cell_and_a_rehearsal_keeps_nothing(
    catalogue_desk: CatalogueDesk,
) -> None:
    visitor = catalogue_desk.visitor("fabu1")
    template = visitor.client.get("/components/import/template.xlsx").data
    book = openpyxl.load_workbook(BytesIO(template))
    sheet = book["组件"]
    columns = {sheet.cell(1, place).value: place for place in range(1, sheet.max_column + 1)}
    good = {
        "name": "示例表格组件", "version": "1.0.0", "remark": "来自表格", "image": "平台内置",
        "functionalAreas": "0 基础服务", "useRequirements": "推荐类", "technicalField": "5 其他",
        "extension.layer": "能力层", "extension.capabilityClass": "基础支撑",
        "extension.buildMode": "外部引入", "publicRegion": "示例市", "publicScope": "1", "isHosting": 0,
        "releaseCompanyInfo": "单位:示例市数据局（示例）", "isCharge": 2, "serviceProviderInfo": "示例公司",
    }  # fmt: skip
    for row, changes in ((4, {}), (5, {"name": "示例表格组件二", "publicScope": "2", "isHosting": "=1+1"})):
        for key, value in {**good, **changes}.items():
            sheet.cell(row, columns[key]).value = value
    stream = BytesIO()
    book.save(stream)

    def sent(mode: str) -> str:
        visitor.get("/components/import")
        data = {"file": (BytesIO(stream.getvalue()), "组件.xlsx"), "mode": mode}
        return visitor.post("/components/import", data).get_data(as_text=True)

    rehearsed, listed = sent("rehearse"), visitor.get("/components?text=示例表格").get_data(as_text=True)
    imported, again = sent("import"), sent("import")

    for page in (rehearsed, imported):
        assert f"组件!{openpyxl.utils.get_column_letter(columns['publicScope'])}5" in page
        assert f"组件!{openpyxl.utils.get_column_letter(columns['isHosting'])}5" in page
        assert "XLSX-FORMULA" in page
    assert "没有保存任何内容" in rehearsed
    assert "没有符合条件的组件" in listed
    assert "已导入为草稿" in imported
    assert "与已有版本相同，未改动" in again


def test_what_is_exported_can_be_imported_again_unchanged(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")

    for kind in ("json", "xlsx"):
        exported = visitor.client.get(f"/components/export.{kind}?form=2").data
        visitor.get("/components/import")
        answer = visitor.post("/components/import", {"file": (BytesIO(exported), f"a.{kind}")})
        page = answer.get_data(as_text=True)

        assert answer.status_code == 200, page
        assert page.count("与已有版本相同，未改动") == 1, page
        assert "改法：" not in page
