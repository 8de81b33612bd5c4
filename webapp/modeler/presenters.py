"""Definitions, versions, drafts and check reports as pages and scripts show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from domain.people.queries import person_names
from engine.api import CheckReport, DefinitionDraft, DefinitionVersion, Engine, Parameter, Problem, Registry
from kernel.actor import Actor
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.modeler.differences import ElementChange
from webapp.presentation import local_time

DRAFT_TONES = {"draft": "", "submitted": "warn", "released": "ok", "rejected": "bad"}


def draft_status(status: str) -> str:
    """Return the status of a draft in words."""
    return {
        "draft": _("草稿"),
        "submitted": _("待发布"),
        "released": _("已发布"),
        "rejected": _("已退回"),
    }.get(status, status)


def change_kind(kind: str) -> str:
    """Return the kind of a difference in words."""
    return {"added": _("新增"), "removed": _("删除"), "changed": _("修改")}.get(kind, kind)


def element_kind(tag: str) -> str:
    """Return the kind of a BPMN element in words."""
    return {
        "file": _("文件"),
        "process": _("流程"),
        "lane": _("泳道"),
        "userTask": _("用户任务"),
        "serviceTask": _("服务任务"),
        "sendTask": _("发送任务"),
        "receiveTask": _("接收任务"),
        "scriptTask": _("脚本任务"),
        "callActivity": _("调用活动"),
        "subProcess": _("子流程"),
        "exclusiveGateway": _("排他网关"),
        "parallelGateway": _("并行网关"),
        "eventBasedGateway": _("事件网关"),
        "startEvent": _("开始事件"),
        "endEvent": _("结束事件"),
        "boundaryEvent": _("边界事件"),
        "intermediateCatchEvent": _("中间捕获事件"),
        "intermediateThrowEvent": _("中间抛出事件"),
        "sequenceFlow": _("顺序流"),
        "message": _("消息"),
        "error": _("错误"),
        "signal": _("信号"),
    }.get(tag, tag)


def field_label(field: str) -> str:
    """Return the usual properties in words; the others are shown as they are written in the file."""
    return {
        "name": _("中文名称"),
        "nameEn": _("英文名称"),
        "clauses": _("条款"),
        "role": _("办理角色"),
        "unit": _("限定单位"),
        "region": _("办理地区"),
        "deadline": _("办理期限"),
        "differsFrom": _("回避"),
        "withdraw": _("可撤回"),
        "prefill": _("预填内容"),
        "result": _("流程结果"),
        "conditionExpression": _("流转条件"),
        "documentation": _("说明"),
        "sourceRef": _("来自"),
        "targetRef": _("去往"),
        "startRoles": _("发起角色"),
        "correlationKey": _("关联标识"),
    }.get(field, field)


def names_of(session: Session, *persons: UUID | None) -> dict[UUID, str]:
    """Return the names of authors and deciders."""
    return person_names(session, (person for person in persons if person))


def catalogue(registry: Registry, processes: Iterable[DefinitionVersion]) -> dict[str, Any]:
    """Return what the properties panel offers: roles, handlers, listeners and processes."""
    return {
        "roles": [{"key": key, "title": in_language(title)} for key, title in registry.roles().items()],
        "handlers": [
            {
                "key": topic.topic,
                "title": in_language(topic.title),
                "parameters": [_parameter(parameter) for parameter in topic.parameters],
                "result": [{"name": key, "title": in_language(title)} for key, title in topic.result.items()],
            }
            for topic in registry.topics()
        ],
        "listeners": [
            {
                "key": topic.topic,
                "title": in_language(topic.title),
                "parameters": [_parameter(parameter) for parameter in topic.parameters],
            }
            for topic in registry.listener_topics()
        ],
        "processes": [{"key": process.key, "title": in_language(process.name)} for process in processes],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "title": in_language(parameter.title),
        "kind": parameter.kind,
        "required": parameter.required,
        "choices": list(parameter.choices),
    }


def editor_document(
    engine: Engine,
    session: Session,
    actor: Actor,
    key: str,
    files: Mapping[str, bytes],
    draft: DefinitionDraft | None,
) -> dict[str, Any]:
    """Return everything the editor starts with."""
    processes = [row.latest for row in engine.definitions(session)]
    return {
        "key": key,
        "files": {name: content.decode("utf-8", "replace") for name, content in files.items()},
        "catalogue": catalogue(engine.registry, processes),
        "draft": draft_state(draft) if draft else None,
        "editable": may_edit(actor, draft),
    }


def may_edit(actor: Actor, draft: DefinitionDraft | None) -> bool:
    """Tell whether the editor offers saving: to drafters, on a draft only to its author while it is open."""
    if not actor.may("definition.draft"):
        return False
    return draft is None or (draft.author_id == actor.person_id and draft.status in ("draft", "rejected"))


def draft_state(draft: DefinitionDraft) -> dict[str, Any]:
    """Return what the editor needs to save and submit a draft."""
    return {
        "id": str(draft.id),
        "revision": draft.revision,
        "status": draft.status,
        "saved_at": local_time(draft.changed_at),
        "save_url": url_for("modeler.editing.save", draft_id=draft.id),
        "submit_url": url_for("modeler.editing.submit", draft_id=draft.id),
        "page_url": url_for("modeler.draft", draft_id=draft.id),
    }


def check_report(report: CheckReport) -> dict[str, Any]:
    """Return a check report in the language of the request, errors first."""
    problems = sorted(report.problems, key=lambda problem: problem.severity != "error")
    return {
        "problems": [_problem(problem) for problem in problems],
        "not_cross_checked": [in_language(text) for text in report.not_cross_checked],
        "soundness": in_language(report.soundness),
        "second_opinion": in_language(report.second_opinion),
        "deployable": report.is_deployable,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "element_id": problem.element_id,
        "rule": problem.rule,
        "severity": problem.severity,
        "message": in_language(problem.message),
        "cure": in_language(problem.cure),
    }


def comparison_document(bpmn_xml: bytes, changes: Iterable[ElementChange]) -> dict[str, Any]:
    """Return a diagram with added and changed elements coloured, for the viewer."""
    shown = {
        change.element_id: change for change in changes if change.element_id and change.kind != "removed"
    }
    return {
        "bpmn_xml": bpmn_xml.decode("utf-8", "replace"),
        "elements": {
            element_id: {"state": change.kind, "visits": 1, "duration_text": ""}
            for element_id, change in shown.items()
            if change.tag != "process"
        },
        "flows": {},
    }
