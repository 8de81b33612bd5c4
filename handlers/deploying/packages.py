"""Archives that can be run: JAR, WAR and Python archives, unpacked without trusting a single name in them.

A Python archive (zip or wheel) holds ``zujian-app.json``: ``{"entry": "app.py", "healthPath": "/health"}``.
A JAR names its main class in its own manifest.
"""

from __future__ import annotations

import json
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from kernel.language import Text

Kind = Literal["jar", "war", "python"]
MANIFEST: Final = "zujian-app.json"
MAX_ENTRIES: Final = 10_000
MAX_BYTES: Final = 512 * 1024 * 1024
MAX_RATIO: Final = 200
_RATIO_FLOOR: Final = 1024 * 1024
_MANIFEST_BYTES: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024


class PackageRefused(Exception):
    """The archive is malformed, hostile or says nothing of how it is started; ``reason`` names the cure."""

    def __init__(self, reason: Text, place: str = "") -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.place = place


@dataclass(frozen=True, slots=True)
class Package:
    """A package ready to start: ``root`` is its unpacked tree, ``entry`` the file in it to start.

    ``manifest`` is what a Python archive says of itself (``healthPath``, ``inferPath``, ``sample`` …).
    """

    kind: Kind
    root: Path
    entry: str
    archive: Path
    manifest: dict[str, Any] = field(default_factory=dict)


def open_package(archive: Path, name: str, target: Path) -> Package:
    """Check an archive, unpack it below ``target`` where it has to be, and find how it is started.

    Raises:
        PackageRefused: it is no archive of a known kind, is hostile, or has no entry.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _checked(opened)
            kind = _kind_of({entry.filename for entry in entries}, name)
            if kind == "python":
                _unpack(opened, entries, target)
                return _python_package(archive, target)
            if kind == "jar":
                return Package("jar", target, _main_class(opened), archive)
            return Package("war", target, "", archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise PackageRefused(
            Text(
                "文件不是完好的 JAR、WAR 或 Python 归档（zip、whl），请重新打包后上传",
                "The file is no whole JAR, WAR or Python archive (zip, whl); pack it again and upload it",
            )
        ) from error


def _checked(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the entries when none of them escapes, links, repeats another, or expands beyond measure."""
    entries = opened.infolist()
    if len(entries) > MAX_ENTRIES:
        raise PackageRefused(
            Text(f"归档内文件超过 {MAX_ENTRIES} 个", f"The archive has more than {MAX_ENTRIES} entries")
        )
    seen: set[str] = set()
    total = 0
    for entry in entries:
        path = _safe(entry)
        if path.casefold() in seen:
            raise PackageRefused(Text("归档内有重名文件", "The archive names a file twice"), path)
        seen.add(path.casefold())
        total += entry.file_size
        if total > MAX_BYTES or (
            entry.file_size > _RATIO_FLOOR and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        ):
            raise PackageRefused(
                Text(
                    "归档展开后过大，可能为压缩炸弹", "The archive expands beyond measure, perhaps on purpose"
                ),
                path,
            )
    return entries


def _safe(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    path = PurePosixPath(name)
    escapes = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
    if not name or escapes or len(name) > 1000:
        raise PackageRefused(
            Text("归档内有越出目录的路径", "A path in the archive leaves its folder"), name[:200]
        )
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackageRefused(Text("归档内有链接或特殊文件", "The archive holds a link or special file"), name)
    if entry.flag_bits & 0x1:
        raise PackageRefused(Text("归档已加密", "The archive is encrypted"), name)
    return str(path)


def _kind_of(names: set[str], name: str) -> Kind:
    if MANIFEST in names:
        return "python"
    if any(entry.startswith("WEB-INF/") for entry in names):
        return "war"
    if "META-INF/MANIFEST.MF" in names and any(entry.endswith(".class") for entry in names):
        return "jar"
    raise PackageRefused(
        Text(
            f"“{name}”既不是 JAR、WAR，也没有启动说明 {MANIFEST}（含 entry），无法部署",
            f"“{name}” is neither JAR nor WAR and has no {MANIFEST} with an entry: nothing to start",
        )
    )


def _unpack(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    left = MAX_BYTES
    for entry in entries:
        path = target.joinpath(*PurePosixPath(entry.filename).parts)
        if entry.is_dir():
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(entry) as source, path.open("xb") as file:
            for chunk in _chunks(source):
                left -= len(chunk)
                # The sizes in the directory of the archive may lie.
                if left < 0:
                    raise PackageRefused(
                        Text("归档展开后过大", "The archive expands beyond measure"), entry.filename
                    )
                file.write(chunk)


def _chunks(source: Any) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _python_package(archive: Path, root: Path) -> Package:
    path = root / MANIFEST
    manifest: Any = None
    if path.stat().st_size <= _MANIFEST_BYTES:
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError):
            manifest = None
    entry = manifest.get("entry") if isinstance(manifest, dict) else None
    if not isinstance(manifest, dict) or not isinstance(entry, str):
        raise PackageRefused(
            Text(
                f"{MANIFEST} 应为不超过64 KB的 JSON 对象，含字符串 entry",
                f"{MANIFEST} must be a JSON object of at most 64 kB with the text “entry”",
            ),
            MANIFEST,
        )
    started = root.joinpath(*PurePosixPath(entry).parts)
    if ".." in PurePosixPath(entry).parts or PurePosixPath(entry).is_absolute() or not started.is_file():
        raise PackageRefused(
            Text(
                f"entry 指向的文件不存在：{entry[:200]}",
                f"There is no file where entry points: {entry[:200]}",
            ),
            MANIFEST,
        )
    return Package("python", root, entry, archive, manifest)


def _main_class(opened: zipfile.ZipFile) -> str:
    with opened.open("META-INF/MANIFEST.MF") as source:
        text = source.read(_MANIFEST_BYTES).decode("utf-8", "replace")
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "main-class" and value.strip():
            return value.strip()
    raise PackageRefused(
        Text(
            "JAR 的清单没有 Main-Class，无法启动",
            "The manifest of the JAR names no Main-Class: nothing to start",
        ),
        "META-INF/MANIFEST.MF",
    )
