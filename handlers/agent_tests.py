"""The tests of an agent before it is reviewed: its interface, and whether it can be kept in hand.

Source: draft standard, clause 8.3.2; process P02c, steps 3 and 4
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from domain.checks.names import AGENT_CONTRACT, AGENT_CONTROLS
from domain.credentials.purposes import TEST_ACCESS
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.checks.addresses import ProbeGuard
from handlers.checks.agents_interface import Agent, check_agent_contract, check_agent_controls
from handlers.checks.results import CheckResult, Status
from handlers.environment import Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from handlers.secrets_given import secret_of
from kernel.language import Text

Check = Callable[[ProbeGuard, Agent, str], CheckResult]


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of agents under test."""
    agent = Parameter("agent", Text("智能体", "Agent"), "object")
    for topic, title, check in (
        (
            AGENT_CONTRACT,
            Text("智能体交互接口契约测试", "Contract test of the agent interface"),
            check_agent_contract,
        ),
        (
            AGENT_CONTROLS,
            Text("智能体认证、停止开关与留痕检查", "Authentication, stop and trace of the agent"),
            check_agent_controls,
        ),
    ):
        registry.handler(
            topic,
            partial(examine, environment, check, topic),
            title,
            (VERSION, agent),
            {"passed": Text("通过", "Passed")},
        )


def examine(environment: Environment, check: Check, name: str, job: JobContext) -> HandlerResult:
    """Test the agent at its pre-release address with the token that its provider gave."""
    version_id = version_of(job.parameters)
    declared = mapping(job.parameters.get("agent"))
    token = secret_of(
        environment, job, declared.get("testCredential"), version_id=version_id, purpose=TEST_ACCESS
    )
    mode = "task" if declared.get("mode") == "task" else "chat"
    agent = Agent(str(declared.get("testAddress") or ""), mode, token)
    result = check(environment.guard, agent, name)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult({"passed": result.status is Status.PASSED}, apply)
