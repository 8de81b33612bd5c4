"""Take a file in, give a file out."""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.files import StoredFile, store_file
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.files.access import find_readable_file
from webapp.files.presenters import file_facts
from webapp.instances.oversight import STREAM as READING
from webapp.permissions import signed_in

blueprint = Blueprint("files", __name__, url_prefix="/files")


def keep_upload(upload: FileStorage) -> StoredFile:
    """Store an uploaded file for the acting person, in a transaction of its own."""
    platform, actor = current_platform(), current_actor()
    return perform(
        platform.database,
        "file.store",
        actor,
        lambda session: store_file(
            session, platform.files, _from_the_start(upload), upload.filename or "file", actor
        ),
    )


@blueprint.post("")
@signed_in
def upload() -> ResponseReturnValue:
    """Store one file; answers its reference, name and size."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        abort(400)
    facts = file_facts(keep_upload(sent))
    body = {"reference": facts.reference, "name": facts.name, "size": facts.size, "url": facts.url}
    return jsonify(body), 201


@blueprint.get("/<uuid:file_id>")
@signed_in
def download(file_id: UUID) -> ResponseReturnValue:
    """Send a file that the person may read: their own, or one of a task or version that they may see.

    Always as an attachment: nothing that a stranger wrote is opened as a page of this site.
    """
    platform, actor = current_platform(), current_actor()

    def find(session: Session) -> StoredFile:
        stored = find_readable_file(session, platform.engine, actor, file_id, request.args)
        append(session, _downloaded(actor, stored))
        return stored

    stored = perform(platform.database, "file.download", actor, find, stream=READING)
    response = send_file(
        platform.files.open(stored.digest),
        mimetype=stored.media_type,
        as_attachment=True,
        download_name=stored.name,
        etag=stored.digest,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _downloaded(actor: Actor, stored: StoredFile) -> AuditEntry:
    """Return the event of a download: who took which file, and by what they may."""
    by = {name: request.args[name] for name in ("task", "version", "evidence") if name in request.args}
    return AuditEntry(
        action="file.downloaded",
        actor=actor,
        stream=READING,
        outcome="read",
        subject_type="stored_file",
        subject_id=stored.id,
        asked={"name": stored.name, "digest": stored.digest, **by},
    )


def _from_the_start(upload: FileStorage) -> BinaryIO:
    # The unit of work may run twice; the second run must read the whole file again.
    upload.stream.seek(0)
    return cast(BinaryIO, upload.stream)
