"""Operations of administrators on instances: each asked for by one, consented to by another."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from engine.instances.rows import InstanceRef
from engine.operations import consenting, migrations, requesting, sweeping
from engine.operations import queries as operation_queries
from engine.operations.rows import MigrationPlan, MigrationVerdict, Operation, OperationRow, Positions
from engine.registry import Registry
from kernel.actor import Actor
from kernel.database import Database


class Operations:
    """Operations on instances: one administrator asks, another consents, then it is done."""

    registry: Registry

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

    def cancel_instances_about(
        self,
        session: Session,
        actor: Actor,
        subject: tuple[str, UUID],
        reason: str,
        *,
        by: InstanceRef,
        keep: Collection[UUID] = (),
    ) -> tuple[InstanceRef, ...]:
        """Cancel what is open about a subject (type and id) that the case ``by`` has removed.

        For handlers only, which act as the platform: no administrator asks and none consents.

        Raises:
            NotAllowed: a person asks.
            Invalid: no reason.
        """
        return sweeping.cancel_instances_about(
            session, self.registry, actor, subject, reason, by=by, keep=keep
        )

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
