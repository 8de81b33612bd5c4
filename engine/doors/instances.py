"""Instances: start, message, cancel, find, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions.rows import StartOption
from engine.instances import searching, start
from engine.instances.detail import instance_detail
from engine.instances.rows import InstanceDetail, InstanceFilter, InstanceRef, InstanceRow
from engine.messages import conditions, sending
from engine.paging import Page
from engine.registry import Registry
from kernel.actor import Actor


class Instances:
    """Instances: start, message, cancel, find, read."""

    registry: Registry

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
