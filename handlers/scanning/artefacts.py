"""Taking an artefact in: what it is by content, unpacked into a private folder, refused where unsafe.

Source: draft standard, clause 8.2.3 b (JAR, WAR, container images and so on)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from handlers.scanning.bench import Workbench
from handlers.scanning.child import private_folder
from handlers.scanning.images import lay_over, read_docker_archive, read_oci_layout
from handlers.scanning.intake import (
    I_CORRUPT,
    I_EMPTY,
    I_NAME,
    I_SIZE,
    I_TYPE,
    ArtefactRefused,
)
from handlers.scanning.languages import languages_in, source_files
from handlers.scanning.unpacking import (
    ARCHIVE_ERRORS,
    Budget,
    UnpackLimits,
    unpack_nested,
    unpack_tar,
    unpack_zip,
)

_SOURCE_TAR = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_FOREIGN_PARTS = ("[Content_Types].xml", "OFD.xml", "AndroidManifest.xml")
_COMPRESSED_TAR = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_LISTED = 20_000


class ArtefactKind(StrEnum):
    """What an artefact is, told by its content."""

    JAR = "jar"
    WAR = "war"
    DOCKER_ARCHIVE = "docker_archive"
    OCI_ARCHIVE = "oci_archive"
    SOURCE = "source"

    @property
    def is_image(self) -> bool:
        """Whether it is a container image."""
        return self in (ArtefactKind.DOCKER_ARCHIVE, ArtefactKind.OCI_ARCHIVE)


_SUFFIXES = {
    ArtefactKind.JAR: (".jar",),
    ArtefactKind.WAR: (".war",),
    ArtefactKind.DOCKER_ARCHIVE: (".tar", ".tar.gz", ".tgz"),
    ArtefactKind.OCI_ARCHIVE: (".tar", ".tar.gz", ".tgz"),
    ArtefactKind.SOURCE: (".zip", ".whl", *_SOURCE_TAR),
}


@dataclass(frozen=True, kw_only=True)
class Artefact:
    """An artefact that was taken in.

    ``tree`` is what it holds, unpacked (of an image: the files that a container sees, and its
    configuration); archives inside lie unpacked beside themselves under their name and ``!``. ``outer`` is
    the archive of an image as it lies (else an empty folder), ``work`` a folder for the scanners. All are
    removed at the end. ``unread`` names the archives inside that could not be read.
    """

    kind: ArtefactKind
    digest: str
    size: int
    name: str
    original: Path
    tree: Path
    outer: Path
    work: Path
    languages: tuple[str, ...]
    files: int
    unpacked_bytes: int
    has_source: bool
    unread: tuple[str, ...] = ()
    links: int = 0


@contextlib.contextmanager
def open_artefact(
    bench: Workbench, path: Path, name: str, limits: UnpackLimits | None = None
) -> Iterator[Artefact]:
    """Take an artefact in and give it back unpacked; what was unpacked is removed at the end.

    Raises:
        ArtefactRefused: of a type that is not taken, damaged, encrypted, or unsafe to unpack.
    """
    bounds = limits or UnpackLimits()
    size = path.stat().st_size
    if size > bounds.artefact_bytes:
        raise ArtefactRefused(I_SIZE.found(place=name, evidence=f"{size} > {bounds.artefact_bytes} bytes"))
    kind = kind_of(path, name)
    if not name.lower().endswith(_SUFFIXES[kind]):
        raise ArtefactRefused(I_NAME.found(place=name, evidence=kind.value))
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    with private_folder(bench.scratch) as folder:
        yield _unpacked(kind, path, name, folder, Budget(bounds, size), digest)


def kind_of(path: Path, name: str) -> ArtefactKind:
    """Tell what an artefact is by its first bytes and the names that it holds.

    Raises:
        ArtefactRefused: it is nothing that is taken in.
    """
    with path.open("rb") as content:
        head = content.read(512)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path, name)
    if head.startswith(_COMPRESSED_TAR) or head[257:262] == b"ustar":
        return _kind_of_tar(path, name)
    raise ArtefactRefused(I_TYPE.found(place=name, evidence=f"begins with {head[:4].hex()}"))


def _kind_of_zip(path: Path, name: str) -> ArtefactKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()]
    except ARCHIVE_ERRORS as error:
        raise ArtefactRefused(I_CORRUPT.found(place=name, evidence=error)) from error
    if not any(not it.endswith("/") for it in names):
        raise ArtefactRefused(I_EMPTY.found(place=name))
    if any(it in names for it in _FOREIGN_PARTS):
        raise ArtefactRefused(I_TYPE.found(place=name, evidence="a document or app package"))
    if any(it.startswith("WEB-INF/") for it in names):
        return ArtefactKind.WAR
    has_classes = name.lower().endswith(".jar") and any(it.endswith(".class") for it in names)
    if has_classes or "META-INF/MANIFEST.MF" in names:
        return ArtefactKind.JAR
    return ArtefactKind.SOURCE


def _kind_of_tar(path: Path, name: str) -> ArtefactKind:
    names: set[str] = set()
    try:
        with tarfile.open(path, "r:*") as archive:
            for entry in archive:
                names.add(entry.name.removeprefix("./"))
                if len(names) > _LISTED:
                    break
    except ARCHIVE_ERRORS as error:
        raise ArtefactRefused(I_CORRUPT.found(place=name, evidence=error)) from error
    if not names:
        raise ArtefactRefused(I_EMPTY.found(place=name))
    if "manifest.json" in names and any(
        it.endswith((".json", "layer.tar")) for it in names - {"manifest.json"}
    ):
        return ArtefactKind.DOCKER_ARCHIVE
    if {"oci-layout", "index.json"} <= names:
        return ArtefactKind.OCI_ARCHIVE
    return ArtefactKind.SOURCE


def _unpacked(
    kind: ArtefactKind, path: Path, name: str, folder: Path, budget: Budget, digest: str
) -> Artefact:
    outer, tree, work = folder / "outer", folder / "tree", folder / "work"
    for made in (outer, tree, work):
        made.mkdir()
    links = 0
    if kind.is_image:
        unpack_tar(path, outer, budget)
        image = read_docker_archive(outer) if kind is ArtefactKind.DOCKER_ARCHIVE else read_oci_layout(outer)
        links = lay_over(image, tree / "rootfs", budget)
        (tree / "image-config.json").write_text(json.dumps(image.config, indent=1), encoding="utf-8")
    elif zipfile.is_zipfile(path):
        unpack_zip(path, tree, budget)
    else:
        unpack_tar(path, tree, budget)
    unread = unpack_nested(tree, budget)
    files = [it for it in tree.rglob("*") if it.is_file()]
    if not files:
        raise ArtefactRefused(I_EMPTY.found(place=name))
    return Artefact(
        kind=kind,
        digest=digest,
        size=budget.packed_bytes,
        name=name,
        original=path,
        tree=tree,
        outer=outer,
        work=work,
        languages=languages_in(files),
        files=len(files),
        unpacked_bytes=budget.unpacked_bytes,
        has_source=bool(source_files(tree, files)),
        unread=tuple(unread),
        links=links,
    )
