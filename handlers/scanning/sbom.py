"""A software bill of materials: what it lists, read from CycloneDX and kept with its digest.

Source: CycloneDX 1.4 to 1.6 (ECMA-424); Package URL specification
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cyclonedx.exception import MissingOptionalDependencyException
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from kernel.language import Text

MAX_BYTES = 32 * 1024 * 1024
_LISTED_TYPES = {"library", "framework", "application", "platform", "operating-system", "container"}


class SbomUnreadable(Exception):
    """The document is no CycloneDX bill of materials; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class SbomComponent:
    """One library; ``own`` marks the scanned component itself. ``licences`` are expressions or names."""

    purl: str
    name: str
    version: str
    licences: tuple[str, ...]
    type: str
    place: str
    own: bool = False

    @property
    def label(self) -> str:
        """The name and version for people."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True)
class Sbom:
    """The libraries, one per package URL, with the whole document and the digest under which it is kept."""

    components: tuple[SbomComponent, ...]
    document: Mapping[str, Any]
    digest: str

    @property
    def libraries(self) -> tuple[SbomComponent, ...]:
        """What others wrote: everything but the scanned component itself."""
        return tuple(component for component in self.components if not component.own)


def read_document(content: bytes) -> Mapping[str, Any]:
    """Read and validate a CycloneDX document in JSON.

    Raises:
        SbomUnreadable: too large, no JSON, no CycloneDX, an unknown version, or invalid.
    """
    if len(content) > MAX_BYTES:
        raise SbomUnreadable(Text(f"超过 {MAX_BYTES} 字节", f"more than {MAX_BYTES} bytes"))
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SbomUnreadable(Text(f"不是 JSON：{error}", f"no JSON: {error}")) from error
    if not isinstance(document, dict) or document.get("bomFormat") != "CycloneDX":
        raise SbomUnreadable(Text("不是 CycloneDX 文档", "no CycloneDX document"))
    try:
        version = SchemaVersion.from_version(str(document.get("specVersion")))
        problem = JsonStrictValidator(version).validate_str(content.decode("utf-8"))
    except (AssertionError, KeyError, ValueError, NotImplementedError) as error:
        said = str(document.get("specVersion"))[:20]
        raise SbomUnreadable(
            Text(f"不支持的 CycloneDX 版本 {said}", f"CycloneDX version {said} is not supported")
        ) from error
    except MissingOptionalDependencyException as error:
        raise SbomUnreadable(Text("缺少校验组件", "the validator is not installed")) from error
    if problem is not None:
        said = str(getattr(problem, "data", problem))[:200]
        raise SbomUnreadable(Text(f"不符合 CycloneDX：{said}", f"not valid CycloneDX: {said}"))
    return document


def components_of(
    document: Mapping[str, Any], own: Iterable[tuple[str, str]] = ()
) -> tuple[SbomComponent, ...]:
    """Return the components of a document, one per package URL, sorted.

    ``own`` are (type, name) pairs of what belongs to the scanned component itself.
    """
    ours = set(own)
    found: dict[str, SbomComponent] = {}
    for entry in _entries(document.get("components")):
        component = _component(entry, ours)
        if component is None:
            continue
        known = found.get(component.purl)
        if known is None or len(known.licences) < len(component.licences):
            found[component.purl] = component
    return tuple(sorted(found.values(), key=lambda it: it.purl))


def package_name(purl: PackageURL) -> str:
    """Return the name by which a package is known in its own registry."""
    separator = ":" if purl.type == "maven" else "/"
    return f"{purl.namespace}{separator}{purl.name}" if purl.namespace else purl.name


def _entries(components: object) -> Iterator[Mapping[str, Any]]:
    """Walk components and the components inside them, without recursion."""
    waiting = [components]
    while waiting:
        level = waiting.pop()
        for entry in level if isinstance(level, list) else []:
            if isinstance(entry, dict):
                yield entry
                waiting.append(entry.get("components"))


def _component(entry: Mapping[str, Any], own: set[tuple[str, str]]) -> SbomComponent | None:
    try:
        purl = PackageURL.from_string(str(entry.get("purl", "")))
    except ValueError:
        return None
    if entry.get("type", "library") not in _LISTED_TYPES:
        return None
    return SbomComponent(
        purl=purl.to_string(),
        name=package_name(purl),
        version=purl.version or "",
        licences=tuple(dict.fromkeys(_licences(entry.get("licenses")))),
        type=purl.type,
        place=_place(entry.get("properties")),
        own=(purl.type, package_name(purl)) in own,
    )


def _licences(entries: object) -> Iterator[str]:
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        licence = entry.get("license")
        stated = licence if isinstance(licence, dict) else {}
        said = entry.get("expression") or stated.get("id") or stated.get("name")
        if isinstance(said, str) and said.strip():
            yield said.strip()[:500]


def _place(properties: object) -> str:
    for entry in properties if isinstance(properties, list) else []:
        if isinstance(entry, dict) and str(entry.get("name", "")).startswith("syft:location:0:path"):
            return str(entry.get("value", ""))[:500]
    return ""
