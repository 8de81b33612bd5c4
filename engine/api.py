"""The front door of the engine: commands, queries, types, errors. Outsiders import only this.

``Engine`` is made once per process with a filled ``Registry``. Its methods take ``session`` (and the
acting person) and never commit: the edge opens the transaction with ``kernel.unit_of_work.perform``::

    perform(database, "user_task.complete", actor,
            lambda session: engine.complete_user_task(session, actor, task_id, data))

Only ``run_due`` and ``run_job`` take the ``Database``, because a job spans two transactions.
Every command checks the actor's grants itself and writes its audit events in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.bpmn.problems import Problem as Problem
from engine.database_tables import create_tables as create_tables
from engine.definitions import drafting
from engine.definitions import queries as definition_queries
from engine.definitions.check import check
from engine.definitions.deploy import deploy
from engine.definitions.rows import CheckReport as CheckReport
from engine.definitions.rows import DefinitionDraft as DefinitionDraft
from engine.definitions.rows import DefinitionFiles as DefinitionFiles
from engine.definitions.rows import DefinitionRow as DefinitionRow
from engine.definitions.rows import DefinitionVersion as DefinitionVersion
from engine.definitions.rows import StartOption as StartOption
from engine.errors import *  # noqa: F403 - the errors are part of the front door; engine.errors has no other names
from engine.incidents import deciding
from engine.incidents import queries as incident_queries
from engine.incidents.rows import IncidentRow as IncidentRow
from engine.instances import searching, start
from engine.instances.detail import instance_detail
from engine.instances.rows import ElementFacts as ElementFacts
from engine.instances.rows import InstanceDetail as InstanceDetail
from engine.instances.rows import InstanceFilter as InstanceFilter
from engine.instances.rows import InstanceRef as InstanceRef
from engine.instances.rows import InstanceRow as InstanceRow
from engine.instances.rows import ProcessDiagram as ProcessDiagram
from engine.instances.rows import TimelineEntry as TimelineEntry
from engine.jobs import locking, runner, standing
from engine.jobs.locking import DueJob as DueJob
from engine.jobs.standing import Driver as Driver
from engine.jobs.standing import DriverKind as DriverKind
from engine.jobs.standing import QueueStanding as QueueStanding
from engine.messages import conditions, sending
from engine.operations import consenting, migrations, requesting
from engine.operations import queries as operation_queries
from engine.operations.rows import CancelInstance as CancelInstance
from engine.operations.rows import MigrationPlan as MigrationPlan
from engine.operations.rows import MigrationVerdict as MigrationVerdict
from engine.operations.rows import Operation as Operation
from engine.operations.rows import OperationRow as OperationRow
from engine.operations.rows import Position as Position
from engine.operations.rows import Positions as Positions
from engine.operations.rows import Resume as Resume
from engine.operations.rows import Suspend as Suspend
from engine.paging import Page as Page
from engine.registry import BPMNError as BPMNError
from engine.registry import HandlerContract as HandlerContract
from engine.registry import HandlerResult as HandlerResult
from engine.registry import InstanceFacts as InstanceFacts
from engine.registry import JobContext as JobContext
from engine.registry import ListenerCall as ListenerCall
from engine.registry import ListenerContract as ListenerContract
from engine.registry import Parameter as Parameter
from engine.registry import Registry as Registry
from engine.registry import TaskNotice as TaskNotice
from engine.registry import TechnicalFailure as TechnicalFailure
from engine.runtime.commands import CorrectVariables as CorrectVariables
from engine.runtime.commands import MoveToken as MoveToken
from engine.runtime.errors import NotPossible as NotPossible
from engine.runtime.errors import NoWayBack as NoWayBack
from engine.user_tasks import claiming, completing, copying, inbox, returning, signing, transferring, urging
from engine.user_tasks import drafts as task_drafts
from engine.user_tasks.detail import task_detail
from engine.user_tasks.errors import *  # noqa: F403 - as engine.errors
from engine.user_tasks.rows import Allowed as Allowed
from engine.user_tasks.rows import CompletedTask as CompletedTask
from engine.user_tasks.rows import InboxCounts as InboxCounts
from engine.user_tasks.rows import InboxFilter as InboxFilter
from engine.user_tasks.rows import InboxView as InboxView
from engine.user_tasks.rows import ReturnTarget as ReturnTarget
from engine.user_tasks.rows import TaskActionRow as TaskActionRow
from engine.user_tasks.rows import TaskDetail as TaskDetail
from engine.user_tasks.rows import TaskHistoryRow as TaskHistoryRow
from engine.user_tasks.rows import TaskRow as TaskRow
from engine.user_tasks.signing import Place as Place
from engine.user_tasks.signing import Signatory as Signatory
from kernel.actor import Actor
from kernel.clock import now
from kernel.database import Database

Files = Mapping[str, bytes]


class Engine:
    """Commands and queries of the engine over one registry; holds no state of instances."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    # Definitions. Files are named as in the process folder: "<key>.bpmn", "forms/<name>.json".

    def check_files(self, session: Session, key: str, files: Files) -> CheckReport:
        """Check files as a deployment would, changing nothing."""
        return check(session, self.registry, key, files).report

    def deploy_files(
        self, session: Session, actor: Actor, key: str, files: Files, note: str = ""
    ) -> DefinitionVersion:
        """Deploy files as the next version of ``key``; unchanged files return the newest.

        Raises:
            DeploymentRefused: ``findings`` has at least one error.
            NotAllowed: the actor lacks ``definition.deploy``.
        """
        return deploy(session, self.registry, actor, key, files, note)

    def save_draft(
        self,
        session: Session,
        actor: Actor,
        key: str,
        files: Files,
        note: str = "",
        draft_id: UUID | None = None,
        revision: int | None = None,
    ) -> DefinitionDraft:
        """Create a draft, or save into the actor's own (needs ``definition.draft``); unchecked on purpose."""
        return drafting.save_draft(session, actor, key, files, note, draft_id, revision)

    def submit_draft(self, session: Session, actor: Actor, draft_id: UUID, note: str = "") -> DefinitionDraft:
        """Offer the draft for release; refused while it has errors (``DeploymentRefused``)."""
        return drafting.submit_draft(session, self.registry, actor, draft_id, note)

    def release_draft(
        self, session: Session, actor: Actor, draft_id: UUID, note: str = ""
    ) -> DefinitionVersion:
        """Deploy a submitted draft (needs ``definition.deploy``); ``SameAdministrator`` for its author."""
        return drafting.release_draft(session, self.registry, actor, draft_id, note)

    def reject_draft(self, session: Session, actor: Actor, draft_id: UUID, reason: str) -> DefinitionDraft:
        """Turn a submitted draft down with a reason (needs ``definition.deploy``)."""
        return drafting.reject_draft(session, actor, draft_id, reason)

    def definitions(self, session: Session) -> tuple[DefinitionRow, ...]:
        """List the processes with their newest versions, by key."""
        return definition_queries.definitions(session)

    def definition_versions(self, session: Session, key: str) -> tuple[DefinitionVersion, ...]:
        """List the versions of one process, newest first."""
        return definition_queries.definition_versions(session, key)

    def definition_version(self, session: Session, version_id: UUID) -> DefinitionFiles:
        """Return one version with its files."""
        return definition_queries.definition_files(session, version_id)

    def drafts(self, session: Session, key: str | None = None) -> tuple[DefinitionDraft, ...]:
        """List drafts, last changed first, without their files."""
        return drafting.drafts(session, key)

    def draft(self, session: Session, draft_id: UUID) -> DefinitionDraft:
        """Return one draft with its files."""
        return drafting.read_draft(session, draft_id)

    # Instances.

    def start_options(self, session: Session, actor: Actor) -> tuple[StartOption, ...]:
        """List the processes that the actor may start by hand."""
        return start.start_options(session, actor)

    def start_instance(
        self,
        session: Session,
        actor: Actor,
        key: str,
        variables: Mapping[str, Any],
        *,
        business_key: str | None = None,
        title: str = "",
        subject_type: str | None = None,
        subject_id: UUID | None = None,
        region_code: str,
        unit_id: UUID | None = None,
        check_role: bool = True,
        start_event: str | None = None,
    ) -> InstanceRef:
        """Start the newest version of a process at its none start event, or at the named one of several.

        ``check_role=False`` is for messages and calls of the platform itself, never for a request.

        Raises:
            DefinitionNotFound, StartNotAllowed, InstanceAlreadyOpen.
        """
        return start.start_instance(
            session,
            self.registry,
            actor,
            key,
            variables,
            business_key=business_key,
            title=title,
            subject_type=subject_type,
            subject_id=subject_id,
            region_code=region_code,
            unit_id=unit_id,
            check_role=check_role,
            start_event=start_event,
        )

    def send_message(
        self, session: Session, actor: Actor, name: str, key: str, payload: Mapping[str, Any]
    ) -> tuple[UUID, ...]:
        """Deliver a message to the waiting instances and start definitions; returns the instances reached."""
        return sending.send_message(session, self.registry, actor, name, key, payload)

    def evaluate_conditional_starts(
        self, session: Session, actor: Actor, variables: Mapping[str, Any]
    ) -> tuple[UUID, ...]:
        """Start the processes whose conditional start holds for these variables; returns the instances."""
        return conditions.evaluate_conditional_starts(session, self.registry, actor, variables)

    def instances(self, session: Session, actor: Actor, wanted: InstanceFilter) -> Page[InstanceRow]:
        """Search the instances that the actor may see."""
        return searching.instances(session, actor, wanted)

    def instance(self, session: Session, actor: Actor, instance_id: UUID) -> InstanceDetail:
        """Return one instance with its trail."""
        return instance_detail(session, actor, instance_id)

    # Operations on instances: one administrator asks, another consents, then it is done.

    def request_operation(
        self, session: Session, actor: Actor, instance_id: UUID, operation: Operation, reason: str
    ) -> OperationRow:
        """Ask to suspend, resume or cancel an instance, move a token or correct variables.

        Needs ``instance.operate`` (to cancel: ``instance.cancel``) and a reason. Nothing happens yet, but
        what could not be done now is refused now.

        Raises:
            InstanceNotActive, InstanceNotSuspended, OperationOutdated: the instance is in no state for it.
            OperationUnsafe: a join would starve, or a step be done twice.
        """
        return requesting.request_operation(session, self.registry, actor, instance_id, operation, reason)

    def consent_to_operation(
        self, session: Session, actor: Actor, request_id: UUID, note: str = ""
    ) -> OperationRow:
        """Consent to a request (needs ``instance.consent``) and carry it out in this transaction.

        Raises:
            ConsentByRequester: the actor asked for it.
            OperationNotOpen, OperationOutdated: it was decided, or the case has moved on.
        """
        return consenting.consent_to_operation(session, self.registry, actor, request_id, note)

    def refuse_operation(self, session: Session, actor: Actor, request_id: UUID, reason: str) -> OperationRow:
        """Turn a request of somebody else down with a reason (needs ``instance.consent``)."""
        return requesting.refuse_operation(session, actor, request_id, reason)

    def withdraw_operation(self, session: Session, actor: Actor, request_id: UUID) -> OperationRow:
        """Take one's own request back."""
        return requesting.withdraw_operation(session, actor, request_id)

    def operations(
        self, session: Session, actor: Actor, only_open: bool = True, instance_id: UUID | None = None
    ) -> tuple[OperationRow, ...]:
        """List requests in the actor's regions, newest first (at most 200)."""
        return operation_queries.operations(session, actor, only_open, instance_id)

    def try_migration(
        self, session: Session, actor: Actor, plan: MigrationPlan, limit: int = migrations.MOST_TRIED
    ) -> tuple[MigrationVerdict, ...]:
        """Say of each running instance whether it can move to a version, and why not; changes nothing.

        Needs ``instance.operate``. What is found now may change until the migration runs.
        """
        return migrations.dry_run(session, actor, plan, limit)

    def request_migration(
        self, session: Session, actor: Actor, plan: MigrationPlan, reason: str
    ) -> OperationRow:
        """Ask to migrate running instances (needs ``instance.operate``); consent lets it run."""
        return migrations.request_migration(session, actor, plan, reason)

    def run_migration(
        self, database: Database, request_id: UUID, limit: int = 100
    ) -> tuple[MigrationVerdict, ...]:
        """Carry over up to ``limit`` instances, each in its own transaction; call until it returns nothing.

        Raises:
            OperationNotOpen: nobody consented, or the request is no migration.
        """
        return migrations.run_migration(database, self.registry, request_id, limit)

    def migration_results(self, session: Session, request_id: UUID) -> tuple[MigrationVerdict, ...]:
        """Return what became of each instance so far; ``is_movable`` says that it has moved."""
        return migrations.results(session, request_id)

    def positions(self, session: Session, actor: Actor, instance_id: UUID) -> Positions:
        """Say where the tokens of an instance are held and where they could be moved."""
        return operation_queries.positions(session, actor, instance_id)

    # User tasks.

    def inbox(self, session: Session, actor: Actor, wanted: InboxFilter) -> Page[TaskRow]:
        """List tasks of one inbox view."""
        return inbox.inbox(session, actor, wanted)

    def inbox_counts(self, session: Session, actor: Actor) -> InboxCounts:
        """Count the inbox views."""
        return inbox.inbox_counts(session, actor)

    def task(self, session: Session, actor: Actor, task_id: UUID) -> TaskDetail:
        """Return one task with its form, data and what the actor may do."""
        return task_detail(session, actor, task_id)

    def claim_user_task(self, session: Session, actor: Actor, task_id: UUID) -> TaskRow:
        """Give the task to the actor; claiming a task one already holds changes nothing."""
        claiming.claim(session, actor, task_id)
        return task_detail(session, actor, task_id).row

    def unclaim_user_task(self, session: Session, actor: Actor, task_id: UUID) -> TaskRow:
        """Give a claimed task back to its candidates."""
        claiming.unclaim(session, actor, task_id)
        return task_detail(session, actor, task_id).row

    def save_task_draft(
        self, session: Session, actor: Actor, task_id: UUID, data: Mapping[str, Any]
    ) -> datetime:
        """Keep unfinished form data of the assignee; returns when it was saved. Not validated."""
        return task_drafts.save_draft(session, actor, task_id, data)

    def complete_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        data: Mapping[str, Any],
        revision: int | None = None,
    ) -> CompletedTask:
        """Complete the task with validated form data. An unclaimed task is claimed on the way.

        Raises:
            FormRefused: data break the form's schema.
            UserTaskNotOpen, UserTaskAlreadyClaimed: somebody else was faster.
            NotACandidate, FourEyesViolated: the actor may not.
        """
        return completing.complete(session, self.registry, actor, task_id, data, revision)

    def withdraw(self, session: Session, actor: Actor, task_id: UUID, reason: str) -> CompletedTask:
        """End the open task with outcome ``withdraw`` (initiator only, where the element allows it)."""
        return completing.withdraw(session, self.registry, actor, task_id, reason)

    # Reviewer actions: see docs/reference/reviewer-actions.md for who may, when, and what is refused.

    def transfer_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        person_id: UUID,
        reason: str = "",
        revision: int | None = None,
    ) -> None:
        """Hand the task over to another candidate for good."""
        transferring.transfer(session, self.registry, actor, task_id, person_id, reason, revision)

    def delegate_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        person_id: UUID,
        reason: str = "",
        revision: int | None = None,
    ) -> None:
        """Ask another candidate for an opinion; the task comes back with ``resolve_delegation``."""
        transferring.delegate(session, self.registry, actor, task_id, person_id, reason, revision)

    def resolve_delegation(self, session: Session, actor: Actor, task_id: UUID, opinion: str) -> None:
        """Hand a delegated task back with an opinion, or call the delegation off."""
        transferring.resolve(session, self.registry, actor, task_id, opinion)

    def copy_user_task(
        self, session: Session, actor: Actor, task_id: UUID, person_ids: Sequence[UUID], reason: str = ""
    ) -> tuple[UUID, ...]:
        """Let persons know of the task and read its instance; returns who was not told before."""
        return copying.copy(session, self.registry, actor, task_id, person_ids, reason)

    def copied_tasks(self, session: Session, actor: Actor, limit: int = 50) -> tuple[TaskRow, ...]:
        """List the tasks of which the actor was sent a copy, newest first."""
        return copying.copied_tasks(session, actor, limit)

    def urge_user_task(self, session: Session, actor: Actor, task_id: UUID, reason: str = "") -> None:
        """Remind who has the task, as the initiator or who delegated it; once an hour at most."""
        urging.urge(session, self.registry, actor, task_id, reason)

    def add_signatories(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        place: Place,
        signatories: Sequence[Signatory],
        reason: str = "",
        revision: int | None = None,
    ) -> tuple[UUID, ...]:
        """Ask persons to sign before the task, after it, or beside its instances; returns their tasks."""
        return signing.add_signatories(
            session, self.registry, actor, task_id, place, signatories, reason, revision
        )

    def remove_signatory(self, session: Session, actor: Actor, task_id: UUID, reason: str) -> None:
        """Do without a signature that the actor asked for; ``task_id`` is the signatory's task."""
        signing.remove_signatory(session, self.registry, actor, task_id, reason)

    def return_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        to: str,
        reason: str,
        straight_back: bool = False,
        revision: int | None = None,
    ) -> CompletedTask:
        """Return the task to ``initiator``, ``previous`` or an earlier element, whose work is done anew.

        ``straight_back``: if it is done anew with the same result, the task opens again at once.
        """
        return returning.return_task(
            session, self.registry, actor, task_id, to, reason, straight_back, revision
        )

    def take_back_user_task(
        self, session: Session, actor: Actor, task_id: UUID, reason: str = ""
    ) -> CompletedTask:
        """Reopen what the actor completed, while nobody has touched what came of it."""
        return returning.take_back(session, self.registry, actor, task_id, reason)

    # Jobs and incidents.

    def run_due(self, database: Database, limit: int = 50) -> int:
        """Run due jobs and timers, oldest first; returns how many were run."""
        return runner.run_due(database, self.registry, limit)

    def run_job(self, database: Database, job_id: UUID) -> bool:
        """Run one job if it is due and nobody else has it; tells whether it ran."""
        return runner.run_job(database, self.registry, job_id)

    def due_jobs(self, session: Session, limit: int) -> list[DueJob]:
        """Name jobs that may be taken now, for a driver that hands them to ``run_job`` elsewhere."""
        return locking.due_jobs(session, now(), limit)

    def end_leases(self, session: Session) -> int:
        """Let jobs that another process left behind be taken over now; returns how many there were.

        Only for a process that knows itself to be the only one, at its start. Others wait for the leases.
        """
        return locking.end_leases(session, now())

    def queue_standing(self, session: Session) -> QueueStanding:
        """Say how the queue stands: what is due and how late, what failed, which drivers are alive."""
        return standing.queue_standing(session, now())

    def driver_seen(self, session: Session, driver: Driver) -> None:
        """Write a sign of life of a process that drives the queue."""
        standing.sign_of_life(session, driver)

    def driver_gone(self, session: Session, driver_id: UUID) -> None:
        """Take a driver off the list that ended in good order."""
        standing.sign_off(session, driver_id)

    def next_due_at(self, session: Session) -> datetime | None:
        """Return when the next job or timer is due."""
        return locking.next_due_at(session)

    def incidents(self, session: Session, actor: Actor, only_open: bool = True) -> tuple[IncidentRow, ...]:
        """List incidents of instances that the actor may see, newest first (at most 200)."""
        return incident_queries.incidents(session, actor, only_open)

    def retry_incident(self, session: Session, actor: Actor, incident_id: UUID, reason: str) -> None:
        """Give the job three new attempts (needs ``incident.resolve``)."""
        deciding.retry(session, self.registry, actor, incident_id, reason)

    def resolve_incident(
        self,
        session: Session,
        actor: Actor,
        incident_id: UUID,
        reason: str,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Complete the stuck work by hand with a result (needs ``incident.resolve``)."""
        deciding.resolve(session, self.registry, actor, incident_id, reason, data)
