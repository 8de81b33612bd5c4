"""A POST that arrives twice is carried out once, and answered twice with the same answer.

Source: draft-ietf-httpapi-idempotency-key-header-07
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from kernel.actor import Actor
from kernel.clock import now
from kernel.database import Database
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.api.models import IdempotentRequest

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON object."""

    status: int
    body: dict[str, Any]


class KeyUsedOtherwise(Conflict):
    """The key came before with another request."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "该幂等键已用于另一个请求，请更换后重试",
                "This idempotency key was used for another request; use a new one",
            )
        )


class KeyInUse(Conflict):
    """The same request is being carried out at this moment."""

    def __init__(self) -> None:
        super().__init__(
            Text("相同的请求正在处理，请稍后重试", "The same request is being carried out; try again shortly")
        )


def perform_once(database: Database, action: str, actor: Actor, work: Callable[[Session], Answer]) -> Answer:
    """Carry out ``work`` unless this person sent the key before; then give the answer of that time.

    Raises:
        BadRequest: there is no key, or it is too long.
        KeyUsedOtherwise: the key stands for another request.
        KeyInUse: the same request is being carried out right now.
    """
    key, digest = read_key(), request_digest()
    person_id = actor.person_id
    if person_id is None:
        raise BadRequest

    def once(session: Session) -> Answer:
        known = session.scalar(
            select(IdempotentRequest).where(
                IdempotentRequest.person_id == person_id, IdempotentRequest.idempotency_key == key
            )
        )
        if known is not None:
            return _repeat(known, digest)
        answer = work(session)
        session.add(_remember(person_id, key, digest, answer))
        return answer

    try:
        return perform(database, action, actor, once)
    except IntegrityError as error:
        if "idempotent_request" in str(error.orig):
            raise KeyInUse from error
        raise


def read_key() -> str:
    """Return the key of this request.

    Raises:
        BadRequest: there is none, or it is too long.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key or len(key) > MAX_KEY_LENGTH:
        raise BadRequest
    return key


def request_digest() -> str:
    """Return what tells this request from others: method, path and body."""
    head = f"{request.method} {request.full_path}\n".encode()
    return hashlib.sha256(head + request.get_data(cache=True)).hexdigest()


def _repeat(known: IdempotentRequest, digest: str) -> Answer:
    if known.request_digest != digest:
        raise KeyUsedOtherwise
    return Answer(known.status, known.answer)


def _remember(person_id: UUID, key: str, digest: str, answer: Answer) -> IdempotentRequest:
    return IdempotentRequest(
        id=new_id(),
        person_id=person_id,
        idempotency_key=key,
        request_digest=digest,
        status=answer.status,
        answer=answer.body,
        answered_at=now(),
    )
