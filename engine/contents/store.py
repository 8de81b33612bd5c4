"""Keeping and fetching contents by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
from sqlalchemy import Insert, Table, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.contents.models import ContentBlob
from kernel.canonical import canonical_bytes
from kernel.clock import now
from kernel.errors import StaleState
from kernel.language import Text

JSON: Final = "application/json"
_blob = cast(Table, ContentBlob.__table__)


def _insert_unless_stored() -> Insert:
    given = [bindparam(f"given_{column.name}", type_=column.type) for column in _blob.c]
    stored = select(_blob.c.digest).where(_blob.c.digest == bindparam("given_digest")).exists()
    return insert(_blob).from_select([column.name for column in _blob.c], select(*given).where(~stored))


# Built once: building a statement costs more than running it.
_KEEP: Final = _insert_unless_stored()


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes with their digest; the digest of JSON is taken over its canonical form (RFC 8785)."""

    digest: str
    media_type: str
    data: bytes


def content_of(data: bytes, media_type: str) -> Content:
    """Return the bytes with their digest."""
    return Content(hashlib.sha256(data).hexdigest(), media_type, data)


def json_content(document: Any) -> Content:
    """Return a JSON document in canonical form with its digest."""
    return content_of(canonical_bytes(document), JSON)


def keep(session: Session, contents: Iterable[Content]) -> None:
    """Store the contents that are not stored yet, each with one statement.

    Raises:
        StaleState: another transaction stored one of them at the same moment.
    """
    at = now()
    for content in contents:
        values = {
            "given_digest": content.digest,
            "given_media_type": content.media_type,
            "given_size": len(content.data),
            "given_content": content.data,
            "given_created_at": at,
        }
        try:
            session.connection().execute(_KEEP, values)
        except IntegrityError as error:
            raise StaleState(Text("内容正被同时写入。", "Somebody else is storing the content.")) from error


def fetch(session: Session, digests: Iterable[str]) -> Mapping[str, bytes]:
    """Return the contents by digest.

    Raises:
        KeyError: one of them is not stored, which is a broken database.
    """
    wanted = set(digests)
    rows = session.execute(
        select(ContentBlob.digest, ContentBlob.content).where(ContentBlob.digest.in_(wanted))
    )
    found = {row.digest: cast(bytes, row.content) for row in rows}
    for digest in wanted - found.keys():
        raise KeyError(digest)
    return found


def fetch_json(session: Session, digest: str) -> Any:
    """Return one JSON content."""
    return orjson.loads(fetch(session, [digest])[digest])
