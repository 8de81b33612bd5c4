"""What happens in the very transaction of a completed task: states, records and statements of people.

A listener acts with the person who completes the task; what the catalogue refuses refuses the task.

Source: docs/reference/component-states.md; draft standard, clauses 9.1 to 9.2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import service
from domain.catalogue.states import Event
from domain.checks import names
from domain.deployments import service as deployments
from domain.people import queries as people
from domain.people.permissions import PROVIDER
from engine.api import ListenerCall, Parameter, Registry
from handlers.catalogue import case_of
from handlers.environment import Environment
from handlers.parameters import REASON, VERSION, mapping, optional_id, reason_of, version_of
from handlers.statements import stated_findings
from kernel.errors import FieldProblem, Invalid, NotFound
from kernel.files import REFERENCE_PREFIX, find_file
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the listeners."""
    registry.listener(
        "catalogue.transition",
        transition,
        Text("请求组件版本的状态转换", "Ask for a transition of the version"),
        (
            Parameter("event", Text("事件", "Event"), "str", choices=tuple(event.value for event in Event)),
            VERSION,
            REASON,
        ),
    )
    registry.listener(
        "catalogue.save_record",
        save_record,
        Text("保存目录信息与附件", "Save the record and its attachments"),
        (VERSION, Parameter("record", Text("目录信息的修改", "Changes of the record"), "object")),
    )
    registry.listener(
        "catalogue.check_provider",
        check_provider,
        Text("核对提供方单位能否受托", "See that the provider unit can take the mandate"),
        (
            Parameter("providerUnitId", Text("提供方单位", "Provider unit"), "str"),
            Parameter("providerType", Text("提供方类型", "Kind of provider"), "str", required=False),
        ),
    )
    registry.listener(
        "catalogue.offer_mandate",
        offer_mandate,
        Text(
            "请提供方受托，并允许其查看组件", "Ask a provider to take the mandate and let it read the version"
        ),
        (VERSION, Parameter("providerUnitId", Text("提供方单位", "Provider unit"), "str")),
    )
    registry.listener(
        "catalogue.call_for_review",
        call_for_review,
        Text("记录是否需要重复建设审查", "Note whether duplication has to be reviewed"),
        (VERSION, Parameter("needed", Text("需要审查", "Review needed"), "bool")),
    )
    registry.listener(
        "catalogue.settle_review",
        settle_review,
        Text("记录重复建设审查结论", "Record the decision of the duplicate review"),
        (
            VERSION,
            Parameter("useRequirements", Text("使用要求", "Use requirement"), "str"),
            Parameter("opinion", Text("意见", "Opinion"), "str", required=False),
        ),
    )
    registry.listener(
        "catalogue.review_record",
        review_record,
        Text("记录目录信息是否仍然准确", "Record whether the record still holds"),
        (VERSION, Parameter("accurate", Text("准确", "Accurate"), "bool"), REASON),
    )
    registry.listener(
        "checks.record_statement",
        state,
        Text("记录人工确认的检查结论", "Record what a person states about a check"),
        (
            VERSION,
            Parameter("check", Text("检查项", "Check"), "str", choices=tuple(sorted(names.STATEMENTS))),
            Parameter("passed", Text("是否通过", "Passed"), "bool"),
            Parameter("note", Text("说明", "Note"), "str", required=False),
            Parameter("details", Text("分项证据", "Evidence by item"), required=False),
        ),
    )


def transition(session: Session, call: ListenerCall) -> None:
    """Ask the catalogue for a transition in the name of the acting person."""
    service.request_transition(
        session,
        call.actor,
        version_of(call.parameters),
        Event(str(call.parameters["event"])),
        reason=reason_of(call),
        case=case_of(call.instance, call.clauses),
    )


def save_record(session: Session, call: ListenerCall) -> None:
    """Save changed fields and attach the files that they name."""
    version_id = version_of(call.parameters)
    patch = mapping(call.parameters.get("record"))
    case = case_of(call.instance, call.clauses)
    service.save_record(session, call.actor, version_id, patch, case=case)
    for kind, reference in attachments_of(patch):
        service.attach_file(
            session, call.actor, version_id, kind, find_file(session, reference).id, case=case
        )


def review_record(session: Session, call: ListenerCall) -> None:
    """Keep what the releasing unit found of a record that stands in the catalogue."""
    service.review_record(
        session,
        call.actor,
        version_of(call.parameters),
        accurate=call.parameters.get("accurate") is True,
        reason=reason_of(call),
        case=case_of(call.instance, call.clauses),
    )


def check_provider(session: Session, call: ListenerCall) -> None:
    """Refuse a unit in which nobody could accept: the task would wait for ever.

    Raises:
        Invalid: no such unit, not a provider, nobody there holds the provider's role for the region, or it
            is called a third party without an authority delegated by a department, or the other way round.
    """
    unit_id = _unit_id(call.parameters.get("providerUnitId"))
    try:
        is_provider = unit_id is not None and people.unit(session, unit_id).kind == "provider"
    except NotFound:
        is_provider = False
    region_code = call.instance.region_code
    able = is_provider and people.somebody_holds(session, PROVIDER, region_code, unit_id)
    if able and unit_id is not None:
        _check_kind(session, unit_id, region_code, call.parameters.get("providerType"))
        return
    message = Text(
        "该单位不是提供方，或在本地区没有可办理的提供方人员",
        "This unit is no provider, or nobody there may act as provider in this region",
    )
    mend = Text(
        "请选择其他提供方单位，或请安全管理员为该单位人员授权",
        "Choose another provider unit, or ask the security administrator to grant its people the role",
    )
    raise Invalid(message, (FieldProblem("providerUnitId", "provider.people", message, "9.1a", mend),))


def _check_kind(session: Session, unit_id: UUID, region_code: str, kind: object) -> None:
    """Hold the stated kind of provider against the authority that departments delegated (8.2.1b)."""
    is_third_party = people.authority_of(session, unit_id, region_code) is not None
    if kind is None or (kind == "third_party") == is_third_party:
        return
    if is_third_party:
        message = Text(
            "该单位持有主管部门在本地区的有效授权，属于授权接入的第三方",
            "A department's authority for this region is in force: this unit is an authorised third party",
        )
        mend = Text("请选择“主管部门授权接入的第三方”", "Choose “third party authorised by the department”")
    else:
        message = Text(
            "该单位没有主管部门在本地区的有效授权，不是授权接入的第三方",
            "No department's authority for this region is in force: this unit is no authorised third party",
        )
        mend = Text(
            "请改选“主管部门自有单位”，或请主管部门先登记授权",
            "Choose “unit of the department”, or ask the department to register its authority first",
        )
    raise Invalid(message, (FieldProblem("providerType", "provider.authority", message, "8.2.1b", mend),))


def _unit_id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def offer_mandate(session: Session, call: ListenerCall) -> None:
    """Let the chosen provider see what it is asked to take on."""
    service.offer_mandate(
        session,
        call.actor,
        version_of(call.parameters),
        optional_id(call.parameters.get("providerUnitId")),
        case=case_of(call.instance, call.clauses),
    )


def call_for_review(session: Session, call: ListenerCall) -> None:
    """Note what the decision table says about the need of a review."""
    needed = call.parameters["needed"] is True
    service.call_for_review(session, call.actor, version_of(call.parameters), needed=needed)


def settle_review(session: Session, call: ListenerCall) -> None:
    """Record what the reviewer decided about duplication and use requirement."""
    service.settle_duplicate_review(
        session,
        call.actor,
        version_of(call.parameters),
        str(call.parameters["useRequirements"]),
        str(call.parameters.get("opinion") or ""),
        case_of(call.instance, call.clauses),
    )


def state(session: Session, call: ListenerCall) -> None:
    """Record what the acting person states about a check that people carry out, item by item."""
    version_id, check = version_of(call.parameters), str(call.parameters["check"])
    passed = call.parameters["passed"] is True
    service.record_statement(
        session,
        call.actor,
        version_id,
        check,
        passed=passed,
        note=str(call.parameters.get("note") or "").strip() or None,
        findings=stated_findings(call.parameters.get("details")),
        case=case_of(call.instance, call.clauses),
    )
    if passed and check == names.INFORMATION_VERIFIED:
        deployments.settle_production(session, call.actor, version_id)


def attachments_of(patch: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind, reference) of the uploaded files that a patch names."""
    extension = mapping(patch.get("extension"))
    resources = mapping(mapping(patch.get("componentDetails")).get("resources"))
    named = {**resources, **extension, **mapping(extension.get("documents"))}
    for kind in service.ATTACHMENT_KINDS:
        reference = named.get(kind)
        if isinstance(reference, str) and reference.startswith(REFERENCE_PREFIX):
            yield kind, reference
