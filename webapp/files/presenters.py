"""What pages say about stored files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from kernel.files import StoredFile, find_file
from webapp.forms import FileFacts


def file_facts(stored: StoredFile, **context: str) -> FileFacts:
    """Return name, size and address; ``context`` says by which task or version the file may be read."""
    values: dict[str, Any] = dict(context)
    url = url_for("files.download", file_id=stored.id, **values)
    return FileFacts(stored.reference, stored.name, stored.size, url)


def facts_of(session: Session, references: Iterable[str], **context: str) -> dict[str, FileFacts]:
    """Return the facts by reference; references to nothing are left out."""
    found = {}
    for reference in references:
        try:
            found[reference] = file_facts(find_file(session, reference), **context)
        except NotFound:
            continue
    return found
