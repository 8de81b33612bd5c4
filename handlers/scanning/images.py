"""Container image archives: the layers laid over one another, as the container would see them.

Source: OCI Image Format Specification 1.1 (image layout, layer changesets); docker image save, manifest.json
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from handlers.scanning.intake import I_CORRUPT, I_PATH, I_TYPE, ArtefactRefused
from handlers.scanning.unpacking import Budget, place_for, unpack_tar

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_MAX_JSON = 4 * 1024 * 1024
_MAX_LAYERS = 200
_INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


@dataclass(frozen=True)
class Image:
    """One image: its configuration and the files of its layers, lowest first."""

    config: Mapping[str, Any]
    layers: tuple[Path, ...] = field(default_factory=tuple)


def read_docker_archive(outer: Path) -> Image:
    """Read what docker image save wrote.

    Raises:
        ArtefactRefused: a part is missing or malformed.
    """
    manifest = _json(outer / "manifest.json")
    if not isinstance(manifest, list) or not manifest or not isinstance(manifest[0], dict):
        raise _corrupt("manifest.json", "expected a list of images")
    first = manifest[0]
    config = _json(_inside(outer, first.get("Config")))
    layers = first.get("Layers")
    if not isinstance(config, dict) or not isinstance(layers, list) or len(layers) > _MAX_LAYERS:
        raise _corrupt("manifest.json", "expected Config and Layers")
    return Image(config, tuple(_inside(outer, layer) for layer in layers))


def read_oci_layout(outer: Path) -> Image:
    """Read an OCI image layout; every blob must have the digest that names it.

    Raises:
        ArtefactRefused: a part is missing or malformed, a digest differs, or a layer is compressed in a way
            that cannot be read here.
    """
    manifest = _manifest_of(outer, _json(outer / "index.json"), levels=3)
    config = _json(_blob(outer, manifest.get("config")))
    layers = manifest.get("layers")
    if not isinstance(config, dict) or not isinstance(layers, list) or len(layers) > _MAX_LAYERS:
        raise _corrupt("index.json", "expected config and layers")
    return Image(config, tuple(_layer_blobs(outer, layers)))


def lay_over(image: Image, rootfs: Path, budget: Budget) -> int:
    """Unpack the layers in order, with their removals; return how many links were passed over.

    Links are not made, so nothing can be written through one.
    """
    links = 0
    rootfs.mkdir()

    def place(entry: tarfile.TarInfo) -> Path | None:
        nonlocal links
        name = PurePosixPath(entry.name.lstrip("/"))
        if ".." in name.parts:
            raise ArtefactRefused(I_PATH.found(place=entry.name))
        if name.name.startswith(_WHITEOUT):
            _white_out(rootfs, name)
            return None
        if entry.issym() or entry.islnk():
            links += 1
        if not entry.isreg():
            return None
        _make_way(rootfs, name)
        return place_for(rootfs, name.as_posix(), None)

    for layer in image.layers:
        unpack_tar(layer, rootfs, budget, place)
    return links


def _white_out(rootfs: Path, name: PurePosixPath) -> None:
    folder = rootfs.joinpath(*name.parent.parts)
    if name.name == _OPAQUE:
        shutil.rmtree(folder, ignore_errors=True)
        return
    gone = folder / name.name.removeprefix(_WHITEOUT)
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink(missing_ok=True)


def _make_way(rootfs: Path, name: PurePosixPath) -> None:
    """Let a file of this layer take the place of a folder below it, and the other way round."""
    path = rootfs
    for part in name.parts[:-1]:
        path = path / part
        if path.is_file():
            path.unlink()
    target = path / name.name
    if target.is_dir():
        shutil.rmtree(target)


def _manifest_of(outer: Path, index: Any, levels: int) -> Mapping[str, Any]:
    entries = index.get("manifests") if isinstance(index, dict) else None
    if not isinstance(entries, list) or not entries or levels == 0:
        raise _corrupt("index.json", "expected a list of manifests")
    first = entries[0]
    manifest = _json(_blob(outer, first))
    if not isinstance(manifest, dict):
        raise _corrupt("index.json", "expected a manifest")
    if manifest.get("mediaType", first.get("mediaType")) in _INDEX_TYPES or "manifests" in manifest:
        return _manifest_of(outer, manifest, levels - 1)
    return manifest


def _layer_blobs(outer: Path, layers: list[Any]) -> Iterator[Path]:
    for layer in layers:
        media_type = str(layer.get("mediaType", "")) if isinstance(layer, dict) else ""
        if media_type.endswith("zstd"):
            raise ArtefactRefused(I_TYPE.found(place="layers", evidence=f"{media_type}: save it with gzip"))
        yield _blob(outer, layer)


def _blob(outer: Path, descriptor: Any) -> Path:
    digest = str(descriptor.get("digest", "")) if isinstance(descriptor, dict) else ""
    algorithm, _colon, value = digest.partition(":")
    if algorithm != "sha256" or len(value) != 64 or not value.isalnum():
        raise _corrupt("blobs", f"expected a sha256 digest, found {digest[:80]!r}")
    path = _inside(outer, f"blobs/sha256/{value}")
    with path.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != value:
        raise _corrupt(f"blobs/sha256/{value}", f"its content has the digest {found}")
    return path


def _inside(outer: Path, name: object) -> Path:
    parts = PurePosixPath(str(name)).parts
    path = outer.joinpath(*parts)
    if not isinstance(name, str) or ".." in parts or name.startswith("/") or not path.is_file():
        raise _corrupt(str(name)[:200], "missing")
    return path


def _json(path: Path) -> Any:
    try:
        with path.open("rb") as content:
            return json.loads(content.read(_MAX_JSON))
    except (OSError, ValueError, RecursionError) as error:
        raise _corrupt(path.name, str(error)) from error


def _corrupt(place: str, evidence: str) -> ArtefactRefused:
    return ArtefactRefused(I_CORRUPT.found(place=place, evidence=evidence))
