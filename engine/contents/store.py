"""Keeping and fetching contents by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
import rfc8785
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.contents.models import ContentBlob
from kernel.clock import now
from kernel.errors import StaleState
from kernel.language import Text

JSON = "application/json"


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
    return content_of(rfc8785.dumps(document), JSON)


def keep(session: Session, contents: Iterable[Content]) -> None:
    """Store the contents that are not stored yet.

    Raises:
        StaleState: another transaction stored one of them at the same moment.
    """
    wanted = {content.digest: content for content in contents}
    if not wanted:
        return
    known = set(session.scalars(select(ContentBlob.digest).where(ContentBlob.digest.in_(wanted))))
    missing = [content for digest, content in wanted.items() if digest not in known]
    if missing:
        _insert(session, missing)


def _insert(session: Session, contents: list[Content]) -> None:
    rows = [
        {
            "digest": content.digest,
            "media_type": content.media_type,
            "size": len(content.data),
            "content": content.data,
            "created_at": now(),
        }
        for content in contents
    ]
    try:
        session.execute(insert(ContentBlob), rows)
    except IntegrityError as error:
        raise StaleState(
            Text("内容正被同时写入。", "The content is being stored by somebody else.")
        ) from error


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
