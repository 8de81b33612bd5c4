"""A desk for the engine's tests: people, handlers and short verbs on a real database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from engine.api import (
    CompletedTask,
    Engine,
    HandlerResult,
    InboxFilter,
    InstanceDetail,
    InstanceRef,
    JobContext,
    ListenerCall,
    Operation,
    OperationRow,
    Parameter,
    Registry,
    TaskNotice,
    TaskRow,
)
from kernel.actor import Actor, Grant
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform

Result = TypeVar("Result")
CITY = "990200"
ROLES = ("releasing_unit", "provider", "reviewer", "operator")


def person(*roles: str, region: str = CITY, unit_id: UUID | None = None, **facts: Any) -> Actor:
    """Return somebody who holds these roles in a region (and a unit)."""
    permissions = facts.pop("permissions", ())
    return Actor(
        person_id=new_id(),
        name=facts.pop("name", "张三"),
        unit_id=unit_id,
        grants=tuple(Grant(role, region, unit_id) for role in roles),
        permissions=frozenset(permissions),
    )


class Desk:
    """An engine on a database, with a record of what handlers, listeners and the notifier were told."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.calls: list[JobContext] = []
        self.applied: list[UUID] = []
        self.heard: list[ListenerCall] = []
        self.notices: list[TaskNotice] = []
        self.failures: list[Exception] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.result: dict[str, Any] = {}
        self.subject: tuple[str, str] | None = None
        self.people: dict[UUID, Actor] = {}
        self.engine = Engine(self._registry())
        self.drafter = person(permissions=["definition.draft"], name="系统管理员")
        self.deployer = person(permissions=["definition.deploy"], name="安全管理员")
        self.operator = person("operator", permissions=["incident.resolve"], name="运营员")
        self.administrator = person(
            "system_administrator", permissions=["instance.operate", "instance.cancel"], name="系统管理员"
        )
        self.consenter = person("security_administrator", permissions=["instance.consent"], name="安全管理员")
        self.initiator = person("releasing_unit", name="发布员")
        self.reviewer = person("reviewer", name="审核员甲")
        self.other_reviewer = person("reviewer", name="审核员乙")
        self.supervisor = person("supervisor", permissions=["instance.read_all"], name="督查员")
        self.hire(self.initiator, self.reviewer, self.other_reviewer, self.operator, self.supervisor)

    def hire(self, *persons: Actor) -> None:
        """Put persons into the directory."""
        self.people |= {each.person_id: each for each in persons if each.person_id}

    def dismiss(self, somebody: Actor) -> None:
        """Take a person out of the directory."""
        if somebody.person_id:
            del self.people[somebody.person_id]

    def perform(self, work: Callable[[Session], Result], actor: Actor | None = None) -> Result:
        """Run work as an edge would."""
        return perform(self.database, "test", actor or self.deployer, work)

    def deploy(self, key: str, files: Mapping[str, bytes]) -> UUID:
        """Deploy files and return the version's id."""
        return self.perform(lambda s: self.engine.deploy_files(s, self.deployer, key, files)).id

    def start(self, key: str, variables: Mapping[str, Any] | None = None, **facts: Any) -> InstanceRef:
        """Start an instance as the initiator."""
        actor = facts.pop("actor", self.initiator)
        given = {"region_code": CITY, "title": "示例组件", **facts}
        return self.perform(
            lambda s: self.engine.start_instance(s, actor, key, variables or {}, **given), actor
        )

    def inbox(self, actor: Actor, view: Any = "claimable") -> tuple[TaskRow, ...]:
        """Return the first page of an inbox view."""
        with self.database.read() as session:
            return self.engine.inbox(session, actor, InboxFilter(view=view)).rows

    def only_task(self, actor: Actor) -> UUID:
        """Return the one task that the actor can claim."""
        (task,) = self.inbox(actor)
        return task.id

    def claim(self, actor: Actor, task_id: UUID) -> TaskRow:
        """Claim a task."""
        return self.perform(lambda s: self.engine.claim_user_task(s, actor, task_id), actor)

    def complete(
        self, actor: Actor, data: Mapping[str, Any] | None = None, task_id: UUID | None = None
    ) -> CompletedTask:
        """Complete a task (the only one in the actor's inbox) with data."""
        chosen = task_id or self.only_task(actor)
        return self.perform(lambda s: self.engine.complete_user_task(s, actor, chosen, data or {}), actor)

    def run_jobs(self) -> int:
        """Run what is due."""
        return self.engine.run_due(self.database)

    def ask(self, instance_id: UUID, operation: Operation, reason: str = "须处理") -> OperationRow:
        """Ask for an operation as the system administrator."""
        actor = self.administrator
        return self.perform(
            lambda s: self.engine.request_operation(s, actor, instance_id, operation, reason), actor
        )

    def consent(self, request_id: UUID) -> OperationRow:
        """Consent to a request as the security administrator."""
        actor = self.consenter
        return self.perform(lambda s: self.engine.consent_to_operation(s, actor, request_id), actor)

    def operate(self, instance_id: UUID, operation: Operation, reason: str = "须处理") -> OperationRow:
        """Ask for an operation and consent to it."""
        return self.consent(self.ask(instance_id, operation, reason).id)

    def instance(self, instance_id: UUID) -> InstanceDetail:
        """Return an instance as the supervisor sees it."""
        with self.database.read() as session:
            return self.engine.instance(session, self.supervisor, instance_id)

    def _registry(self) -> Registry:
        registry = Registry()
        for role in ROLES:
            registry.role(role, Text(role, role))
        stage = Parameter(
            "stage", Text("阶段", "Stage"), "str", required=False, choices=("creation", "listing")
        )
        registry.handler(
            "checks.run", self._check, Text("检查", "Check"), (stage,), {"passed": Text("通过", "Passed")}
        )
        registry.listener(
            "catalogue.transition",
            self._listen,
            Text("变更状态", "Transition"),
            (Parameter("event", Text("事件", "Event"), "str"),),
        )
        registry.notifier(lambda _session, notice: self.notices.append(notice))
        registry.directory(lambda _session, person_id: self.people.get(person_id))
        return registry

    def _check(self, job: JobContext) -> HandlerResult:
        self.calls.append(job)
        self.meanwhile()
        if self.failures:
            raise self.failures.pop(0)
        return HandlerResult(
            {"passed": True, **self.result}, lambda _session: self.applied.append(job.job_id), self.subject
        )

    def _listen(self, _session: Session, call: ListenerCall) -> None:
        self.heard.append(call)
        if call.parameters["event"] == "FORBIDDEN":
            raise Conflict(Text("不允许的状态变更。", "The transition is not allowed."))
