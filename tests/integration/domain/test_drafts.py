"""A draft: what it reserves, what it may be called, when duplication is reviewed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.rules import Stage
from domain.catalogue.states import Event
from domain.people.queries import unit_by_name
from domain.samples.people import sample_person_id
from kernel.errors import Invalid, NotAllowed
from kernel.ids import new_id
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.living import PLATFORM, REASON, Life, life
from tests.unit.domain.records import valid_record

__all__ = ["life"]


def test_a_draft_reserves_its_name_and_number(session: Session, act_as: ActAs) -> None:
    opened = service.open_draft(session, act_as("fabu2"), "新组件", "1.0", "新建")
    assert opened.ok
    assert opened.record is not None
    assert (opened.record["useRequirements"], opened.record["publicRegion"]) == ("强制", "示例市")

    taken = service.open_draft(session, act_as("fabu1"), " 新组件", "2.0", "新建")
    assert (taken.ok, taken.holder) == (False, "示例市数据局（示例）")
    assert service.open_draft(session, act_as("fabu1"), "  ", "v1", "新建").ok is False
    again = service.open_draft(
        session, act_as("fabu2"), "", "1.0.0", "新建", component_id=opened.component_id
    )
    assert again.ok is False
    further = service.open_draft(
        session, act_as("fabu2"), "", "1.1", "新建", component_id=opened.component_id
    )
    assert further.ok
    same = service.open_draft(session, act_as("fabu2"), "", "", "新建", version_id=opened.version_id)
    assert same.version_id == opened.version_id
    for other in ("tigong1", "yunying1", "shenhe1", "shiyong"):
        with pytest.raises(NotAllowed):
            service.open_draft(session, act_as(other), "别的组件", "1.0", "新建")


def test_a_name_that_is_taken_cannot_be_saved(session: Session, act_as: ActAs) -> None:
    service.open_draft(session, act_as("fabu2"), "甲组件", "1.0", "新建")
    second = service.open_draft(session, act_as("fabu2"), "乙组件", "1.0", "新建")
    assert second.version_id is not None

    with pytest.raises(Invalid) as refused:
        service.save_record(session, act_as("fabu2"), second.version_id, {"name": "甲组件"})
    assert [problem.rule for problem in refused.value.problems] == ["V-NAME-03"]
    service.save_record(session, act_as("fabu2"), second.version_id, {"name": "丙组件", "version": "1.2"})
    assert queries.version_detail(session, act_as("fabu2"), second.version_id).name == "丙组件"
    assert service.open_draft(session, act_as("fabu2"), "乙组件", "1.0", "新建").ok


def test_a_component_like_a_mandatory_one_goes_to_review(life: Life) -> None:
    twin = service.open_draft(life.session, life.act_as("fabu2"), "统一网络资源服务平台", "1.0", "外部引入")
    assert twin.version_id is not None
    record = valid_record()
    service.save_record(life.session, life.act_as("fabu2"), life.version_id, {"useRequirements": "强制"})
    service.save_record(life.session, life.act_as("fabu2"), twin.version_id, {"remark": record["remark"]})

    found = service.assess_basics(life.session, PLATFORM, twin.version_id)

    assert found.review_needed
    assert found.similar[0].version_id == life.version_id
    assert found.duplicate_score >= duplicate_threshold()
    case = CaseFacts(instance_id=new_id(), initiator_id=sample_person_id(life.session, "fabu2"))
    service.settle_duplicate_review(
        life.session, life.act_as("shenhe1"), twin.version_id, "强制", "另有用途", case
    )
    detail = queries.version_detail(life.session, life.act_as("shenhe1"), twin.version_id)
    assert detail.record["useRequirements"] == "强制"


def test_name_and_number_are_settled_once_authorised(life: Life) -> None:
    life.authorise()

    for patch in ({"name": "另一名称"}, {"version": "9.9.9"}):
        with pytest.raises(Invalid):
            service.save_record(life.session, life.act_as("fabu2"), life.version_id, patch)


def test_nobody_creates_for_another_region_or_for_what_releases_nothing(
    session: Session, act_as: ActAs
) -> None:
    operating = unit_by_name(session, "示例市智能中心运营")
    assert operating is not None

    with pytest.raises(NotAllowed):
        service.open_draft(session, act_as("fabu2"), "新组件", "1.0", "新建", region_code="990300")
    with pytest.raises(NotAllowed):
        service.open_draft(session, act_as("fabu1"), "新组件", "1.0", "新建", unit_id=operating.id)


def test_an_api_value_that_became_free_is_reserved_before_it_is_relied_on(life: Life) -> None:
    other = service.open_draft(life.session, life.act_as("fabu2"), "另一组件", "1.0", "外部引入")
    assert other.version_id is not None
    patch = valid_record() | {"name": "另一组件", "version": "1.0"}
    service.save_record(life.session, life.act_as("fabu2"), other.version_id, patch)
    taken = {
        breach.rule_id for breach in queries.check_version(life.session, other.version_id, Stage.ONBOARDING)
    }
    assert taken == {"V-API-03", "V-API-05", "V-API-16"}
    life.ask("fabu2", Event.CANCEL, REASON)
    assert queries.check_version(life.session, other.version_id, Stage.ONBOARDING) == []

    second = Life(life.session, life.act_as, other.version_id)
    second.authorise()

    third = service.open_draft(life.session, life.act_as("fabu2"), "第三组件", "1.0", "外部引入")
    assert third.version_id is not None
    saved = service.save_record(
        life.session, life.act_as("fabu2"), third.version_id, {"apiInfo": patch["apiInfo"]}
    )
    assert saved.breaches
    broken = {
        breach.rule_id for breach in queries.check_version(life.session, third.version_id, Stage.ONBOARDING)
    }
    assert {"V-API-03", "V-API-05", "V-API-16"} <= broken


def test_the_build_mode_of_the_record_is_the_only_one(session: Session, act_as: ActAs) -> None:
    releasing = act_as("fabu2")
    opened = service.open_draft(session, releasing, "建设方式组件", "1.0", "外部引入")
    assert opened.version_id is not None
    service.save_record(session, releasing, opened.version_id, {"useRequirements": "推荐"})
    assert not service.assess_basics(session, PLATFORM, opened.version_id).review_needed

    service.save_record(session, releasing, opened.version_id, {"extension": {"buildMode": "新建"}})

    # Newly built and not mandatory: that is for the reviewer (6.1.1).
    assert service.assess_basics(session, PLATFORM, opened.version_id).review_needed
    assert queries.version_detail(session, releasing, opened.version_id).row.build_mode == "新建"
    service.save_record(session, releasing, opened.version_id, {}, without=["extension.buildMode"])
    assert queries.version_detail(session, releasing, opened.version_id).row.build_mode == "外部引入"


def test_a_further_version_is_built_as_was_asked_and_says_so(session: Session, act_as: ActAs) -> None:
    releasing = act_as("fabu2")
    first = service.open_draft(session, releasing, "续建组件", "1.0", "新建")
    assert first.version_id is not None
    service.save_record(session, releasing, first.version_id, {"extension": {"layer": "能力层"}})

    further = service.open_draft(
        session, releasing, "", "1.1", "解耦与重构",
        component_id=first.component_id, from_version_id=first.version_id,
    )  # fmt: skip

    assert further.version_id is not None
    detail = queries.version_detail(session, releasing, further.version_id)
    assert detail.record["extension"] == {"layer": "能力层", "buildMode": "解耦与重构"}
    assert detail.row.build_mode == "解耦与重构"
