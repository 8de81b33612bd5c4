"""Writing archives, class files and images byte for byte the same every time."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Mapping

_EPOCH = (2026, 1, 1, 0, 0, 0)
Files = Mapping[str, bytes]


def zip_of(files: Files) -> bytes:
    """Return a zip file of these contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def tar_of(files: Files) -> bytes:
    """Return a tar file of these contents, with an entry for every folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        made: set[str] = set()
        for name, content in files.items():
            parts = name.split("/")[:-1]
            for folder in ("/".join(parts[: depth + 1]) for depth in range(len(parts))):
                if folder not in made:
                    made.add(folder)
                    entry = tarfile.TarInfo(folder)
                    entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                    archive.addfile(entry)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def jar_of(group: str, artifact: str, version: str, files: Files, *, licence: str = "Apache-2.0") -> bytes:
    """Return a jar as Maven would pack it, with its coordinates and its licence."""
    home = f"META-INF/maven/{group}/{artifact}"
    manifest = (
        "Manifest-Version: 1.0\r\n"
        f"Implementation-Title: {artifact}\r\n"
        f"Implementation-Version: {version}\r\n"
        f"Bundle-License: {licence}\r\n\r\n"
    )
    pom = (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
        f"<licenses><license><name>{licence}</name></license></licenses></project>\n"
    )
    properties = f"version={version}\ngroupId={group}\nartifactId={artifact}\n"
    return zip_of(
        {
            "META-INF/MANIFEST.MF": manifest.encode(),
            f"{home}/pom.xml": pom.encode(),
            f"{home}/pom.properties": properties.encode(),
            **files,
        }
    )


def class_of(name: str, constants: Mapping[str, str]) -> bytes:
    """Return a Java class with one constant string per field, as ``javac`` would lay it out.

    Source: Java Virtual Machine Specification, Java SE 8, chapter 4
    """
    pool = _Pool()
    this = pool.reference(7, pool.text(name))
    parent = pool.reference(7, pool.text("java/lang/Object"))
    kind, value = pool.text("Ljava/lang/String;"), pool.text("ConstantValue")
    fields = b""
    for field, text in constants.items():
        attribute = struct.pack(">HIH", value, 2, pool.reference(8, pool.text(text)))
        fields += struct.pack(">HHHH", 0x0019, pool.text(field), kind, 1) + attribute
    head = struct.pack(">IHHH", 0xCAFEBABE, 0, 52, len(pool.entries) + 1)
    middle = struct.pack(">HHHHH", 0x0021, this, parent, 0, len(constants))
    return head + b"".join(pool.entries) + middle + fields + struct.pack(">HH", 0, 0)


class _Pool:
    """The constant pool of a class."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []

    def text(self, value: str) -> int:
        """Add a text and return its index."""
        content = value.encode()
        return self._add(struct.pack(">BH", 1, len(content)) + content)

    def reference(self, tag: int, index: int) -> int:
        """Add a class (7) or string (8) that points at a text."""
        return self._add(struct.pack(">BH", tag, index))

    def _add(self, entry: bytes) -> int:
        if entry not in self.entries:
            self.entries.append(entry)
        return self.entries.index(entry) + 1


def docker_archive_of(layers: list[bytes], environment: list[str], tag: str) -> bytes:
    """Return what docker image save would write."""
    config = json.dumps(_image_config(layers, environment)).encode()
    name = hashlib.sha256(config).hexdigest()
    folders = [hashlib.sha256(layer).hexdigest() for layer in layers]
    manifest = [
        {"Config": f"{name}.json", "RepoTags": [tag], "Layers": [f"{folder}/layer.tar" for folder in folders]}
    ]
    return tar_of(
        {
            f"{name}.json": config,
            **{f"{folder}/layer.tar": layer for folder, layer in zip(folders, layers, strict=True)},
            "manifest.json": json.dumps(manifest).encode(),
        }
    )


def oci_archive_of(layers: list[bytes], environment: list[str], tag: str) -> bytes:
    """Return an OCI image layout in a tar file."""
    config = json.dumps(_image_config(layers, environment)).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": _descriptor("application/vnd.oci.image.config.v1+json", config),
            "layers": [_descriptor("application/vnd.oci.image.layer.v1.tar", layer) for layer in layers],
        }
    ).encode()
    entry = _descriptor("application/vnd.oci.image.manifest.v1+json", manifest)
    entry["annotations"] = {"org.opencontainers.image.ref.name": tag}
    blobs = {f"blobs/sha256/{hashlib.sha256(it).hexdigest()}": it for it in (config, manifest, *layers)}
    return tar_of(
        {
            "oci-layout": b'{"imageLayoutVersion": "1.0.0"}',
            "index.json": json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode(),
            **blobs,
        }
    )


def _image_config(layers: list[bytes], environment: list[str]) -> dict[str, object]:
    return {
        "architecture": "amd64",
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": {"Env": environment, "WorkingDir": "/app", "Cmd": ["python3", "/app/service.py"]},
        "rootfs": {
            "type": "layers",
            "diff_ids": [f"sha256:{hashlib.sha256(it).hexdigest()}" for it in layers],
        },
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "ADD layer"} for _ in layers],
    }


def _descriptor(media_type: str, content: bytes) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}
