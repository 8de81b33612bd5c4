"""Who may read a stored file.

A file has no owner but the places that name it: whoever may see the task or the component version that
names it may read it, and so may whoever sees the evaluation that it is evidence of. The address says by which
of them (``?task=``, ``?version=`` or ``?evidence=``), and that is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.queries import version_detail
from domain.evaluation import queries as evaluation
from engine.api import Engine
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.files import StoredFile, find_file
from kernel.language import Text
from webapp.forms.fields import references


def find_readable_file(
    session: Session, engine: Engine, actor: Actor, file_id: UUID, by: Mapping[str, str]
) -> StoredFile:
    """Return the file if the actor stored it, or sees a task, version or evaluation that names it.

    Raises:
        NotFound: there is no such file, or the actor may not read it: the answer is the same.
    """
    stored = find_file(session, file_id)
    if actor.person_id is not None and stored.stored_by == actor.person_id:
        return stored
    if task_id := _identifier(by.get("task")):
        detail = engine.task(session, actor, task_id)
        named = references(detail.data) | references(detail.variables)
        if stored.reference in named:
            return stored
    if (version_id := _identifier(by.get("version"))) and actor.may("component.read"):
        version = version_detail(session, actor, version_id)
        attached = {attachment.file.reference for attachment in version.attachments}
        if stored.reference in attached | references(version.record):
            return stored
    if evidence_id := _identifier(by.get("evidence")):
        piece = evaluation.piece_of_evidence(session, actor, evidence_id)
        if piece.file_id == stored.id:
            return stored
    raise NotFound(Text("没有这个文件，或您无权读取。", "There is no such file that you may read."))


def _identifier(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
