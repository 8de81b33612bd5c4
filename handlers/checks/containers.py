"""Looking into zip containers and OLE2 documents without trusting them."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import olefile  # type: ignore[import-untyped]  # olefile ships no type information
from lxml import etree

_CHUNK = 64 * 1024
_ENCRYPTED_FLAG = 0x1
_FIB_FLAGS_OFFSET = 0x0A
_FIB_ENCRYPTED = 0x0100


@dataclass(frozen=True)
class ContainerLimits:
    """How far a container is unpacked in memory-free fashion before it counts as a bomb."""

    entries: int = 10_000
    unpacked_bytes: int = 500 * 1024 * 1024
    ratio: int = 200
    xml_bytes: int = 32 * 1024 * 1024


class ContainerBroken(Exception):
    """The container cannot be read to its end; the text says where."""


class ContainerUnsafe(Exception):
    """The container could harm whoever unpacks it; ``kind`` is ``bomb`` or ``path``."""

    def __init__(self, kind: str, evidence: str) -> None:
        super().__init__(evidence)
        self.kind = kind


class ContainerEncrypted(Exception):
    """The container can only be read with a password."""


@dataclass(frozen=True)
class ZipContents:
    """What a zip file holds after it was read to its end."""

    names: frozenset[str]
    unpacked_bytes: int

    @property
    def has_macros(self) -> bool:
        """Whether a part carries a VBA project."""
        return any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in self.names)


def read_zip(stream: BinaryIO, size: int, limits: ContainerLimits) -> ZipContents:
    """Read a zip file to its end, entry by entry, with checksums compared.

    Raises:
        ContainerUnsafe: too many entries, too much content, or a name that leaves the folder.
        ContainerEncrypted: an entry is encrypted.
        ContainerBroken: the directory or an entry is damaged.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            if len(entries) > limits.entries:
                raise ContainerUnsafe("bomb", f"{len(entries)} entries > {limits.entries}")
            for entry in entries:
                refuse_unsafe_entry(entry)
            unpacked = 0
            for chunk in _contents(archive, entries):
                unpacked += chunk
                if unpacked > limits.unpacked_bytes:
                    raise ContainerUnsafe("bomb", f"> {limits.unpacked_bytes} bytes unpacked")
                if unpacked > limits.ratio * max(size, _CHUNK):
                    raise ContainerUnsafe("bomb", f"unpacks to more than {limits.ratio} times its size")
            return ZipContents(frozenset(entry.filename for entry in entries), unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ContainerBroken(str(error) or type(error).__name__) from error


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[int]:
    for entry in entries:
        if entry.is_dir():
            continue
        with archive.open(entry) as content:
            while chunk := content.read(_CHUNK):
                yield len(chunk)


def refuse_unsafe_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse an encrypted entry, and one whose name or kind leads out of the folder.

    Raises:
        ContainerEncrypted: it needs a password.
        ContainerUnsafe: an absolute path, ``..``, a drive letter, a link or a NUL.
    """
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise ContainerEncrypted(entry.filename)
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    drive = len(entry.filename) > 1 and entry.filename[1] == ":"
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or drive or is_link or "\x00" in entry.orig_filename:
        raise ContainerUnsafe("path", entry.filename)


def require_well_formed(stream: BinaryIO, part: str, limits: ContainerLimits) -> None:
    """Parse one XML part of a zip document.

    Raises:
        ContainerUnsafe: the part is too large or declares a document type.
        ContainerBroken: the part is missing or not well formed.
    """
    stream.seek(0)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(part) as content:
            text = content.read(limits.xml_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError) as error:
        raise ContainerBroken(f"{part}: {error}") from error
    if len(text) > limits.xml_bytes:
        raise ContainerUnsafe("bomb", f"{part} > {limits.xml_bytes} bytes")
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ContainerBroken(f"{part}: {error}") from error
    doctype = root.getroottree().docinfo.doctype  # type: ignore[union-attr]  # unknown to the stubs
    if doctype:
        raise ContainerUnsafe("bomb", f"{part}: {doctype}")


@dataclass(frozen=True)
class OleContents:
    """What an OLE2 compound document holds."""

    is_word: bool
    has_macros: bool


def read_ole(stream: BinaryIO) -> OleContents:
    """Read the directory of an OLE2 compound document (.doc, .wps).

    Raises:
        ContainerEncrypted: an encrypted Office document, old or new.
        ContainerBroken: the structure is damaged.
    """
    stream.seek(0)
    try:
        with olefile.OleFileIO(stream.read(), raise_defects=olefile.DEFECT_INCORRECT) as document:
            if document.exists("EncryptedPackage") or document.exists("EncryptionInfo"):
                raise ContainerEncrypted("EncryptedPackage")
            is_word = bool(document.exists("WordDocument"))
            if is_word:
                header = document.openstream("WordDocument").read(32)
                if len(header) < 32:
                    raise ContainerBroken("WordDocument: header too short")
                flags = int.from_bytes(header[_FIB_FLAGS_OFFSET : _FIB_FLAGS_OFFSET + 2], "little")
                if flags & _FIB_ENCRYPTED:
                    raise ContainerEncrypted("WordDocument")
            storages = {"/".join(path).lower() for path in document.listdir(streams=True, storages=True)}
            has_macros = any("vba" in name.split("/") or "macros" in name.split("/") for name in storages)
            return OleContents(is_word=is_word, has_macros=has_macros)
    except (OSError, ValueError, IndexError, RecursionError) as error:
        raise ContainerBroken(str(error) or type(error).__name__) from error
