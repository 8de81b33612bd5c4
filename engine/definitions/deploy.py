"""Deploying: checked files become the next version, which never changes afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import rfc8785
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.bpmn.model import Process
from engine.contents.store import content_of, keep
from engine.definitions.check import called_keys, check
from engine.definitions.files import form_name, media_type
from engine.definitions.models import DefinitionFile, ProcessDefinitionVersion
from engine.definitions.rows import DefinitionVersion
from engine.definitions.starts import replace_starts
from engine.definitions.versions import latest_versions, version_row
from engine.errors import DeploymentRefused
from engine.forms.form import read_form
from engine.registry import Registry
from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.clock import now
from kernel.errors import StaleState
from kernel.ids import new_id
from kernel.language import Text

PERMISSION: Final = "definition.deploy"
STREAM: Final = "system:definitions"
Files = Mapping[str, bytes]


def deploy(
    session: Session,
    registry: Registry,
    actor: Actor,
    key: str,
    files: Files,
    note: str,
    author_id: UUID | None = None,
) -> DefinitionVersion:
    """Deploy files as the next version of ``key``.

    The same contents under the same contracts again return the version that has them, unless a newer one
    is in service: then they become a version anew, which is how one goes back.

    Raises:
        NotAllowed: the actor lacks ``definition.deploy``.
        DeploymentRefused: the check found an error.
    """
    actor.require(PERMISSION)
    checked = check(session, registry, key, files)
    if not checked.report.is_deployable or checked.net is None:
        raise DeploymentRefused(checked.report.problems)
    process = checked.net.processes[key]
    contracts = _contracts(process, registry)
    digest = _digest(checked.files, contracts)
    latest = latest_versions(session, [key]).get(key)
    if latest is not None and latest.digest == digest:
        return version_row(latest)
    number = latest.version + 1 if latest else 1
    version = _insert(session, actor, process, number, digest, contracts, note)
    _keep_files(session, version.id, checked.files)
    replace_starts(session, version, process, version.deployed_at)
    append(session, _event(actor, version, author_id, latest))
    return version_row(version)


def _insert(
    session: Session,
    actor: Actor,
    process: Process,
    number: int,
    digest: str,
    contracts: dict[str, Any],
    note: str,
) -> ProcessDefinitionVersion:
    values = {
        "id": new_id(),
        "key": process.key,
        "version": number,
        "name": process.name or process.key,
        "name_en": process.name_en or process.name or process.key,
        "digest": digest,
        "contracts": contracts,
        "start_roles": list(process.start_roles),
        "calls": called_keys(process),
        "deployed_by": actor.person_id,
        "deployed_at": now(),
        "note": note,
    }
    try:
        session.execute(insert(ProcessDefinitionVersion), [values])
    except IntegrityError as error:
        raise StaleState(Text("该流程正被同时部署。", "Somebody else is deploying this process.")) from error
    return session.scalars(
        select(ProcessDefinitionVersion).where(ProcessDefinitionVersion.id == values["id"])
    ).one()


def _keep_files(session: Session, version_id: UUID, files: Files) -> None:
    rows = []
    for name, data in sorted(files.items()):
        content = content_of(data, media_type(name))
        keep(session, [content])
        form = form_name(name)
        if form is not None:
            # Tasks name the schema in canonical form, which is what people were shown.
            keep(session, [read_form(form, data).content])
        rows.append({"version_id": version_id, "name": name, "digest": content.digest})
    session.execute(insert(DefinitionFile), rows)


def _contracts(process: Process, registry: Registry) -> dict[str, Any]:
    """Return what the handlers promised when this was deployed, by topic."""
    topics = sorted({element.topic for element in process.elements.values() if element.topic})
    found = [contract for topic in topics if (contract := registry.find_handler(topic)) is not None]
    return {
        contract.topic: {
            "parameters": [
                {
                    "name": each.name,
                    "kind": each.kind,
                    "required": each.required,
                    "choices": list(each.choices),
                }
                for each in contract.parameters
            ],
            "result": sorted(contract.result),
        }
        for contract in found
    }


def _digest(files: Files, contracts: dict[str, Any]) -> str:
    digests = {name: content_of(data, "").digest for name, data in files.items()}
    document: Any = {"schema": 1, "files": digests, "contracts": contracts}
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _event(
    actor: Actor,
    version: ProcessDefinitionVersion,
    author_id: UUID | None,
    latest: ProcessDefinitionVersion | None,
) -> AuditEntry:
    return AuditEntry(
        action="definition.deployed",
        actor=actor,
        stream=STREAM,
        definition_version=f"{version.key}@{version.version}",
        subject_type="definition",
        subject_id=version.id,
        reason=version.note or None,
        before={"version": latest.version, "digest": latest.digest} if latest else None,
        after={
            "version": version.version,
            "digest": version.digest,
            "author": str(author_id) if author_id else None,
        },
    )
