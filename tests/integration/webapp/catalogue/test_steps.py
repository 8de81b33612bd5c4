"""A draft filled in step by step: saved as it is, taken up again, started when it is complete."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

from domain.catalogue import queries, service
from domain.catalogue.service import attach_file
from kernel.errors import StaleState
from kernel.language import Text
from tests.conformance.office import Office, office
from tests.integration.webapp.browser import Visitor

__all__ = ["office"]

CLASSES = {
    "functionalAreas": "0", "useRequirements": "强制", "technicalField": "5", "extension.layer": "能力层",
    "extension.capabilityClass": "基础支撑", "extension.buildMode": "新建", "publicRegion": "示例省",
    "publicScope": "1", "isHosting": "0", "isCharge": "2",
}  # fmt: skip


def opened(office: Office) -> tuple[Visitor, str]:
    """Open a draft and return who fills it in, and its address."""
    visitor = office.visitor("fabu1")
    visitor.get("/components/new")
    form = {"name": "示例分步组件", "version": "1.0.0", "build_mode": "新建", "mode": "steps"}
    answer = visitor.post("/components/new", form)
    return visitor, answer.location.removesuffix("/steps")


def saved(visitor: Visitor, address: str, step: str, **fields: Any) -> Any:
    """Save a step."""
    visitor.get(f"{address}/steps/{step}")
    return visitor.post(f"{address}/steps/{step}", {"go": "next", **fields})


def test_a_step_with_errors_is_kept_and_says_what_is_wrong(office: Office) -> None:
    visitor, address = opened(office)
    basics = {"name": "示例分步组件", "version": "1.0.0", "image": "平台内置"}

    answer = saved(visitor, address, "basics", **basics, remark="简介", demoAddress="not a url")

    assert answer.status_code == 422
    assert "应为有效的 http 或 https 地址" in answer.text
    again = visitor.get(f"{address}/steps/basics").text
    assert ">not a url</textarea>" in again
    answer = saved(visitor, address, "basics", **basics, remark="简介", demoAddress="")
    assert answer.location.endswith("/steps/classes")
    record = office.detail(address.rpartition("/")[2])["record"]
    assert "demoAddress" not in record
    assert record["remark"] == "简介"


def test_one_goes_on_where_something_is_missing_and_starts_when_nothing_is(office: Office) -> None:
    visitor, address = opened(office)
    basics = {"name": "示例分步组件", "version": "1.0.0", "image": "平台内置", "remark": "简介"}
    saved(visitor, address, "basics", **basics)
    saved(visitor, address, "classes", **CLASSES)
    assert "尚未齐全" in visitor.get(f"{address}/steps/summary").text

    assert visitor.get(f"{address}/steps").location.endswith("/steps/units")
    saved(
        visitor,
        address,
        "units",
        releaseCompanyInfo="单位:示例省数据局（示例）",
        serviceProviderInfo="甲\n乙",
    )

    summary = visitor.get(f"{address}/steps/summary").text
    assert "发起创建流程" in summary
    record = office.detail(address.rpartition("/")[2])["record"]
    assert (record["functionalAreas"], record["isCharge"]) == (0, "2")
    assert record["serviceProviderInfo"] == ["甲", "乙"]


def test_an_uploaded_report_is_attached_when_saving_it_lost_a_race_at_first(office: Office) -> None:
    visitor, address = opened(office)
    visitor.get(f"{address}/steps/details")
    path = "componentDetails.resources.functionalTestReport"
    lost = [StaleState(Text("稍后再试", "Try again later"))]

    def attach(*given: Any) -> None:
        if lost:
            raise lost.pop()
        attach_file(*given)

    with patch.object(service, "attach_file", attach):
        visitor.post(f"{address}/steps/details", {f"{path}.upload": (BytesIO(b"report"), "report.txt")})

    with office.platform.database.read() as session:
        detail = queries.version_detail(session, office.actor("fabu1"), UUID(address.rpartition("/")[2]))
    assert not lost
    assert [each.kind for each in detail.attachments] == ["functionalTestReport"]


def test_a_stranger_cannot_fill_in_a_draft(office: Office) -> None:
    _visitor, address = opened(office)

    assert office.visitor("tigong1").get(f"{address}/steps/basics").status_code == 404
    assert office.visitor("shenhe1").get(f"{address}/steps/basics").status_code == 403


def test_persons_come_from_a_file_on_the_page(office: Office) -> None:
    administrator = office.visitor("sysadmin")
    administrator.get("/people/import")
    text = "姓名,用户名,单位\n示例一,yi,示例市数据局（示例）\n示例二,er,没有的单位\n"

    def sent(mode: str) -> str:
        data = {"register": "persons", "mode": mode, "file": (BytesIO(text.encode()), "a.csv")}
        return administrator.post("/people/import", data).get_data(as_text=True)

    rehearsed, done, again = sent("rehearse"), sent("import"), sent("import")

    assert "没有保存任何内容" in rehearsed
    assert 'class="secret"' not in rehearsed
    assert done.count('class="secret"') == 1
    assert "register.unit" in done
    assert 'class="secret"' not in again
    assert office.visitor("secadmin").get("/people/import").status_code == 403
