"""Steps of the onboarding variants for which nothing is connected yet that could try them.

Each records that it was not checked and fails its step, so that nobody goes on as if it had passed. A topic
leaves this table when its handler comes.

Source: draft standard, clauses 8.3.2 to 8.3.4; processes P02c, P02d and P02e
"""

from __future__ import annotations

from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from domain.checks import names
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.results import concluded
from handlers.environment import Environment
from handlers.parameters import VERSION, version_of
from handlers.recording import record_results
from kernel.language import Text

_NOTHING: Final = Text("平台尚未接入相应的检测工具", "no tool for it is connected yet")
# By topic: the parameter that the form fills in, and its name.
UNTRIED: Final = {
    names.AGENT_CONTRACT: ("agent", Text("智能体登记", "Registration of the agent")),
    names.AGENT_CONTROLS: ("agent", Text("智能体登记", "Registration of the agent")),
    names.MODEL_LOAD: ("model", Text("模型", "Model")),
    names.MODEL_CONTRACT: ("contract", Text("接口契约", "Contract")),
    names.MODEL_PERFORMANCE: ("metadata", Text("模型元数据", "Metadata of the model")),
    names.DATA_CONNECTION: ("dataSource", Text("数据源", "Data source")),
    names.DATA_CONTRACT: ("service", Text("数据服务", "Data service")),
    names.DATA_MASKING: ("permissions", Text("权限管控", "Permissions")),
}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics that no other family has taken; so this one comes last."""
    del environment
    for topic, (parameter, shown) in UNTRIED.items():
        if registry.find_handler(topic) is not None:
            continue
        registry.handler(
            topic,
            partial(say_so, topic),
            Text(
                f"{names.CHECK_TEXT[topic].zh}（未检测，不予通过）",
                f"{names.CHECK_TEXT[topic].en} (not checked, never passes)",
            ),
            (VERSION, Parameter(parameter, shown, "object")),
            {"passed": Text("通过", "Passed")},
        )


def say_so(check: str, job: JobContext) -> HandlerResult:
    """Record that nothing was looked at."""
    version_id = version_of(job.parameters)
    result = concluded(check, names.CHECK_TEXT[check], (), _NOTHING)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult({"passed": False}, apply)
