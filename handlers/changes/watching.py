"""Look at a component after a change: does it still answer, and in time?

What is looked at is the health endpoint, as often as the diagram asks. Where it may not be probed the
platform has seen nothing and says so; a person decides then.

Source: draft standard, clause 11.4d; process P13, step 17
"""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.checks import names
from engine.api import HandlerResult, JobContext, Registry
from handlers.checks.health import check_health
from handlers.checks.results import CheckResult, Status
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, mapping, version_of
from handlers.recording import record_results
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of watching."""
    registry.handler(
        "changes.sample",
        partial(sample, environment),
        Text("变更后采样：健康检查接口的结果与耗时", "Sample after a change: health and its latency"),
        (VERSION,),
        {"measured": Text("已测量", "Measured"), "healthy": Text("正常", "Healthy")},
    )


def sample(environment: Environment, job: JobContext) -> HandlerResult:
    """Ask the health endpoint once; slow is bad, silence is bad, not allowed to look is not measured."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        extension = mapping(queries.version_detail(session, PLATFORM, version_id).record.get("extension"))
    asked = check_health(
        environment.guard,
        extension.get("serviceAddress"),
        extension.get("healthPath"),
        firewall_open=True,
    )
    is_slow = any(finding.rule == "H-SLOW" for finding in asked.findings)
    status = Status.FAILED if is_slow and asked.status is Status.PASSED else asked.status
    result = CheckResult(names.CHANGE_MONITORING, status, asked.summary, asked.findings)

    def apply(session: Session) -> None:
        record_results(session, job, version_id, [result])

    return HandlerResult(
        {"measured": status is not Status.NOT_CHECKED, "healthy": status is Status.PASSED}, apply
    )
