"""Reading a data set: a zip of advisories in the OSV form, which may be hostile.

Members are read one after the other with limits on their number, their size and their sum; nothing is
ever written under a name that the file gives. Source: OSV schema 1.6
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

import orjson

from domain.vulnerabilities.errors import DataSetRefused

MOST_ADVISORIES: Final = 600_000
MOST_ADVISORY_BYTES: Final = 4 * 1024 * 1024
MOST_BYTES: Final = 4 * 1024 * 1024 * 1024
MOST_RATIO: Final = 200
_CHUNK: Final = 256 * 1024
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory about one package of the ecosystem."""

    ecosystem: str
    package: str
    id: str
    content: Mapping[str, Any]


def read_data_set(source: IO[bytes], ecosystem: str) -> Iterator[Advisory]:
    """Yield every advisory of the ecosystem, once per package that it concerns.

    Advisories of other ecosystems are passed over. An ecosystem of a distribution, such as ``Debian``,
    takes those of its releases (``Debian:12``) too.

    Raises:
        DataSetRefused: no zip, damaged, encrypted, too large, or a member that is no advisory.
    """
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN:
        raise DataSetRefused("data_set.zip", "不是完整的 zip 文件", "it is no complete zip file") from None
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _refuse_unsafe(members)
        left = MOST_BYTES
        for member in members:
            if not member.filename.endswith(".json"):
                continue
            content = _read(archive, member, left)
            left -= len(content)
            yield from _advisories(member.filename, content, ecosystem)


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_ADVISORIES:
        raise DataSetRefused(
            "data_set.many",
            f"文件数超过 {MOST_ADVISORIES}",
            f"it has more than {MOST_ADVISORIES} members",
        )
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise DataSetRefused(
                "data_set.path",
                f"含越出目录的路径 {name[:80]}",
                f"it holds a path that leaves its folder: {name[:80]}",
            )
        if member.flag_bits & 0x1:
            raise DataSetRefused("data_set.encrypted", "文件已加密", "it is encrypted")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    """Read one member in pieces: what its header says of its size is not believed."""
    limit = min(MOST_ADVISORY_BYTES, left, max(64 * 1024, member.compress_size * MOST_RATIO))
    content = io.BytesIO()
    try:
        with archive.open(member) as source:
            while chunk := source.read(_CHUNK):
                content.write(chunk)
                if content.tell() > limit:
                    raise DataSetRefused(
                        "data_set.bomb",
                        f"{member.filename[:80]} 解压后过大，疑为压缩炸弹",
                        f"{member.filename[:80]} expands beyond all measure",
                    )
    except _BROKEN:
        raise DataSetRefused(
            "data_set.damaged",
            f"{member.filename[:80]} 已损坏",
            f"{member.filename[:80]} is damaged",
        ) from None
    return content.getvalue()


def _advisories(name: str, content: bytes, ecosystem: str) -> Iterator[Advisory]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        document = None
    identifier = document.get("id") if isinstance(document, dict) else None
    affected = document.get("affected", []) if isinstance(document, dict) else None
    if not isinstance(identifier, str) or not identifier or not isinstance(affected, list):
        raise DataSetRefused(
            "data_set.advisory",
            f"{name[:80]} 不是 OSV 格式的漏洞记录",
            f"{name[:80]} is no advisory in the OSV form",
        )
    seen: set[tuple[str, str]] = set()
    for entry in affected:
        package = entry.get("package") if isinstance(entry, dict) else None
        if not isinstance(package, dict):
            continue
        found, called = package.get("ecosystem"), package.get("name")
        if not isinstance(found, str) or not isinstance(called, str) or (found, called) in seen:
            continue
        if found == ecosystem or found.startswith(f"{ecosystem}:"):
            seen.add((found, called))
            yield Advisory(found, called, identifier[:120], document)
