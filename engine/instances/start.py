"""Starting instances by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions.files import START_FORM
from engine.definitions.models import ProcessDefinitionVersion
from engine.definitions.pinned import pinned_net
from engine.definitions.rows import StartOption
from engine.definitions.versions import latest_version, latest_versions, pins_of
from engine.errors import StartNotAllowed
from engine.forms.form import Form
from engine.forms.validation import clean
from engine.instances.beginning import Beginning, begin
from engine.instances.execution import Execution
from engine.instances.rows import InstanceRef
from engine.registry import Registry
from engine.user_tasks.snapshots import check_data
from kernel.actor import Actor
from kernel.language import Text


def start_instance(
    session: Session,
    registry: Registry,
    actor: Actor,
    key: str,
    variables: Mapping[str, Any],
    *,
    business_key: str | None,
    title: str,
    subject_type: str | None,
    subject_id: UUID | None,
    region_code: str,
    unit_id: UUID | None,
    check_role: bool,
    start_event: str | None = None,
) -> InstanceRef:
    """Start the newest version of a process at its none start event, or at one of several.

    Raises:
        DefinitionNotFound, StartNotAllowed, InstanceAlreadyOpen.
        FormRefused: the variables break the start form; those that it does not know are not looked at.
    """
    version = latest_version(session, key)
    if check_role:
        _check_start(session, actor, version, region_code, variables)
    if start_event is not None:
        _check_none_start(session, version, start_event)
    execution = Execution(session, registry, actor)
    instance = begin(
        execution,
        Beginning(
            version_id=version.id,
            variables=variables,
            start_event=start_event,
            business_key=business_key,
            title=title,
            subject_type=subject_type,
            subject_id=subject_id,
            region_code=region_code,
            unit_id=unit_id or actor.unit_id,
            initiator_id=actor.person_id,
            cause="hand",
        ),
    )
    execution.finish()
    return InstanceRef(instance.id, instance.case_number)


def start_options(session: Session, actor: Actor) -> tuple[StartOption, ...]:
    """List the processes that the actor's roles may start by hand, by key."""
    options = []
    for key, version in sorted(latest_versions(session).items()):
        if actor.roles & set(version.start_roles):
            form = _start_form(session, version)
            options.append(
                StartOption(
                    key,
                    Text(version.name, version.name_en),
                    version.version,
                    tuple(version.start_roles),
                    form.schema if form else {},
                )
            )
    return tuple(options)


def _check_start(
    session: Session,
    actor: Actor,
    version: ProcessDefinitionVersion,
    region_code: str,
    variables: Mapping[str, Any],
) -> None:
    if not _may_start(actor, version, region_code):
        raise StartNotAllowed(version.key, version.start_roles)
    form = _start_form(session, version)
    if form is not None:
        known = {name: value for name, value in variables.items() if name in form.properties}
        check_data(session, form, clean(known))


def _check_none_start(session: Session, version: ProcessDefinitionVersion, start_event: str) -> None:
    """Refuse to start by hand where a message, timer, signal or condition starts the process."""
    process = pinned_net(session, pins_of(session, version)).process(version.key)
    if start_event not in process.starts or process.elements[start_event].event is not None:
        raise StartNotAllowed(version.key, version.start_roles)


def _start_form(session: Session, version: ProcessDefinitionVersion) -> Form | None:
    pinned = pinned_net(session, pins_of(session, version))
    return pinned.processes[version.key].forms.get(START_FORM)


def _may_start(actor: Actor, version: ProcessDefinitionVersion, region_code: str) -> bool:
    return any(actor.has_role(role, region_code) for role in version.start_roles)
