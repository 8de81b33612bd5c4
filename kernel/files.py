"""Stored files: content by digest on disk, one row per stored file.

The content is written to a temporary file, synced and renamed, so a file under its
digest is always whole. The media type is found in the content; the name that a person
gave is kept as a label and never becomes a path.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import filetype  # type: ignore[import-untyped]  # the package ships no stubs
from sqlalchemy import BigInteger, String, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.actor import Actor
from kernel.clock import now
from kernel.database import Base, Id, Instant
from kernel.errors import FieldProblem, Invalid, NotFound
from kernel.ids import new_id
from kernel.language import Text

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
REFERENCE_PREFIX: Final = "file:"
_CHUNK = 1024 * 1024
_DIGESTS: Final = "zujian_file_digests"
_HEAD = 8192


class StoredFileRecord(Base):
    """One file that somebody stored; equal contents share their bytes."""

    __tablename__ = "stored_file"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    scan_state: Mapped[str] = mapped_column(String(16))
    stored_by: Mapped[UUID | None] = mapped_column(Uuid)
    stored_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The bytes as the store holds them; ``size`` in bytes."""

    digest: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file; ``reference`` is what records and forms keep of it."""

    id: UUID
    digest: str
    name: str
    media_type: str
    size: int
    scan_state: str
    stored_by: UUID | None
    stored_at: datetime

    @property
    def reference(self) -> str:
        """Return ``file:<id>``."""
        return f"{REFERENCE_PREFIX}{self.id}"


class FileStore:
    """A folder of contents, each under its SHA-256 digest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: BinaryIO, max_bytes: int = MAX_FILE_BYTES) -> StoredContent:
        """Copy the stream into the store, durably, and describe it.

        Raises:
            Invalid: the stream is empty or longer than ``max_bytes``.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size, head = hashlib.sha256(), 0, b""
        descriptor, temporary = tempfile.mkstemp(dir=self.root, prefix="incoming-")
        try:
            with os.fdopen(descriptor, "wb") as target:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > max_bytes:
                        raise _too_large(max_bytes)
                    head = head or chunk[:_HEAD]
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            if size == 0:
                raise _empty()
            self._keep(Path(temporary), digest.hexdigest())
        finally:
            Path(temporary).unlink(missing_ok=True)
        return StoredContent(digest.hexdigest(), size, media_type_of(head))

    def open(self, digest: str) -> BinaryIO:
        """Open the content for reading.

        Raises:
            NotFound: the store does not hold it.
        """
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise _no_content(digest) from None

    def path(self, digest: str) -> Path:
        """Return where the content lies, for tools that want a path.

        Raises:
            NotFound: the store does not hold it.
        """
        path = self._path(digest)
        if not path.is_file():
            raise _no_content(digest)
        return path

    def _keep(self, temporary: Path, digest: str) -> None:
        target = self._path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise _no_content(digest)
        return self.root / digest[:2] / digest[2:]


def store_file(
    session: Session,
    store: FileStore,
    source: BinaryIO,
    name: str,
    actor: Actor,
    max_bytes: int = MAX_FILE_BYTES,
) -> StoredFile:
    """Store the stream and write its row.

    Raises:
        Invalid: the stream is empty or too long.
    """
    content = store.put(source, max_bytes)
    record = StoredFileRecord(
        id=new_id(),
        digest=content.digest,
        name=safe_name(name),
        media_type=content.media_type,
        size=content.size,
        scan_state="not_scanned",
        stored_by=actor.person_id,
        stored_at=now(),
    )
    session.add(record)
    # The row's id is a foreign key of whatever the caller writes next.
    session.flush()
    return _described(record)


def find_file(session: Session, reference: str | UUID) -> StoredFile:
    """Return the file that a reference names.

    Raises:
        NotFound: no file has this reference.
    """
    identifier = reference if isinstance(reference, UUID) else _parse_reference(reference)
    record = session.scalar(select(StoredFileRecord).where(StoredFileRecord.id == identifier))
    if record is None:
        raise _no_file(str(reference))
    return _described(record)


def references_in(data: object) -> set[UUID]:
    """Return the files that data refer to, at whatever depth."""
    if isinstance(data, str):
        return {identifier} if (identifier := _identifier(data)) else set()
    if isinstance(data, Mapping):
        return set[UUID]().union(*map(references_in, data.values()))
    return set[UUID]().union(*map(references_in, data)) if isinstance(data, list | tuple) else set()


def know_digests(session: Session, wanted: Iterable[UUID], found: Mapping[UUID, str]) -> None:
    """Spare ``digest_of`` a query: these files were looked for together with something else."""
    session.info.setdefault(_DIGESTS, {}).update({identifier: found.get(identifier) for identifier in wanted})


def digest_of(session: Session, reference: str) -> str | None:
    """Return the digest of the file that a reference names; None if there is none."""
    known: dict[UUID, str | None] = session.info.setdefault(_DIGESTS, {})
    identifier = _identifier(reference)
    if identifier in known:
        return known[identifier]
    try:
        found = find_file(session, reference)
    except NotFound:
        return None
    return known.setdefault(found.id, found.digest)


def _identifier(reference: str) -> UUID | None:
    if not reference.startswith(REFERENCE_PREFIX):
        return None
    try:
        return UUID(reference.removeprefix(REFERENCE_PREFIX))
    except ValueError:
        return None


def safe_name(name: str) -> str:
    """Return the last part of a file name without control characters, 200 at most."""
    label = name.replace("\\", "/").rsplit("/", 1)[-1]
    label = "".join(character for character in label if character.isprintable()).strip(". ")
    if len(label) <= 200:
        return label or "file"
    stem, dot, ending = label.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:19]}" if dot else label[:200]


def media_type_of(head: bytes) -> str:
    """Return the media type that the first bytes show; text where they are UTF-8."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    try:
        # A character may be cut at the end of the head, never elsewhere.
        head.decode() if len(head) < _HEAD else head[:-4].decode(errors="strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            return "application/octet-stream"
    if b"\0" in head:
        return "application/octet-stream"
    return "application/json" if head.lstrip()[:1] in (b"{", b"[") else "text/plain"


def _parse_reference(reference: str) -> UUID:
    try:
        return UUID(reference.removeprefix(REFERENCE_PREFIX))
    except ValueError:
        raise _no_file(reference) from None


def _described(record: StoredFileRecord) -> StoredFile:
    return StoredFile(
        id=record.id,
        digest=record.digest,
        name=record.name,
        media_type=record.media_type,
        size=record.size,
        scan_state=record.scan_state,
        stored_by=record.stored_by,
        stored_at=record.stored_at,
    )


def _too_large(max_bytes: int) -> Invalid:
    limit = max_bytes // (1024 * 1024)
    message = Text(
        f"文件超过 {limit} MB，请压缩或拆分后再上传",
        f"The file is larger than {limit} MB; compress or split it",
    )
    return Invalid(message, (FieldProblem("file", "file.size", message),))


def _empty() -> Invalid:
    message = Text("文件为空，请重新选择", "The file is empty; choose another one")
    return Invalid(message, (FieldProblem("file", "file.empty", message),))


def _no_content(digest: str) -> NotFound:
    return NotFound(Text(f"存储中没有内容 {digest[:12]}", f"The store holds no content {digest[:12]}"))


def _no_file(reference: str) -> NotFound:
    return NotFound(Text(f"没有文件 {reference[:60]}", f"There is no file {reference[:60]}"))
