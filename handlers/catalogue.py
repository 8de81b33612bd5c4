"""Topics of the creation: the draft, its basic checks, the authorisation of a provider.

Source: draft standard, clauses 9.1a, 5.3 and 6.1; process P01
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.standing import roles_for
from domain.checks import names
from domain.people.permissions import RELEASING_UNIT
from engine.api import HandlerResult, InstanceFacts, JobContext, Parameter, Registry
from handlers.environment import PLATFORM, Environment, initiator_of
from handlers.parameters import VERSION, optional_id, version_of
from handlers.recording import decision, record_results, table_1_result
from handlers.reviewing import REVIEW_REGIONS, review_regions
from kernel.actor import Actor
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the creation."""
    registry.handler(
        "catalogue.open_draft",
        open_draft,
        Text("建立组件草稿，占用名称与版本号", "Create the draft, reserve name and version"),
        (
            Parameter("name", Text("组件名称", "Name"), "str"),
            Parameter("version", Text("版本号", "Version"), "str"),
            Parameter("buildMode", Text("建设方式", "Build mode"), "str"),
            Parameter("componentId", Text("已有组件", "Existing component"), "str", required=False),
            Parameter("versionId", Text("已有草稿", "Existing draft"), "str", required=False),
            Parameter(
                "fromVersionId",
                Text("沿用其信息的版本", "Version whose data are kept"),
                "str",
                required=False,
            ),
        ),
        {
            "ok": Text("已占用", "Reserved"),
            "versionId": Text("组件版本", "Component version"),
            "componentId": Text("组件", "Component"),
            "releasingUnitId": Text("发布单位", "Releasing unit"),
            "record": Text("目录信息", "Record"),
            "holder": Text("名称持有者", "Holder of the name"),
            "problem": Text("未占用的原因", "Why not"),
        },
    )
    registry.handler(
        "catalogue.load_version",
        load_version,
        Text("读取组件版本信息", "Read the data of the version"),
        (VERSION,),
        {
            "record": Text("目录信息", "Record"),
            "componentId": Text("组件", "Component"),
            "releasingUnitId": Text("发布单位", "Releasing unit"),
            "providerUnitId": Text("提供方单位", "Provider unit"),
            "state": Text("状态", "State"),
        },
    )
    registry.handler(
        "catalogue.check_basics",
        check_basics,
        Text("校验基本信息，计算同质度", "Check the basic data, compute the duplicate score"),
        (VERSION, Parameter("record", Text("目录信息", "Record"), "object", required=False)),
        {
            "passed": Text("通过", "Passed"),
            "duplicateScore": Text("同质度", "Duplicate score"),
            "similar": Text("相似组件", "Similar components"),
            "reviewNeeded": Text("需要审查", "Review needed"),
            "mandatoryLikeness": Text("与强制类组件的同质度（%）", "Likeness to a mandatory component (%)"),
            "duplicateThreshold": Text("同质阈值（%）", "Threshold of likeness (%)"),
            "reviewRegions": REVIEW_REGIONS,
            "breaches": Text("未通过的规则", "Broken rules"),
            "record": Text("目录信息", "Record"),
        },
    )
    registry.handler(
        "catalogue.record_authorisation",
        record_authorisation,
        Text("写入提供方授权", "Record the authorisation of the provider"),
        (
            VERSION,
            Parameter("providerUnitId", Text("提供方单位", "Provider unit"), "str"),
            Parameter("scope", Text("授权范围", "Scope"), required=False),
            Parameter("period", Text("授权期限", "Period"), required=False),
        ),
        {"authorisationId": Text("授权", "Authorisation")},
    )


def case_of(instance: InstanceFacts, clauses: tuple[str, ...] = ()) -> CaseFacts:
    """Say in the catalogue's words on which case something is asked."""
    return CaseFacts(
        instance_id=instance.id,
        initiator_id=instance.initiator_id,
        element_id=instance.element_id,
        clauses=" ".join(clauses) or None,
    )


def record_of(session: Session, version_id: object) -> dict[str, Any]:
    """Return the record of a version as it is now."""
    return dict(queries.version_detail(session, PLATFORM, version_of({"versionId": version_id})).record)


def open_draft(job: JobContext) -> HandlerResult:
    """Create (or take up again) the draft of a version; a taken name is a result, not a failure."""
    asked = job.parameters

    def apply(session: Session) -> Mapping[str, Any]:
        opened = service.open_draft(
            session,
            initiator_of(session, job.instance),
            str(asked.get("name", "")),
            str(asked.get("version", "")),
            str(asked.get("buildMode", "")),
            component_id=optional_id(asked.get("componentId")),
            version_id=optional_id(asked.get("versionId")),
            from_version_id=optional_id(asked.get("fromVersionId")),
            unit_id=job.instance.unit_id,
            region_code=job.instance.region_code,
            case=case_of(job.instance),
        )
        return {
            "ok": opened.ok,
            "versionId": str(opened.version_id) if opened.version_id else None,
            "componentId": str(opened.component_id) if opened.component_id else None,
            "releasingUnitId": str(job.instance.unit_id) if job.instance.unit_id else None,
            "record": dict(opened.record or {}),
            "holder": opened.holder,
            "problem": opened.problem.to_json() if opened.problem else None,
        }

    return HandlerResult(apply=apply, subject=("component_version", "versionId"))


def load_version(job: JobContext) -> HandlerResult:
    """Return the record of a version and the units that it belongs to."""
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_of(job.parameters))
    return HandlerResult(
        {
            "record": dict(detail.record),
            "componentId": str(detail.component_id),
            "releasingUnitId": str(detail.row.unit_id),
            "providerUnitId": str(detail.row.provider_unit_id) if detail.row.provider_unit_id else None,
            "state": str(detail.state),
        }
    )


def check_basics(job: JobContext) -> HandlerResult:
    """Run the creation rules of Table 1 on the stored draft and look for similar components."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        found = service.assess_basics(session, PLATFORM, version_id)
        rules = table_1_result(found.breaches)
        decided = decision(names.BASICS, Text("基本信息校验", "Check of the basic data"), [rules])
        record_results(session, job, version_id, [rules, decided])
        return {
            "passed": found.passed,
            "duplicateScore": found.duplicate_score,
            "similar": [
                {
                    "versionId": str(other.version_id),
                    "componentId": str(other.component_id),
                    "name": other.name,
                    "score": other.score,
                    "percent": round(100 * other.score),
                    "isMandatory": other.is_mandatory,
                }
                for other in found.similar
            ],
            "reviewNeeded": found.review_needed,
            "mandatoryLikeness": round(100 * found.mandatory_likeness, 1),
            "duplicateThreshold": round(100 * duplicate_threshold()),
            "reviewRegions": review_regions(job.instance),
            "breaches": [breach.to_json() for breach in found.breaches],
            "record": record_of(session, version_id),
        }

    return HandlerResult(apply=apply)


def record_authorisation(job: JobContext) -> HandlerResult:
    """Record that the provider was authorised and has accepted."""
    version_id = version_of(job.parameters)
    asked = job.parameters

    def apply(session: Session) -> Mapping[str, Any]:
        authorisation_id = service.record_authorisation(
            session,
            _who_authorises(session, job.instance, version_id),
            version_id,
            UUID(str(asked["providerUnitId"])),
            str(asked.get("scope") or ""),
            asked.get("period"),
            case=case_of(job.instance),
        )
        return {"authorisationId": str(authorisation_id)}

    return HandlerResult(apply=apply)


def _who_authorises(session: Session, instance: InstanceFacts, version_id: UUID) -> Actor:
    """Return who opened the case where that person may authorise, else the platform.

    In a change the provider opened the case; that somebody of the releasing unit chose and authorised the
    provider is a completed task of it, which the platform records.
    """
    initiator = initiator_of(session, instance)
    may = RELEASING_UNIT in roles_for(initiator, queries.version_detail(session, PLATFORM, version_id))
    return initiator if may else PLATFORM
