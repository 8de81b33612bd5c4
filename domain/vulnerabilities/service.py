"""Import a data set in place of the one before, in one transaction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import IO, Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.people.permissions import require
from domain.vulnerabilities.errors import DataSetRefused
from domain.vulnerabilities.models import VulnerabilityAdvisory, VulnerabilityDataSet
from domain.vulnerabilities.queries import package_key
from domain.vulnerabilities.reading import Advisory, read_data_set
from kernel import audit
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.files import safe_name
from kernel.ids import new_id

MOST_FILE_BYTES: Final = 2 * 1024 * 1024 * 1024
_ECOSYSTEM: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,39}(:[A-Za-z0-9._-]{1,18})?")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BATCH: Final = 2_000
_CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSetInput:
    """What the administrator says of a file: its digest as published, and the date of its data."""

    ecosystem: str
    sha256: str
    data_as_of: date | None
    file_name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import; ``is_unchanged`` when the very same file was in service already."""

    data_set_id: UUID
    advisories: int
    is_unchanged: bool


def import_data_set(session: Session, actor: Actor, given: DataSetInput, source: IO[bytes]) -> Imported:
    """Check the file against its digest, read it whole, and put it in service.

    The advisories of the ecosystem before are removed in the same transaction: whoever matches meanwhile
    sees the old ones or the new ones. The same file again changes nothing.

    Raises:
        NotAllowed: the actor does not keep the data sets.
        DataSetRefused: something is wrong with the file or with what was said of it.
    """
    require(actor, "vulnerability_data.manage")
    as_of = _checked(given)
    size = _verified_size(source, given.sha256.lower())
    standing = session.scalar(
        select(VulnerabilityDataSet).where(
            VulnerabilityDataSet.ecosystem == given.ecosystem, VulnerabilityDataSet.is_current
        )
    )
    if standing is not None and (standing.sha256, standing.data_as_of) == (given.sha256.lower(), as_of):
        return Imported(standing.id, standing.advisories, is_unchanged=True)
    if standing is not None:
        _retire(session, standing, as_of)
    data_set = VulnerabilityDataSet(
        id=new_id(),
        ecosystem=given.ecosystem,
        sha256=given.sha256.lower(),
        data_as_of=as_of,
        file_name=safe_name(given.file_name),
        size=size,
        advisories=0,
        is_current=True,
        imported_by=actor.person_id,
        imported_by_name=actor.name,
        imported_at=now(),
    )
    session.add(data_set)
    # The advisories point at the data set.
    session.flush()
    data_set.advisories = _store(session, data_set.id, read_data_set(source, given.ecosystem))
    if data_set.advisories == 0:
        raise DataSetRefused(
            "data_set.empty",
            f"文件中没有 {given.ecosystem} 的漏洞记录",
            f"it holds no advisory about {given.ecosystem}",
        )
    audit.append(session, _entry(actor, data_set, standing))
    return Imported(data_set.id, data_set.advisories, is_unchanged=False)


def _retire(session: Session, standing: VulnerabilityDataSet, as_of: date) -> None:
    if as_of < standing.data_as_of:
        raise DataSetRefused(
            "data_set.older",
            f"现用数据日期为 {standing.data_as_of}，不能用更旧的 {as_of} 替换",
            f"the data in service are of {standing.data_as_of}; older ones of {as_of} may not replace them",
        )
    standing.is_current = False
    session.execute(delete(VulnerabilityAdvisory).where(VulnerabilityAdvisory.data_set_id == standing.id))


def _checked(given: DataSetInput) -> date:
    if not _ECOSYSTEM.fullmatch(given.ecosystem):
        raise DataSetRefused(
            "data_set.ecosystem",
            "生态名称应为 OSV 名称，如 Maven、PyPI、npm、Go、ConanCenter、Debian",
            "the ecosystem is one of OSV's names, such as Maven, PyPI, npm, Go, ConanCenter, Debian",
        )
    if not _SHA256.fullmatch(given.sha256.lower()):
        raise DataSetRefused(
            "data_set.sha256",
            "应提供文件的 SHA-256（64位十六进制）",
            "give its SHA-256, 64 hexadecimal digits",
        )
    tomorrow = now().astimezone(SHANGHAI).date() + timedelta(days=1)
    if given.data_as_of is None or given.data_as_of > tomorrow:
        raise DataSetRefused(
            "data_set.date", "应提供不晚于今天的数据日期", "give the date of the data, today at the latest"
        )
    return given.data_as_of


def _verified_size(source: IO[bytes], expected: str) -> int:
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > MOST_FILE_BYTES:
            raise DataSetRefused("data_set.size", "文件超过 2 GB", "the file is larger than 2 GB")
        digest.update(chunk)
    source.seek(0)
    if digest.hexdigest() != expected:
        raise DataSetRefused(
            "data_set.digest",
            f"SHA-256 不符：文件为 {digest.hexdigest()}",
            f"the SHA-256 differs: the file has {digest.hexdigest()}",
        )
    return size


def _store(session: Session, data_set_id: UUID, advisories: Iterator[Advisory]) -> int:
    stored = 0
    while batch := list(islice(advisories, _BATCH)):
        session.execute(insert(VulnerabilityAdvisory), [_row(data_set_id, each) for each in batch])
        stored += len(batch)
    return stored


def _row(data_set_id: UUID, advisory: Advisory) -> dict[str, Any]:
    return {
        "id": new_id(),
        "data_set_id": data_set_id,
        "ecosystem": advisory.ecosystem[:60],
        "package": advisory.package,
        "package_key": package_key(advisory.ecosystem, advisory.package),
        "advisory": advisory.id,
        "content": dict(advisory.content),
    }


def _entry(
    actor: Actor, data_set: VulnerabilityDataSet, before: VulnerabilityDataSet | None
) -> audit.AuditEntry:
    return audit.AuditEntry(
        action="vulnerability_data.imported",
        actor=actor,
        stream="system:vulnerability_data",
        subject_type="vulnerability_data_set",
        subject_id=data_set.id,
        before={"sha256": before.sha256, "data_as_of": before.data_as_of.isoformat()} if before else None,
        after={
            "ecosystem": data_set.ecosystem,
            "sha256": data_set.sha256,
            "data_as_of": data_set.data_as_of.isoformat(),
            "advisories": data_set.advisories,
        },
        clause="8.1.1",
    )
