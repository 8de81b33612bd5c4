"""What the demo's people answer: a small table by form, and one component that is sent back once.

Everything that is not said here is filled in from the schema of the form.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from kernel.clock import SHANGHAI, now
from webapp.demo import kinds

RETURNED_ONCE = "统一融合调度"

_EVIDENCE = "见随附报告（示例，纯属虚构）。"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the answering person knows: the component, its provider, and how often the form came before.

    ``process`` is the key of the process that asks: two of them have a form of the same name. ``address``
    is where the component answers, ``token`` what its service asks for.
    """

    component: str
    provider_unit_id: UUID
    capability_class: str
    earlier_visits: int
    process: str = ""
    version: str = ""
    technical_field: str = ""
    address: str = ""
    token: str = ""
    has_api: bool = True


def answer(form: str, scene: Scene) -> Mapping[str, Any]:
    """Return what is to be said in a form besides what its schema asks for anyway."""
    today = now().astimezone(SHANGHAI).date()
    match form:
        case "authorise-provider":
            return {
                "providerUnitId": str(scene.provider_unit_id),
                "providerType": "own",
                "scope": "接入、运行维护与整改",
                "validFrom": today.isoformat(),
                "validUntil": (today + timedelta(days=365)).isoformat(),
            }
        case "onboarding-review" if scene.component == RETURNED_ONCE and scene.earlier_visits == 0:
            return {"outcome": "return", "opinion": "接口文档缺少错误码说明，请补充后重新提交。"}
        case "rework":
            return {"answers": [{"finding": "接口文档缺少错误码说明", "answer": "已补充统一错误码说明。"}]}
        case "preparation":
            return {"preparation": _preparation(scene)}
        case "publishing-settings":
            return {"settings": {"category": scene.capability_class}}
        case "draft-notice":
            return {"requirements": "修复所列漏洞并提交复测报告（示例）。", "days": 30, "severity": "normal"}
        case "state-adaptability":
            return {"plan": "数据来源已不合规，无法改造（示例）。", "outcome": "not_adaptable"}
        case "supply-plan":
            return {"plan": {"offlineDate": (today + timedelta(days=90)).isoformat()}}
        case "decide-overdue":
            return {"outcome": "restrict", "reason": "逾期未备案，暂停受理新申请（示例）。"}
        case _:
            return _of_its_kind(form, scene)


def _preparation(scene: Scene) -> dict[str, Any]:
    done: dict[str, Any] = {"buildModeRecord": "已完成改造与安全加固（示例）。"}
    if scene.technical_field == kinds.OTHER_FIELD:
        # Its record names no API: the document comes with the material, and the data with the nearest kind.
        document = kinds.api_document(scene.component, scene.version, scene.address)
        done["record"] = {"extension": {"documents": {"apiDocument": document}}}
    return done


def _of_its_kind(form: str, scene: Scene) -> Mapping[str, Any]:
    """Return what is said in the forms that only some kinds of components have."""
    match form:
        case "product":
            return kinds.product(scene.component, scene.technical_field)
        case "artefact":
            return kinds.hosted_artefact()
        case "api-info" if not scene.has_api:
            return kinds.api_info(scene.component, scene.address)
        case "agent":
            return kinds.agent(scene.address, scene.token)
        case "agent-access":
            return kinds.agent_access(scene.address, secrets.token_urlsafe(16))
        case "model":
            return kinds.model()
        case "interface":
            return kinds.model_interface()
        case "metadata":
            return kinds.model_metadata()
        case "data-source":
            return kinds.data_source(scene.address, scene.token)
        case "service":
            return kinds.data_service(scene.address)
        case "permissions":
            return kinds.permissions()
        case "nearest-type":
            return kinds.nearest()
        case _:
            return {}


def text_for(field: str) -> str | None:
    """Return the text of a free field that reads better than the general one."""
    return _EVIDENCE if field == "evidence" else None
