"""One command at work: instances in memory, rows to write, messages to deliver, events to record.

The imperative shell around ``engine.runtime.advance``. A command loads an instance, calls ``advance``
as often as messages demand, and ``finish`` writes everything: one transaction, few statements.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.errors import EngineIncident, InstanceNotActive
from engine.incidents.commands import report
from engine.instances.causes import Cause, Delivery, Values
from engine.instances.effects import carry_out
from engine.instances.pending import Pending
from engine.instances.running import RunningInstance, load_instance
from engine.instances.storing import insert_instance, update_instance
from engine.instances.variables import variables_of
from engine.messages.delivery import address, deliver
from engine.messages.receivers import Look, Throw
from engine.registry import Registry, TaskNotice
from engine.runtime.advance import advance
from engine.runtime.commands import Command
from engine.runtime.errors import Incident
from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.clock import now
from kernel.language import Text
from kernel.statements import Batch

MAX_DELIVERIES: Final = 500


class Execution:
    """The work of one command; ``finish`` must be called once, at its end."""

    def __init__(self, session: Session, registry: Registry, actor: Actor) -> None:
        self.session = session
        self.registry = registry
        self.actor = actor
        self.at = now()
        self.pending = Pending(self.at, actor.person_id)
        self.batch = Batch()
        self.opened: list[UUID] = []
        self.throws: list[Throw] = []
        self.deliveries: deque[Delivery] = deque()
        self.notices: list[TaskNotice] = []
        self.cause: Cause | None = None
        self._instances: dict[UUID, RunningInstance] = {}
        self._audit: list[AuditEntry] = []

    def load(self, instance_id: UUID) -> RunningInstance:
        """Return an instance, read once for the whole command."""
        if instance_id not in self._instances:
            self.adopt(load_instance(self.session, instance_id))
        return self._instances[instance_id]

    def anew(self, session: Session) -> Execution:
        """Return an execution by the same actor in another transaction."""
        return Execution(session, self.registry, self.actor)

    def adopt(self, instance: RunningInstance) -> None:
        """Work on an instance that was read or made elsewhere."""
        self._instances[instance.id] = instance

    def advance(self, instance: RunningInstance, command: Command, cause: Cause) -> None:
        """Advance the instance, record why, and carry out the effects.

        Raises:
            EngineIncident: the instance cannot go on as drawn; nothing was changed.
            InstanceNotActive: it is suspended.
            Rejected: a listener refused.
        """
        if instance.status == "suspended" and not cause.while_suspended:
            raise InstanceNotActive(instance.id, instance.status)
        before = variables_of(instance.state)
        try:
            instance.state, effects = advance(instance.pinned.net, instance.state, command, self.at)
        except Incident as incident:
            error = EngineIncident(incident.element_id, incident.rule, incident.message)
            report(self, instance, cause, error)
            raise error from incident
        instance.is_changed = True
        self._record_cause(instance, cause, before)
        outer, self.cause = self.cause, cause
        try:
            for effect in effects:
                carry_out(self, instance, effect)
        except EngineIncident as error:
            report(self, instance, cause, error)
            raise
        # Looking up who did an element writes the rows half-way; what followed is not stored yet.
        instance.is_changed = True
        self.cause = outer

    @property
    def touched(self) -> tuple[UUID, ...]:
        """Return the ids of the instances that the command worked on, in order."""
        return tuple(self._instances)

    def record(
        self,
        instance: RunningInstance,
        action: str,
        element: Element | None = None,
        **facts: Any,
    ) -> None:
        """Add an audit event of the instance; ``facts`` are further fields of ``AuditEntry``."""
        self._audit.append(
            AuditEntry(
                action=action,
                actor=self.actor,
                stream=instance.stream,
                instance_id=instance.id,
                element_id=element.id if element else None,
                definition_version=f"{instance.definition_key}@{instance.definition_version}",
                subject_type=instance.subject_type,
                subject_id=instance.subject_id,
                clause=" ".join(element.clauses) or None if element else None,
                region_code=instance.region_code,
                unit_id=instance.unit_id,
                **facts,
            )
        )

    def record_apart(self, action: str, element_id: str | None = None, **facts: Any) -> None:
        """Add an audit event of automatic work that belongs to no instance."""
        self._audit.append(
            AuditEntry(action=action, actor=self.actor, stream="system:jobs", element_id=element_id, **facts)
        )

    def flush(self) -> None:
        """Write the rows collected so far, so that later statements of this command see them."""
        self._collect()
        self.batch.send(self.session)

    def send(self, look: Look | None = None) -> None:
        """Write rows and audit events together, once an instance has come to rest.

        Given a look for receivers, it is answered on the way.
        """
        self._collect(look)
        audit, self._audit = self._audit, []
        append(self.session, *audit, batch=self.batch)
        self.batch.send(self.session)

    def finish(self) -> None:
        """Deliver what was thrown, write rows and audit events together, tell the notifiers.

        Raises:
            StaleState: somebody else advanced an instance meanwhile.
        """
        self._deliver()
        self.send()
        for notice in self.notices:
            self.registry.notify(self.session, notice)

    def _deliver(self) -> None:
        delivered = 0
        self._address()
        while self.deliveries:
            delivered += 1
            if delivered > MAX_DELIVERIES:
                raise _too_many_deliveries()
            deliver(self, self.deliveries.popleft())
            self._address()

    def _address(self) -> None:
        throws, self.throws = self.throws, []
        if throws:
            address(self, throws)

    def _collect(self, look: Look | None = None) -> None:
        """Add the rows to the batch: new instances before what refers to them."""
        instances = list(self._instances.values())
        for instance in instances:
            if instance.is_new:
                insert_instance(self.batch, instance)
        self.pending.close(self.batch)
        for instance in instances:
            if instance.is_changed:
                update_instance(self.batch, instance, look)
                look = None
        if look is not None:
            look.ask(self.session)
        self.pending.insert(self.batch)

    def _record_cause(self, instance: RunningInstance, cause: Cause, before: Values) -> None:
        after = variables_of(instance.state)
        changed = [name for name in after if name not in before or before[name] != after[name]]
        self.record(
            instance,
            cause.action,
            cause.element,
            role=cause.role,
            reason=cause.reason,
            asked=dict(cause.asked) if cause.asked is not None else None,
            before={"variables": {name: before.get(name) for name in changed}} if changed else None,
            after={
                **(cause.after or {}),
                **({"variables": {name: after[name] for name in changed}} if changed else {}),
            }
            or None,
            steps=self.pending.begin_path(instance),
        )


def _too_many_deliveries() -> EngineIncident:
    return EngineIncident(
        None,
        "message.cascade",
        Text(
            f"一次操作引发的消息超过 {MAX_DELIVERIES} 条，可能形成循环。",
            f"One command caused more than {MAX_DELIVERIES} messages; they may go round in circles.",
        ),
    )
