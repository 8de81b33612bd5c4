"""What the demo's people answer: a small table by form, and one component that is sent back once.

Everything that is not said here is filled in from the schema of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from kernel.clock import SHANGHAI, now

RETURNED_ONCE = "统一融合调度"
# The first forms of the kinds whose steps have no tool connected yet.
STOP_AT = ("artefact", "agent", "model", "data-source", "nearest-type", "product")

_EVIDENCE = "见随附报告（示例，纯属虚构）。"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the answering person knows: the component, its provider, and how often the form came before."""

    component: str
    provider_unit_id: UUID
    capability_class: str
    earlier_visits: int


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
        case "product":
            return {
                "application": {
                    "origin": "third_party",
                    "name": scene.component,
                    "productVersion": "1.0.0",
                    "supplier": "示例供应商（虚构）",
                    "licence": "Apache-2.0",
                    "digest": "5a" * 32,
                    "signature": "示例签名（虚构）",
                    "purpose": "作为组件引入（示例）。",
                    "hardeningPlan": "关闭调试端口，启用 TLS（示例）。",
                }
            }
        case "onboarding-review" if scene.component == RETURNED_ONCE and scene.earlier_visits == 0:
            return {"outcome": "return", "opinion": "接口文档缺少错误码说明，请补充后重新提交。"}
        case "rework":
            return {"answers": [{"finding": "接口文档缺少错误码说明", "answer": "已补充统一错误码说明。"}]}
        case "preparation":
            return {"preparation": {"buildModeRecord": "已完成改造与安全加固（示例）。"}}
        case "publishing-settings":
            return {"settings": {"category": scene.capability_class}}
        case _:
            return {}


def text_for(field: str) -> str | None:
    """Return the text of a free field that reads better than the general one."""
    return _EVIDENCE if field == "evidence" else None
