"""Dependency manifests that we read ourselves, and what a source says about itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from packageurl import PackageURL

from handlers.scanning.artefacts import Artefact
from handlers.scanning.languages import own_files

_MAX_BYTES = 4 * 1024 * 1024
# Read by syft or by us; a lock file beside it makes a manifest complete.
READ = {
    *("pom.xml", "pom.properties", "requirements.txt", "poetry.lock", "Pipfile.lock", "uv.lock", "go.mod"),
    *("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "conan.lock", "conanfile.txt", "vcpkg.json"),
    *("gradle.lockfile", "METADATA", "PKG-INFO"),
}
# Dependencies are declared here in a form that only the build tool itself can resolve.
UNREADABLE = {
    "build.gradle": {"gradle.lockfile"},
    "build.gradle.kts": {"gradle.lockfile"},
    "conanfile.py": {"conan.lock"},
    "setup.py": {"requirements.txt", "poetry.lock", "uv.lock"},
    "pyproject.toml": {"requirements.txt", "poetry.lock", "uv.lock"},
    "package.json": {"package-lock.json", "yarn.lock", "pnpm-lock.yaml"},
}
_PINNED = re.compile(r"[0-9][\w.+#-]*")


def manifests_in(artefact: Artefact) -> tuple[list[str], list[str]]:
    """Return the manifests that can be read, and those that cannot and have no lock file beside them."""
    names: dict[Path, set[str]] = {}
    for path in own_files(artefact.tree):
        names.setdefault(path.parent, set()).add(path.name)
    read, unread = [], []
    for folder, held in sorted(names.items()):
        place = folder.relative_to(artefact.tree)
        read += [(place / name).as_posix() for name in sorted(held & READ)]
        for name in sorted(held & set(UNREADABLE)):
            if not held & UNREADABLE[name] and _declares(folder / name):
                unread.append((place / name).as_posix())
    return read, unread


def vcpkg_components(artefact: Artefact) -> list[dict[str, Any]]:
    """Return the dependencies of every vcpkg.json as CycloneDX components.

    Source: vcpkg.json reference (dependencies, overrides, version>=)
    """
    found: dict[str, dict[str, Any]] = {}
    for path in own_files(artefact.tree):
        if path.name != "vcpkg.json":
            continue
        place = "/" + path.relative_to(artefact.tree).as_posix()
        for name, version in _vcpkg_dependencies(_json(path)):
            purl = PackageURL("vcpkg", None, name, version or None).to_string()
            found[purl] = {
                "type": "library",
                "bom-ref": purl,
                "name": name,
                **({"version": version} if version else {}),
                "purl": purl,
                "properties": [{"name": "syft:location:0:path", "value": place}],
            }
    return [found[purl] for purl in sorted(found)]


def own_names(artefact: Artefact) -> set[tuple[str, str]]:
    """Return (type, name) of what the artefact says that it is itself."""
    names: set[tuple[str, str]] = set()
    for path in own_files(artefact.tree):
        if path.name == "pom.xml":
            names |= {("maven", name) for name in _maven_name(path)}
        elif path.name == "package.json":
            document = _json(path)
            name = document.get("name") if isinstance(document, dict) else None
            names |= {("npm", name)} if isinstance(name, str) else set()
    return names


def _vcpkg_dependencies(document: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(document, dict):
        return
    pinned = {
        str(entry.get("name")): _vcpkg_version(entry)
        for entry in document.get("overrides") or []
        if isinstance(entry, dict)
    }
    for entry in document.get("dependencies") or []:
        name = entry if isinstance(entry, str) else entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and name:
            least = str(entry.get("version>=", "")) if isinstance(entry, dict) else ""
            yield name, pinned.get(name) or least.partition("#")[0]


def _vcpkg_version(entry: dict[str, Any]) -> str:
    for key in ("version", "version-semver", "version-string", "version-date"):
        found = _PINNED.match(str(entry.get(key, "")))
        if found:
            return found[0].partition("#")[0]
    return ""


def _maven_name(path: Path) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(path.read_bytes()[:_MAX_BYTES], parser)
    except (etree.XMLSyntaxError, OSError):
        return
    space = "{http://maven.apache.org/POM/4.0.0}"
    group = root.findtext(f"{space}groupId") or root.findtext(f"{space}parent/{space}groupId")
    artifact = root.findtext(f"{space}artifactId")
    if group and artifact:
        yield f"{group.strip()}:{artifact.strip()}"


def _declares(path: Path) -> bool:
    """Tell whether a manifest speaks of dependencies at all."""
    try:
        return b"dependencies" in path.read_bytes()[:_MAX_BYTES] or path.suffix == ".py"
    except OSError:
        return True


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes()[:_MAX_BYTES])
    except (OSError, ValueError, RecursionError):
        return None
