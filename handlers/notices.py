"""Notices: what processes send on purpose, and what every task says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.notices.service import send as send_notice
from domain.people.permissions import PROVIDER, RELEASING_UNIT, ROLES
from engine.api import HandlerResult, JobContext, Parameter, Registry, TaskNotice, TechnicalFailure
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_holders
from handlers.parameters import VERSION, version_of
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Template:
    """A notice with ``{name}`` and ``{version}`` to be filled in."""

    title: Text
    body: Text


# Who is told beside roles: the unit of each live order of the version, which has a region of its own.
HOLDERS = "order_holders"
TEMPLATES = {
    "onboarding_confirmed": Template(
        Text("组件已接入：{name} {version}", "Onboarded: {name} {version}"),
        Text("可以发起上架申请（9.1c）。", "The listing can be started now (9.1c)."),
    ),
    "admission_refused": Template(
        Text("不予引入：{name} {version}", "Not admitted: {name} {version}"),
        Text("外部组件安全准入未通过，创建已撤销。", "The admission was refused, the creation is cancelled."),
    ),
    "authorisation_revoked": Template(
        Text("授权已收回：{name} {version}", "Authorisation revoked: {name} {version}"),
        Text(
            "版本回到草稿，数据与问题记录保留。", "The version is a draft again; data and findings are kept."
        ),
    ),
    "listing_approved": Template(
        Text("组件已上架：{name} {version}", "Listed: {name} {version}"),
        Text("请运营人员发布至资源市场（9.1d）。", "Operators, please publish it to the market (9.1d)."),
    ),
    "component_published": Template(
        Text("组件已发布：{name} {version}", "Published: {name} {version}"),
        Text("已在资源市场展示，可检索与申请。", "It is shown in the market and can be applied for."),
    ),
    "component_unpublished": Template(
        Text("组件已取消发布：{name} {version}", "Unpublished: {name} {version}"),
        Text("不再接受新申请，已有订单不受影响。", "No new applications; running orders keep working."),
    ),
    "change_requested": Template(
        Text("请发起变更：{name} {version}", "Please start a change: {name} {version}"),
        Text(
            "请在新法规施行前完成改造，变更的起因选该合规办件（9.2c）。",
            "Please adapt it before the regulation applies, naming the compliance case as the cause (9.2c).",
        ),
    ),
    "record_outdated": Template(
        Text("目录信息须更新：{name} {version}", "Record outdated: {name} {version}"),
        Text(
            "请发起变更以更新目录信息（11.3.2a）。",
            "Please start a change that brings it up to date (11.3.2a).",
        ),
    ),
    "receipt_overdue": Template(
        Text("资源目录回执逾期：{name} {version}", "No receipt from the catalogue: {name} {version}"),
        Text("超过1小时未收到目录回执，请检查。", "No receipt for more than an hour, please look into it."),
    ),
}

_KINDS = {
    "opened": Text("待办", "To do"),
    "reminder": Text("即将到期", "Due soon"),
    "overdue": Text("已逾期", "Overdue"),
    "transferred": Text("转办给您", "Transferred to you"),
    "delegated": Text("委派给您", "Delegated to you"),
    "resolved": Text("委派已交还", "Delegation handed back"),
    "copied": Text("抄送", "Copy"),
    "urged": Text("催办", "Urged"),
    "signature": Text("请您加签", "Your signature is asked for"),
    "returned": Text("已退回", "Returned"),
}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of notices and the notifier of tasks."""
    registry.handler(
        "notices.send",
        send,
        Text("发送站内通知", "Send notices"),
        (
            Parameter("template", Text("模板", "Template"), "str", choices=tuple(sorted(TEMPLATES))),
            VERSION,
            Parameter("to", Text("接收角色，或订单持有人", "Roles to tell, or holders of orders"), "list"),
        ),
        {"caseNumber": Text("办件编号", "Number of the case that sends it")},
    )
    registry.notifier(notify)


def send(job: JobContext) -> HandlerResult:
    """Send one notice per role, to the units that the version belongs to; holders are told order by order."""
    version_id = version_of(job.parameters)
    template = TEMPLATES.get(str(job.parameters.get("template")))
    roles = job.parameters.get("to")
    if template is None or not isinstance(roles, list) or not set(roles) <= {*ROLES, HOLDERS}:
        raise TechnicalFailure(f"unknown template or role: {dict(job.parameters)!r}")

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        for role, unit_id in _recipients(roles, detail):
            send_notice(
                session,
                PLATFORM,
                _filled(template.title, detail),
                template.body,
                role=role,
                unit_id=unit_id,
                region_code=detail.region_code,
                link=f"/components/{version_id}",
                template=str(job.parameters["template"]),
                subject_id=version_id,
            )
        if HOLDERS in roles:
            tell_holders(
                session,
                detail,
                job.instance.id,
                str(job.parameters["template"]),
                _filled(template.title, detail),
                template.body,
                job.instance.id,
                clause="9.1d",
            )

    return HandlerResult({"caseNumber": job.instance.case_number}, apply)


def notify(session: Session, notice: TaskNotice) -> None:
    """Tell who has to do with a task: its assignee, else everybody who may claim it."""
    kind = _KINDS[notice.kind]
    title = Text(f"{kind.zh}：{notice.name.zh}", f"{kind.en}: {notice.name.en}")
    about = f"{notice.instance.title} · {notice.instance.case_number}"
    send_notice(
        session,
        PLATFORM,
        title,
        Text(f"{notice.process_name.zh} · {about}", f"{notice.process_name.en} · {about}"),
        to_person=notice.assignee_id,
        role=None if notice.assignee_id else notice.candidate_role,
        unit_id=None if notice.assignee_id else notice.candidate_unit_id,
        region_code=notice.region_code,
        link=f"/tasks/{notice.task_id}",
        template=f"task_{notice.kind}",
        subject_id=notice.task_id,
    )


def _recipients(roles: list[str], detail: VersionDetail) -> Iterator[tuple[str, UUID | None]]:
    units = {RELEASING_UNIT: detail.row.unit_id, PROVIDER: detail.row.provider_unit_id}
    for role in dict.fromkeys(roles):
        if role != HOLDERS:
            yield role, units.get(role)


def _filled(text: Text, detail: VersionDetail) -> Text:
    facts = {"name": detail.name, "version": detail.version}
    return Text(text.zh.format(**facts), text.en.format(**facts))
