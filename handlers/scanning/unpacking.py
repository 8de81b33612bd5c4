"""Unpacking archives that may be hostile: into one folder, within one budget, plain files only."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from handlers.checks.containers import (
    ContainerBroken,
    ContainerEncrypted,
    ContainerUnsafe,
    refuse_unsafe_entry,
)
from handlers.scanning.intake import (
    I_BOMB,
    I_CORRUPT,
    I_DUPLICATE,
    I_ENCRYPTED,
    I_LINK,
    I_PATH,
    ArtefactRefused,
)

_CHUNK = 256 * 1024
_SMALL = 10 * 1024 * 1024
_MAX_NAME = 240
_MAX_PATH = 2000
NESTED_SUFFIXES = (".jar", ".war", ".ear", ".zip", ".whl")
NESTED_MARK = "!"
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class UnpackLimits:
    """How far an artefact is unpacked before it counts as a bomb."""

    artefact_bytes: int = 2 * 1024**3
    entries: int = 200_000
    unpacked_bytes: int = 4 * 1024**3
    ratio: int = 200
    depth: int = 3


@dataclass
class Budget:
    """What one artefact has used up so far, over all that is nested in it."""

    limits: UnpackLimits
    packed_bytes: int
    entries: int = 0
    unpacked_bytes: int = 0

    def take_entry(self, name: str) -> None:
        """Count one entry.

        Raises:
            ArtefactRefused: there are too many.
        """
        self.entries += 1
        if self.entries > self.limits.entries:
            raise ArtefactRefused(I_BOMB.found(place=name, evidence=f"> {self.limits.entries} entries"))

    def take_bytes(self, name: str, count: int) -> None:
        """Count unpacked bytes.

        Raises:
            ArtefactRefused: there are too many, or too many for the size of the archive.
        """
        self.unpacked_bytes += count
        if self.unpacked_bytes > self.limits.unpacked_bytes:
            said = f"> {self.limits.unpacked_bytes} bytes unpacked"
            raise ArtefactRefused(I_BOMB.found(place=name, evidence=said))
        if self.unpacked_bytes > max(_SMALL, self.limits.ratio * self.packed_bytes):
            said = f"unpacks to more than {self.limits.ratio} times its size"
            raise ArtefactRefused(I_BOMB.found(place=name, evidence=said))

    def copy(self, name: str, source: IO[bytes], target: Path) -> None:
        """Write one entry to a file, counting as it goes."""
        with target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                self.take_bytes(name, len(chunk))
                sink.write(chunk)


def unpack_zip(path: Path, into: Path, budget: Budget) -> None:
    """Unpack a zip file.

    Raises:
        ArtefactRefused: unsafe, encrypted, damaged, or beyond the budget.
    """
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                budget.take_entry(entry.filename)
                refuse_unsafe_entry(entry)
                if entry.is_dir():
                    continue
                target = place_for(into, entry.filename, seen)
                with archive.open(entry) as source:
                    budget.copy(entry.filename, source, target)
    except ContainerEncrypted as error:
        raise ArtefactRefused(I_ENCRYPTED.found(place=str(error))) from error
    except ContainerUnsafe as error:
        rule = I_BOMB if error.kind == "bomb" else I_PATH
        raise ArtefactRefused(rule.found(place=str(error))) from error
    except (ContainerBroken, *ARCHIVE_ERRORS) as error:
        raise ArtefactRefused(I_CORRUPT.found(place=path.name, evidence=_said(error))) from error


def unpack_tar(
    path: Path, into: Path, budget: Budget, place: Callable[[tarfile.TarInfo], Path | None] | None = None
) -> None:
    """Unpack a tar file, compressed or not.

    ``place`` decides where an entry goes and may pass it over; without it every entry must be a plain file
    or folder with a name of its own.

    Raises:
        ArtefactRefused: unsafe, damaged, or beyond the budget.
    """
    seen: set[str] = set()
    try:
        with tarfile.open(path, "r:*") as archive:
            for entry in archive:
                budget.take_entry(entry.name)
                target = place(entry) if place is not None else _plain_place(into, entry, seen)
                source = archive.extractfile(entry) if target is not None and entry.isreg() else None
                if target is not None and source is not None:
                    budget.copy(entry.name, source, target)
    except ARCHIVE_ERRORS as error:
        raise ArtefactRefused(I_CORRUPT.found(place=path.name, evidence=_said(error))) from error


def unpack_nested(tree: Path, budget: Budget, depth: int = 1) -> list[str]:
    """Unpack zip files inside the tree beside themselves; return the places that could not be read.

    Raises:
        ArtefactRefused: one of them is unsafe, beyond the budget, or nested too deep.
    """
    unread: list[str] = []
    for path in sorted(it for it in tree.rglob("*") if it.suffix.lower() in NESTED_SUFFIXES and it.is_file()):
        place = path.relative_to(tree).as_posix()
        if not zipfile.is_zipfile(path):
            continue
        if depth > budget.limits.depth:
            said = f"nested deeper than {budget.limits.depth}"
            raise ArtefactRefused(I_BOMB.found(place=place, evidence=said))
        inside = path.with_name(path.name + NESTED_MARK)
        if inside.exists():
            raise ArtefactRefused(I_DUPLICATE.found(place=f"{place}{NESTED_MARK}"))
        inside.mkdir()
        try:
            unpack_zip(path, inside, budget)
        except ArtefactRefused as refused:
            if refused.finding.rule not in (I_ENCRYPTED.id, I_CORRUPT.id):
                raise
            unread.append(place)
            shutil.rmtree(inside)
            continue
        unread += [f"{place}{NESTED_MARK}/{it}" for it in unpack_nested(inside, budget, depth + 1)]
    return unread


def place_for(into: Path, name: str, seen: set[str] | None) -> Path:
    """Return the file that an entry goes to, its folders made.

    Raises:
        ArtefactRefused: the name leaves the folder, is too long, or was there already.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = [part for part in path.parts if part != "."]
    too_long = len(name) > _MAX_PATH or any(len(part.encode()) > _MAX_NAME for part in parts)
    if path.is_absolute() or ".." in parts or not parts or "\x00" in name or too_long:
        raise ArtefactRefused(I_PATH.found(place=name[:200]))
    if seen is not None:
        if "/".join(parts) in seen:
            raise ArtefactRefused(I_DUPLICATE.found(place=name))
        seen.add("/".join(parts))
    target = into.joinpath(*parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        # One entry is a file, another a folder of the same name.
        raise ArtefactRefused(I_DUPLICATE.found(place=name)) from error
    if target.is_dir():
        raise ArtefactRefused(I_DUPLICATE.found(place=name))
    return target


def _plain_place(into: Path, entry: tarfile.TarInfo, seen: set[str]) -> Path | None:
    if entry.isdir():
        return None
    if not entry.isreg():
        raise ArtefactRefused(I_LINK.found(place=entry.name, evidence=entry.linkname))
    return place_for(into, entry.name, seen)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
