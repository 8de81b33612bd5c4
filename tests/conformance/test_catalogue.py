"""The catalogue: classes, duplicates, build modes, export, scope and network zones, as people use them."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from domain.catalogue import service
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import GuardNotMet
from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import Event, State
from domain.market import service as market
from kernel import audit
from kernel.actor import system_actor
from kernel.audit import AuditSearch
from kernel.ids import new_id
from tests.conformance.office import Office, extended, good

TABLE_1 = (
    "name", "version", "functionalAreas", "useRequirements", "technicalField", "isCharge", "publicRegion",
    "publicScope", "isHosting", "remark", "image", "demoAddress", "releaseCompanyInfo",
    "serviceProviderInfo", "apiInfo", "componentDetails",
)  # fmt: skip


def taken_in(office: Office, **changes: Any) -> UUID:
    """Import a component and return its version."""
    (row,) = office.take_in(good(componentId=..., **changes))
    assert row["accepted"], row["breaches"]
    return UUID(row["versionId"])


def published(office: Office, **changes: Any) -> UUID:
    """Put a component into the market without the way there; return its version."""
    version_id = taken_in(office, **changes)
    with office.platform.database.write() as session:
        where = ComponentVersion.id == version_id
        session.execute(update(ComponentVersion).where(where).values(state=State.LISTED.value))
        market.publish(session, system_actor(), version_id)
        session.execute(update(ComponentVersion).where(where).values(state=State.PUBLISHED.value))
    return version_id


def exported(office: Office, query: str = "") -> list[dict[str, Any]]:
    """Return the records of the JSON export."""
    answer = office.visitor("fabu1").client.get(f"/components/export.json?{query}")
    records: list[dict[str, Any]] = json.loads(answer.data)
    return records


@pytest.mark.requirement("R-5.1a")
def test_the_layer_is_required_and_one_of_two(office: Office) -> None:
    for wrong in (extended(layer=...), extended(layer="中间层"), extended(layer=["能力层"])):
        assert "V-LAYER-01" in office.broken(wrong)
    for right in (extended(layer="能力层"), extended(layer="应用层")):
        assert "V-LAYER-01" not in office.broken(right)


@pytest.mark.requirement("R-5.1b")
def test_all_three_classes_are_required_and_filter_the_catalogue(office: Office) -> None:
    assert "V-USE-01" in office.broken(good(useRequirements=...))
    assert "V-TF-01" in office.broken(good(technicalField=...))
    assert "V-CAP-01" in office.broken(extended(capabilityClass=...))
    smart = {**good()["extension"], "capabilityClass": "人工智能"}
    api = {**good()["apiInfo"], "apiName": "乙接口", "apiCode": "yi", "publicPath": "/yi"}
    taken_in(office, name="示例甲组件", useRequirements="强制", technicalField="1")
    taken_in(
        office, name="示例乙组件", useRequirements="推荐", technicalField="3", extension=smart, apiInfo=api
    )

    for query in ("use=强制", "form=1", "capability=基础支撑"):
        page = office.page("fabu1", f"/components?{query}")
        assert "示例甲组件" in page, query
        assert "示例乙组件" not in page, query


def facet(page: str, word: str) -> int:
    """Return the number that stands behind a class in the filters."""
    found = re.search(rf">{word} \((\d+)\)<", page)
    assert found is not None, word
    return int(found[1])


def check_facet(office: Office, chosen: str, other: str) -> None:
    """A class can be chosen, and the catalogue counts the versions that chose it."""
    extension = {**good()["extension"], "capabilityClass": chosen}
    before = office.page("fabu1", "/components")
    taken_in(office, name="示例丙组件", extension=extension)
    after = office.page("fabu1", "/components")

    assert (facet(before, chosen), facet(after, chosen)) == (0, 1)
    assert facet(after, other) == 0


@pytest.mark.requirement("R-5.3.3a")
def test_basic_support_can_be_chosen_and_is_counted(office: Office) -> None:
    check_facet(office, "基础支撑", "人工智能")


@pytest.mark.requirement("R-5.3.3b")
def test_artificial_intelligence_can_be_chosen_and_is_counted(office: Office) -> None:
    check_facet(office, "人工智能", "基础支撑")


@pytest.mark.requirement("R-5.3.1a2")
def test_a_component_like_a_mandatory_listed_one_waits_for_the_reviewer(office: Office) -> None:
    published(office, name="统一身份认证服务", useRequirements="强制")
    other = {**good()["apiInfo"], "apiName": "另一接口", "apiCode": "ling", "publicPath": "/ling"}
    twin = taken_in(office, name="统一身份认证服务平台", useRequirements="强制", apiInfo=other)
    releasing, reviewer = office.actor("fabu1"), office.actor("shenhe1")
    page = office.page("fabu1", f"/components/{twin}/steps/summary")
    with office.platform.database.read() as session:
        provider = office.actor("tigong4").unit_id

    with office.platform.database.write() as session:
        found = service.assess_basics(session, releasing, twin)
        service.record_authorisation(
            session, releasing, twin, provider, "接入", {"until": "2099-12-31"},
            case=CaseFacts(instance_id=new_id(), initiator_id=releasing.person_id),
        )  # fmt: skip
    with office.platform.database.write() as session, pytest.raises(GuardNotMet) as refused:
        service.request_transition(session, releasing, twin, Event.AUTHORIZE)

    assert found.review_needed
    assert found.similar[0].name == "统一身份认证服务"
    assert "统一身份认证服务</a>" in page
    assert [refusal.rule for refusal in refused.value.refusals] == ["duplicate_review"]
    with office.platform.database.write() as session:
        service.settle_duplicate_review(session, reviewer, twin, "推荐", "功能不同，准予创建")
    with office.platform.database.write() as session:
        moved = service.request_transition(session, releasing, twin, Event.AUTHORIZE)
    assert moved.to_state is State.AUTHORIZED


def opened(office: Office, build_mode: str) -> UUID:
    """Open a draft from the form and return its version."""
    visitor = office.visitor("fabu1")
    visitor.get("/components/new")
    answer = visitor.post(
        "/components/new",
        {"name": "示例新建组件", "version": "1.0.0", "build_mode": build_mode, "mode": "steps"},
    )
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.split("/")[2])


@pytest.mark.requirement("R-6.1.1b")
def test_a_newly_built_component_is_mandatory_unless_the_reviewer_says_why_not(office: Office) -> None:
    version_id = opened(office, "新建")
    assert office.detail(str(version_id))["record"]["useRequirements"] == "强制"
    releasing, reviewer = office.actor("fabu1"), office.actor("shenhe1")
    with office.platform.database.write() as session:
        service.save_record(session, releasing, version_id, {"useRequirements": "推荐"})
    with office.platform.database.write() as session:
        assert service.assess_basics(session, releasing, version_id).review_needed

    with office.platform.database.write() as session:
        service.save_record(session, releasing, version_id, {"useRequirements": "强制"})
        service.settle_duplicate_review(session, reviewer, version_id, "推荐", "仅供个别部门使用")

    with office.platform.database.read() as session:
        events = audit.search(session, AuditSearch(action_prefix="component.use_requirement_settled"))
    assert [event.reason for event in events] == ["仅供个别部门使用"]
    assert office.detail(str(version_id))["record"]["useRequirements"] == "推荐"


@pytest.mark.requirement("R-6.1.2b")
def test_a_refactored_component_is_recommended_by_default(office: Office) -> None:
    version_id = opened(office, "解耦与重构")

    assert office.detail(str(version_id))["record"]["useRequirements"] == "推荐"


@pytest.mark.requirement("R-7.0")
def test_the_catalogue_shows_every_item_of_what_is_published_and_exports_the_same(office: Office) -> None:
    version_id = published(office, name="示例已发布组件")
    record = office.detail(str(version_id))["record"]

    listed = office.page("yunying1", "/components?state=PUBLISHED")
    page = office.page("yunying1", f"/components/{version_id}")
    (out,) = exported(office, "state=PUBLISHED")

    assert "示例已发布组件" in listed
    for shown in (
        record["name"], record["version"], record["remark"], record["publicRegion"], record["demoAddress"],
        record["releaseCompanyInfo"], *record["serviceProviderInfo"], record["apiInfo"]["apiName"],
        record["componentDetails"]["faq"], "基础服务", "强制", "接口服务", "不收费", "省域", "托管",
    ):  # fmt: skip
        assert shown in page, shown
    assert {key: out[key] for key in TABLE_1} == {key: record[key] for key in TABLE_1}


@pytest.mark.requirement("R-7.1")
def test_a_record_makes_the_round_trip_with_its_16_items(office: Office) -> None:
    given = good(name="示例往返组件", componentId="往返-1")
    (row,) = office.take_in(given)

    (out,) = exported(office, "text=示例往返组件")
    (again,) = office.take_in(out)

    assert row["accepted"]
    assert len(TABLE_1) == 16
    files = given["componentDetails"]["resources"]
    for key in TABLE_1:
        wanted = given[key]
        if key == "componentDetails":
            wanted = {name: text for name, text in wanted.items() if name != "resources"}
            assert {name: text for name, text in out[key].items() if name != "resources"} == wanted
            assert set(out[key]["resources"]) <= set(files)
        else:
            assert out[key] == wanted, key
    assert (again["accepted"], again["versionId"]) == (True, row["versionId"])


@pytest.mark.requirement("R-8.1.2a1")
def test_a_network_zone_is_declared_before_listing_and_shown(office: Office) -> None:
    assert "V-NET-01" not in office.broken(extended(networkZone=...), "onboarding")
    for wrong in (extended(networkZone=...), extended(networkZone="内网区")):
        assert "V-NET-01" in office.broken(wrong, "listing")
    for zone in ("政务外网区", "互联网区"):
        assert "V-NET-01" not in office.broken(extended(networkZone=zone), "listing")

    version_id = taken_in(office, extension={**good()["extension"], "networkZone": "政务外网区"})

    assert "政务外网区" in office.page("fabu1", f"/components/{version_id}")


@pytest.mark.requirement("T1-08")
def test_a_city_component_is_seen_in_its_city_only(office: Office) -> None:
    assert "V-SCO-01" in office.broken(good(publicScope=2))
    published(office, name="示例市域组件", publicScope=1, publicRegion="示例一市")
    other = {**good()["apiInfo"], "apiName": "省域接口", "apiCode": "sheng", "publicPath": "/sheng"}
    published(office, name="示例省域组件", publicScope=0, publicRegion="示例一市", apiInfo=other)

    elsewhere = office.page("shiyong", "/market")
    there = office.page("shenhe3", "/market")

    assert "示例市域组件" not in elsewhere
    assert "示例省域组件" in elsewhere
    assert "示例市域组件" in there
