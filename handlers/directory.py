"""The resource catalogue: the metadata of a listed version, and the receipt for it.

No outside catalogue is connected: the metadata is written to the file store, and the receipt is the digest
of exactly those bytes, marked ``local``.

Source: draft standard, clauses 8.2.5 and 9.1d; process P04, step 7, and P05, step 3
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from engine.api import HandlerResult, JobContext, Registry
from handlers.environment import PLATFORM, Environment
from handlers.parameters import VERSION, version_of
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the resource catalogue."""
    registry.handler(
        "directory.push",
        partial(push, environment),
        Text(
            "同步元数据至资源目录（本地目录，未连接外部目录）",
            "Send the metadata to the catalogue (local, none connected)",
        ),
        (VERSION,),
        {"catalogueId": Text("目录编号", "Catalogue id"), "receipt": Text("回执", "Receipt")},
    )
    registry.handler(
        "directory.receipt",
        receipt,
        Text("检查资源目录回执", "Look for the receipt of the catalogue"),
        (VERSION,),
        {"present": Text("已有回执", "Receipt present"), "record": Text("目录信息", "Record")},
    )


def push(environment: Environment, job: JobContext) -> HandlerResult:
    """Write the metadata down and keep its receipt; the same record always gives the same receipt."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        return {"catalogueId": catalogue_id(version_id), "receipt": send(session, environment, version_id)}

    return HandlerResult(apply=apply)


def catalogue_id(version_id: UUID) -> str:
    """Return under which id the catalogue keeps a version."""
    return f"DIR-{version_id}"


def send(session: Session, environment: Environment, version_id: UUID) -> str:
    """Send the metadata as they are now and return the receipt."""
    detail = queries.version_detail(session, PLATFORM, version_id)
    metadata = {
        "componentId": str(detail.component_id),
        "versionId": str(version_id),
        "version": detail.version,
        "digest": detail.record_digest,
        "listedAt": detail.row.listed_at.isoformat() if detail.row.listed_at else None,
        "record": detail.record,
    }
    content = environment.files.put(io.BytesIO(orjson.dumps(metadata, option=orjson.OPT_SORT_KEYS)))
    mark = f"local:{content.digest}"
    service.record_directory_push(session, PLATFORM, version_id, catalogue_id(version_id), mark)
    return mark


def receipt(job: JobContext) -> HandlerResult:
    """Tell whether the catalogue has confirmed the version."""
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_of(job.parameters))
    return HandlerResult({"present": detail.directory_receipt is not None, "record": dict(detail.record)})
