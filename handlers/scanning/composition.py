"""What an artefact is composed of: syft lists it, our own reader adds vcpkg, CycloneDX keeps it.

Source: draft standard, clauses 8.1.1 and 8.2.4 a
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.scanning import tools
from handlers.scanning.artefacts import Artefact, ArtefactKind
from handlers.scanning.bench import Workbench
from handlers.scanning.child import ChildLimits, ScannerFailed, run_child
from handlers.scanning.intake import ScanRule
from handlers.scanning.manifests import manifests_in, own_names, vcpkg_components
from handlers.scanning.results import (
    ScanFinding,
    ScanResult,
    ScanSeverity,
    concluded_scan,
    inconclusive_scan,
    not_checked_scan,
)
from handlers.scanning.sbom import Sbom, SbomUnreadable, components_of, read_document
from kernel.language import Text

SCAN = "composition"
TITLE = Text("软件成分分析", "Software composition")
LIMITS = ChildLimits(seconds=300, cpu_seconds=300)
_ENVIRONMENT = {"SYFT_CHECK_FOR_APP_UPDATE": "false", "GOMAXPROCS": "2"}
_HANDED_IN = ("handed-in", "")

C_MANIFEST = ScanRule(
    "C-MANIFEST",
    ScanSeverity.LOW,
    "8.2.4a",
    Text(
        "此依赖清单只有构建工具能解析，请一并提供锁定文件或 SBOM",
        "Only the build tool can resolve this manifest, add its lock file or an SBOM",
    ),
)
C_VERSION = ScanRule(
    "C-VERSION",
    ScanSeverity.LOW,
    "8.2.4a",
    Text("依赖未注明版本，无法比对漏洞", "A dependency has no version and cannot be matched"),
)


@dataclass(frozen=True)
class Composition:
    """The result of the scan, and the bill of materials where there is one."""

    result: ScanResult
    sbom: Sbom | None


def compose(bench: Workbench, artefact: Artefact) -> Composition:
    """List the libraries of an artefact."""
    try:
        tool = tools.syft()
    except tools.ToolMissing as missing:
        return Composition(not_checked_scan(SCAN, ("syft", ""), TITLE, missing.cure), None)
    report = artefact.work / "sbom.json"
    command = [str(tool.path), "scan", _source(artefact), "-q", "-o", f"cyclonedx-json={report}"]
    try:
        outcome = run_child(command, artefact.work, LIMITS, environment=_ENVIRONMENT).require()
        document = _with_vcpkg(read_document(report.read_bytes()), artefact)
    except ScannerFailed as failed:
        result = inconclusive_scan(SCAN, tool.label, TITLE, failed.cause, seconds=failed.seconds)
        return Composition(result, None)
    except (SbomUnreadable, OSError) as error:
        cause = Text(f"清单无法读取：{error}", f"its list cannot be read: {error}")
        return Composition(inconclusive_scan(SCAN, tool.label, TITLE, cause), None)
    sbom = _kept(bench, document, own_names(artefact))
    read, unread = manifests_in(artefact)
    findings = [C_MANIFEST.found(tool=tool.label, place=place) for place in unread]
    result = concluded_scan(
        SCAN,
        tool.label,
        TITLE,
        [*findings, *_without_version(sbom, tool.label)],
        not_checked=_not_listed(artefact, sbom, read, unread),
        looked_at={**_facts(sbom), "languages": list(artefact.languages), "manifests": read[:50]},
        report_digest=sbom.digest,
        seconds=outcome.seconds,
        network_cut=outcome.network_cut,
    )
    return Composition(result, sbom)


def read_sbom(bench: Workbench, content: bytes) -> Composition:
    """Read an SBOM that the provider handed in; it is shown as handed in, not as found by the platform."""
    try:
        document = read_document(content)
    except SbomUnreadable as error:
        return Composition(not_checked_scan(SCAN, _HANDED_IN, TITLE, error.reason), None)
    main = document.get("metadata")
    subject = main.get("component") if isinstance(main, dict) else None
    own = {(it.type, it.name) for it in components_of({"components": [subject] if subject else []})}
    sbom = _kept(bench, document, own)
    nothing = None if sbom.components else Text("清单为空", "the list is empty")
    result = concluded_scan(
        SCAN,
        _HANDED_IN,
        TITLE,
        _without_version(sbom, _HANDED_IN),
        not_checked=nothing,
        looked_at={**_facts(sbom), "handedIn": True},
        report_digest=sbom.digest,
    )
    return Composition(result, sbom)


def _source(artefact: Artefact) -> str:
    """Say where syft is to look: an archive by its kind, a source as a folder."""
    if artefact.kind in (ArtefactKind.JAR, ArtefactKind.WAR):
        # A stored content has no ending, and by its ending syft tells an archive.
        named = artefact.outer / f"artefact.{artefact.kind.value}"
        shutil.copyfile(artefact.original, named)
        return f"file:{named}"
    if artefact.kind is ArtefactKind.DOCKER_ARCHIVE:
        return f"docker-archive:{artefact.original}"
    if artefact.kind is ArtefactKind.OCI_ARCHIVE:
        return f"oci-dir:{artefact.outer}"
    return f"dir:{artefact.tree}"


def _with_vcpkg(document: Mapping[str, Any], artefact: Artefact) -> Mapping[str, Any]:
    extra = vcpkg_components(artefact)
    if not extra:
        return document
    return {**document, "components": [*(document.get("components") or []), *extra]}


def _kept(bench: Workbench, document: Mapping[str, Any], own: set[tuple[str, str]]) -> Sbom:
    content = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    components = tuple(it for it in components_of(document, own) if not _is_the_archive_itself(it.name))
    return Sbom(components, document, bench.keep_report(content))


def _is_the_archive_itself(name: str) -> bool:
    """Syft lists an archive without coordinates under the name of its file, which is ours."""
    return name in ("artefact:artefact", "artefact")


def _without_version(sbom: Sbom, tool: tuple[str, str]) -> list[ScanFinding]:
    return [
        C_VERSION.found(tool=tool, place=component.place, evidence=component.purl)
        for component in sbom.libraries
        if not component.version
    ]


def _not_listed(artefact: Artefact, sbom: Sbom, read: list[str], unread: list[str]) -> Text | None:
    if unread:
        return Text(f"未能解析 {unread[0]}", f"{unread[0]} could not be resolved")
    if artefact.kind is ArtefactKind.SOURCE and not read and not sbom.components:
        return Text(
            "未找到依赖清单，请提供锁定文件、SBOM 或第三方报告",
            "no dependency manifest was found, hand in a lock file, an SBOM or a third-party report",
        )
    if artefact.unread:
        return Text(f"未能读取 {artefact.unread[0]}", f"{artefact.unread[0]} could not be read")
    return None


def _facts(sbom: Sbom) -> dict[str, Any]:
    kinds = Counter(component.type for component in sbom.libraries)
    return {"components": len(sbom.libraries), "byType": dict(sorted(kinds.items()))}
