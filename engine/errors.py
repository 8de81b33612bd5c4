"""What the engine refuses, and why.

    kernel.errors.Rejected
    ├── NotFound    InstanceNotFound · UserTaskNotFound · DefinitionNotFound · DraftNotFound
    │               IncidentNotFound · OperationNotFound
    ├── NotAllowed  NotACandidate · FourEyesViolated · WithdrawalNotAllowed · StartNotAllowed
    │               SameAdministrator · ConsentByRequester
    ├── Conflict    UserTaskAlreadyClaimed · UserTaskNotOpen · UserTaskNotClaimed · InstanceAlreadyOpen
    │               InstanceNotActive · InstanceNotSuspended · DraftNotOpen · IncidentNotOpen · NothingWaits
    │               OperationNotOpen · OperationOutdated
    └── Invalid     FormRefused · DeploymentRefused · EngineIncident · OperationUnsafe

Inside handlers two more families are used and never reach a caller: ``BPMNError`` (a business outcome
that the diagram catches) and ``TechnicalFailure`` (spends a retry); they live in ``engine.registry``.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from engine.bpmn.problems import Problem
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from kernel.language import Text


class InstanceNotFound(NotFound):
    """No such process instance, or the actor may not see it."""

    def __init__(self, instance_id: UUID) -> None:
        super().__init__(
            Text(
                f"没有流程实例 {instance_id}，或您无权查看。",
                f"No process instance {instance_id} that you may see.",
            )
        )
        self.instance_id = instance_id


class UserTaskNotFound(NotFound):
    """No such user task, or the actor may not see it."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(f"没有任务 {task_id}，或您无权查看。", f"There is no task {task_id} that you may see.")
        )
        self.task_id = task_id


class DefinitionNotFound(NotFound):
    """No deployed process definition of this key or id."""

    def __init__(self, key: str) -> None:
        super().__init__(
            Text(f"没有已部署的流程定义“{key}”。", f"No process definition “{key}” is deployed.")
        )
        self.key = key


class DraftNotFound(NotFound):
    """No such draft of a process definition."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(Text(f"没有流程草稿 {draft_id}。", f"There is no definition draft {draft_id}."))
        self.draft_id = draft_id


class IncidentNotFound(NotFound):
    """No such incident."""

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(Text(f"没有异常事件 {incident_id}。", f"There is no incident {incident_id}."))
        self.incident_id = incident_id


class NotACandidate(NotAllowed):
    """The actor holds no grant that makes them a candidate of the task."""

    def __init__(self, task_id: UUID, role: str) -> None:
        super().__init__(
            Text(
                f"该任务由角色“{role}”办理，您在该单位或区域没有此角色。",
                f"This task belongs to the role “{role}”, which you do not hold for its unit or region.",
            )
        )
        self.task_id = task_id
        self.role = role


class FourEyesViolated(NotAllowed):
    """Whoever did an earlier element may not do this one; no role is exempt."""

    def __init__(self, task_id: UUID, element_id: str) -> None:
        super().__init__(
            Text(
                f"您办理过前序环节“{element_id}”，按回避要求须由另一人办理本任务。",
                f"You did the earlier element “{element_id}”; another person must do this task (four eyes).",
            )
        )
        self.task_id = task_id
        self.element_id = element_id


class WithdrawalNotAllowed(NotAllowed):
    """Only the initiator may withdraw, and only where the element allows it."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "只有发起人可以在允许撤回的环节撤回。",
                "Only the initiator may withdraw, and only at a step that allows it.",
            )
        )
        self.task_id = task_id


class StartNotAllowed(NotAllowed):
    """The actor holds none of the roles that may start the process by hand."""

    def __init__(self, key: str, roles: Sequence[str]) -> None:
        names = "、".join(roles) or "—"
        super().__init__(
            Text(
                f"流程“{key}”只能由以下角色发起：{names}。",
                f"The process “{key}” may be started by these roles only: {', '.join(roles) or '—'}.",
            )
        )
        self.key = key
        self.roles = tuple(roles)


class SameAdministrator(NotAllowed):
    """The author of a draft may not release it."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(
            Text(
                "草稿须由另一位管理员发布：作者本人不能发布自己的草稿。",
                "A second administrator must release the draft: its author may not.",
            )
        )
        self.draft_id = draft_id


class UserTaskAlreadyClaimed(Conflict):
    """Someone else holds the task; carries ``assignee_id``."""

    def __init__(self, task_id: UUID, assignee_id: UUID | None) -> None:
        super().__init__(
            Text(
                "该任务已被他人领取。请返回待办列表。",
                "Someone else has claimed this task. Go back to the inbox.",
            )
        )
        self.task_id = task_id
        self.assignee_id = assignee_id


class UserTaskNotOpen(Conflict):
    """The task has been completed, withdrawn or cancelled meanwhile; carries ``status``."""

    def __init__(self, task_id: UUID, status: str) -> None:
        super().__init__(
            Text(
                f"该任务已不在办理中（状态：{status}），可能刚被他人办结。",
                f"The task is no longer open (status: {status}); somebody may just have finished it.",
            )
        )
        self.task_id = task_id
        self.status = status


class UserTaskNotClaimed(Conflict):
    """The task must be claimed by the actor first."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(Text("请先领取该任务再办理。", "Claim the task before you work on it."))
        self.task_id = task_id


class InstanceAlreadyOpen(Conflict):
    """The process is exclusive and an instance of this business key is open; carries ``case_number``."""

    def __init__(self, key: str, business_key: str, case_number: str | None = None) -> None:
        super().__init__(
            Text(
                f"流程“{key}”对“{business_key}”已有未结办件{case_number or ''}，不能重复发起。",
                f"An instance of “{key}” for “{business_key}” is still open ({case_number or 'unknown'}).",
            )
        )
        self.key = key
        self.business_key = business_key
        self.case_number = case_number


class InstanceNotActive(Conflict):
    """The instance has ended or is suspended; carries ``status``."""

    def __init__(self, instance_id: UUID, status: str) -> None:
        super().__init__(
            Text(f"流程实例已不在运行中（{status}）。", f"The process instance is not active ({status}).")
        )
        self.instance_id = instance_id
        self.status = status


class InstanceNotSuspended(Conflict):
    """Only a suspended instance can be resumed; carries ``status``."""

    def __init__(self, instance_id: UUID, status: str) -> None:
        super().__init__(
            Text(f"流程实例未被挂起（{status}）。", f"The process instance is not suspended ({status}).")
        )
        self.instance_id = instance_id
        self.status = status


class OperationNotFound(NotFound):
    """No such request for an operation, or not in the actor's regions."""

    def __init__(self, request_id: UUID) -> None:
        super().__init__(Text(f"没有运维申请 {request_id}。", f"There is no operation request {request_id}."))
        self.request_id = request_id


class ConsentByRequester(NotAllowed):
    """Who asked for an operation may not decide it."""

    def __init__(self, request_id: UUID) -> None:
        super().__init__(
            Text(
                "运维申请须由另一位管理员决定：申请人本人不能同意。",
                "A second administrator must decide the request: who asked for it may not.",
            )
        )
        self.request_id = request_id


class OperationNotOpen(Conflict):
    """The request was decided or withdrawn already, or a migration has not been consented to."""

    def __init__(self, request_id: UUID) -> None:
        super().__init__(
            Text(
                "该运维申请的状态不允许此操作，可能已被他人处理。",
                "The state of the request does not allow this; somebody may have decided it.",
            )
        )
        self.request_id = request_id


class OperationOutdated(Conflict):
    """The case moved on since the request: an activity is over, or a variable has another value."""

    def __init__(self, instance_id: UUID) -> None:
        super().__init__(
            Text(
                "办件在申请之后已有变化，请核对后重新申请。",
                "The case has moved on since the request; look again and ask anew.",
            )
        )
        self.instance_id = instance_id


class OperationUnsafe(Invalid):
    """From the state that the operation leads to, the instance may not end as drawn."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(
            Text(
                "操作后办件可能无法按流程图办结，或重复办理，已拒绝。",
                "Afterwards the instance might never end as drawn, or do a step twice; refused.",
            ),
            tuple(problems),
        )


class DraftNotOpen(Conflict):
    """The draft is not in the status that the command needs; carries ``status``."""

    def __init__(self, draft_id: UUID, status: str) -> None:
        super().__init__(
            Text(
                f"草稿当前状态为“{status}”，不能执行此操作。",
                f"The draft is “{status}”; this cannot be done now.",
            )
        )
        self.draft_id = draft_id
        self.status = status


class IncidentNotOpen(Conflict):
    """The incident has been retried or resolved already."""

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(Text("该异常已处理。", "The incident has been dealt with already."))
        self.incident_id = incident_id


class NothingWaits(Conflict):
    """A message sent by hand found neither a waiting instance nor a process that it starts."""

    def __init__(self, name: str, key: str) -> None:
        super().__init__(
            Text(
                f"没有办件在等待消息“{name}”（{key}），也没有由它启动的流程。",
                f"No instance waits for the message “{name}” ({key}) and it starts no process.",
            )
        )
        self.name = name
        self.key = key


class FormRefused(Invalid):
    """Submitted form data breaks the form's schema; ``problems`` name field, rule and cure."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(
            Text(
                f"表单有 {len(problems)} 处需要修改。",
                f"The form has {len(problems)} problem(s) to mend.",
            ),
            tuple(problems),
        )


class DeploymentRefused(Invalid):
    """A definition was not deployed; ``findings`` name element, rule, message and cure."""

    def __init__(self, findings: Sequence[Problem]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__(
            Text(
                f"流程定义有 {len(errors)} 个错误，未部署。",
                f"Not deployed: the definition has {len(errors)} error(s).",
            ),
            tuple(
                FieldProblem(finding.element_id or "", finding.rule, finding.message, None)
                for finding in errors
            ),
        )
        self.findings = tuple(findings)


class EngineIncident(Invalid):
    """The command cannot go on (no flow can be taken, step budget, …); nothing was changed."""

    def __init__(self, element_id: str | None, rule: str, message: Text) -> None:
        super().__init__(message, (FieldProblem(element_id or "", rule, message),))
        self.element_id = element_id
        self.rule = rule
