"""What the reviewer actions refuse, and why; the rest of the tree is drawn in ``engine.errors``.

kernel.errors.Rejected
├── NotFound    CandidateNotFound
├── NotAllowed  ActionNotAllowed · PersonNotACandidate · PersonExcluded · HandedToOneself
│               UrgeNotAllowed · NotTheDelegate · SignatoryIsOwner · SignatoryNotYours · AlreadyVoted
│               TakeBackNotYours
├── Conflict    TaskIsDelegated · TaskIsNotDelegated · UrgedRecently · SignatoriesStillWorking
│               NestedSignatories · SignatoryAlreadyAsked · NotAnAddedSignatory · ReturnToSelf
│               ReturnTargetRunning · ReturnWithoutInitiator · NoReturnTarget · NoStraightBack
│               NextHasActed
└── Invalid     ReasonMissing · TooManyPersons
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine.errors import UserTaskNotOpen
from kernel.clock import SHANGHAI
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from kernel.language import Text


class CandidateNotFound(NotFound):
    """The person named is unknown, or no longer active."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__(
            Text(
                f"没有人员 {person_id}，或其账号已停用。请另选一人。",
                f"There is no active person {person_id}. Choose somebody else.",
            )
        )
        self.person_id = person_id


class ActionNotAllowed(NotAllowed):
    """The element does not allow this action (``zujian:actions``)."""

    def __init__(self, task_id: UUID, action: str) -> None:
        super().__init__(
            Text(
                f"该环节不允许此操作（{action}）。",
                f"This task does not allow the action “{action}”.",
            )
        )
        self.task_id = task_id
        self.action = action


class PersonNotACandidate(NotAllowed):
    """The person named does not hold the role that the work needs."""

    def __init__(self, person_id: UUID, role: str) -> None:
        super().__init__(
            Text(
                f"所选人员在该单位或区域没有角色“{role}”，不能办理。",
                f"The person chosen does not hold the role “{role}” for its unit or region.",
            )
        )
        self.person_id = person_id
        self.role = role


class PersonExcluded(NotAllowed):
    """Four eyes keep the person named out; no action goes round that."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__(
            Text(
                "所选人员按回避要求不能办理该任务，请另选一人。",
                "Four eyes keep the person chosen out of this task. Choose somebody else.",
            )
        )
        self.person_id = person_id


class HandedToOneself(NotAllowed):
    """Work cannot be handed to the person who hands it over, or to who has it already."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "不能转交给自己或当前办理人，请另选一人。",
                "Work cannot be handed to yourself or to who has it already. Choose somebody else.",
            )
        )
        self.task_id = task_id


class UrgeNotAllowed(NotAllowed):
    """Only those who wait for the task may urge: the initiator, or who delegated it."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "只有发起人或委派人可以催办，且不能催办自己。",
                "Only the initiator or who delegated the task may urge, and nobody urges themselves.",
            )
        )
        self.task_id = task_id


class NotTheDelegate(NotAllowed):
    """A delegation is ended by the delegate with an opinion, or called off by who delegated."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "只有被委派人或委派人可以结束委派。",
                "Only the delegate or who delegated may end the delegation.",
            )
        )
        self.task_id = task_id


class TaskIsDelegated(Conflict):
    """The task is with a delegate, who gives an opinion and hands it back; carries ``delegated_by``."""

    def __init__(self, task_id: UUID, delegated_by: UUID) -> None:
        super().__init__(
            Text(
                "该任务处于委派中：被委派人给出意见后交还委派人，由委派人办结。",
                "The task is delegated: the delegate gives an opinion and hands it back to be completed.",
            )
        )
        self.task_id = task_id
        self.delegated_by = delegated_by


class TaskIsNotDelegated(Conflict):
    """There is no delegation to end."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(Text("该任务没有被委派。", "The task is not delegated."))
        self.task_id = task_id


class UrgedRecently(Conflict):
    """The task was urged a short while ago; carries ``again_at``."""

    def __init__(self, task_id: UUID, again_at: datetime | None) -> None:
        at = again_at.astimezone(SHANGHAI).strftime("%H:%M") if again_at else ""
        super().__init__(
            Text(
                f"刚刚催办过，请于 {at} 之后再催办。" if at else "刚刚催办过，请稍后再试。",
                f"It was urged a moment ago; again from {at}." if at else "It was urged a moment ago.",
            )
        )
        self.task_id = task_id
        self.again_at = again_at


class ReasonMissing(Invalid):
    """The action needs a reason or an opinion."""

    def __init__(self, field: str = "reason") -> None:
        message = Text("请说明理由。", "A reason is needed.")
        super().__init__(message, (FieldProblem(field, "required", message),))


class TooManyPersons(Invalid):
    """More persons at once than the limit, or none; carries ``most``."""

    def __init__(self, most: int) -> None:
        message = Text(f"请选择 1 至 {most} 人。", f"Choose 1 to {most} persons.")
        super().__init__(message, (FieldProblem("persons", "count", message),))
        self.most = most


class SignatoriesStillWorking(UserTaskNotOpen):
    """The task waits for others: for those who sign before it, or for the task that it was added to."""

    def __init__(self, task_id: UUID) -> None:
        Conflict.__init__(
            self,
            Text(
                "该任务正等待其他人签署，办理完毕后方可继续。",
                "The task waits for others to sign; it goes on when they are done.",
            ),
        )
        self.task_id = task_id
        self.status = "held"


class NestedSignatories(Conflict):
    """Whoever was added as a signatory adds no further ones, and does not return the task."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "您是被加签人：请直接给出意见，不能再加签或退回。",
                "You were added as a signatory: say what you think; you neither add others nor return.",
            )
        )
        self.task_id = task_id


class SignatoryIsOwner(NotAllowed):
    """Who has the task cannot be added as its signatory too."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text("不能把办理人本人加为签署人。", "Who has the task cannot be added as its signatory too.")
        )
        self.task_id = task_id


class SignatoryAlreadyAsked(Conflict):
    """The person has been asked to sign this task before; carries ``person_id``."""

    def __init__(self, task_id: UUID, person_id: UUID) -> None:
        super().__init__(
            Text("该人员已被加签，不能重复。", "The person has been asked to sign this task already.")
        )
        self.task_id = task_id
        self.person_id = person_id


class NotAnAddedSignatory(Conflict):
    """Only a signature that was added can be removed; what was drawn stays."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "只能减去加签的人，流程图中的环节不能减。", "Only signatories that were added can be removed."
            )
        )
        self.task_id = task_id


class SignatoryNotYours(NotAllowed):
    """A signatory is removed by who asked for them."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text("只有加签的发起人可以减签。", "Only who asked for the signature may do without it.")
        )
        self.task_id = task_id


class AlreadyVoted(NotAllowed):
    """The actor has voted in this round; nobody votes for two."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "您已在本轮表决中表态，其余须由他人办理。",
                "You have voted in this round; another person must do the others.",
            )
        )
        self.task_id = task_id


class ReturnToSelf(Conflict):
    """A task is not returned to itself."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "不能退回到当前环节本身，请选择更早的环节。",
                "A task is not returned to itself: choose an earlier one.",
            )
        )
        self.task_id = task_id


class ReturnTargetRunning(Conflict):
    """The element is being worked on at this moment; carries ``element_id``."""

    def __init__(self, task_id: UUID, element_id: str) -> None:
        super().__init__(
            Text(
                f"环节“{element_id}”正在办理中，不能退回到该环节。",
                f"The task “{element_id}” is being worked on; nothing is returned to it.",
            )
        )
        self.task_id = task_id
        self.element_id = element_id


class ReturnWithoutInitiator(Conflict):
    """The instance was started by no person, so there is no initiator to return to."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "该办件由系统发起，没有发起人可以退回，请选择其他环节。",
                "The instance was started by no person: there is no initiator to return to.",
            )
        )
        self.task_id = task_id


class NoReturnTarget(Conflict):
    """No earlier user task on the way of this one, or none that the element allows; carries ``to``."""

    def __init__(self, task_id: UUID, to: str) -> None:
        super().__init__(
            Text(
                f"不能退回到“{to}”：它不是本任务经过的、允许退回的用户任务。",
                f"“{to}” is no earlier user task on the way of this one that it may be returned to.",
            )
        )
        self.task_id = task_id
        self.to = to


class NoStraightBack(Conflict):
    """The task cannot open again at once after that return: others work beside it, or wait for it."""

    def __init__(self, task_id: UUID, to: str) -> None:
        super().__init__(
            Text(
                f"退回到“{to}”后不能直达当前环节，只能重新逐级办理。",
                f"After a return to “{to}” this task cannot open at once; return it without that.",
            )
        )
        self.task_id = task_id
        self.to = to


class TakeBackNotYours(NotAllowed):
    """Only who completed a task may take it back."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text("只有办结该任务的人可以取回。", "Only who completed the task may take it back.")
        )
        self.task_id = task_id


class NextHasActed(Conflict):
    """What came of the completion has been claimed, worked on or has gone further: too late to take back."""

    def __init__(self, task_id: UUID) -> None:
        super().__init__(
            Text(
                "下一环节已有人办理或流程已继续，不能取回。可联系其退回。",
                "The next task has begun, or the case has gone on: too late to take it back.",
            )
        )
        self.task_id = task_id
