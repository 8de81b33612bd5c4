"""Reading OSV records: which packages they speak of, which versions they affect, how grave they are.

Source: OSV schema 1.6 (affected, ranges, severity); CVSS v3.1, sections 7.1 and 7.4
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packageurl import PackageURL
from univers.versions import (
    AlpineLinuxVersion,
    ConanVersion,
    DebianVersion,
    GolangVersion,
    InvalidVersion,
    MavenVersion,
    NugetVersion,
    PypiVersion,
    RpmVersion,
    RubygemsVersion,
    SemverVersion,
    Version,
)

from handlers.scanning.results import ScanSeverity
from handlers.scanning.sbom import package_name

_ECOSYSTEMS: dict[str, tuple[str, type[Version]]] = {
    "maven": ("Maven", MavenVersion),
    "pypi": ("PyPI", PypiVersion),
    "npm": ("npm", SemverVersion),
    "golang": ("Go", GolangVersion),
    "cargo": ("crates.io", SemverVersion),
    "gem": ("RubyGems", RubygemsVersion),
    "nuget": ("NuGet", NugetVersion),
    "composer": ("Packagist", SemverVersion),
    "conan": ("ConanCenter", ConanVersion),
    "vcpkg": ("ConanCenter", ConanVersion),
    "deb": ("Debian", DebianVersion),
    "apk": ("Alpine", AlpineLinuxVersion),
    "rpm": ("", RpmVersion),
}
_RPM_NAMES = {"openeuler": "openEuler", "rocky": "Rocky Linux", "almalinux": "AlmaLinux", "redhat": "Red Hat"}


@dataclass(frozen=True)
class OsvKey:
    """A package as OSV names it; ``possible`` where only its name speaks for it."""

    ecosystem: str
    name: str
    version: str
    scheme: type[Version]
    possible: bool = False


def osv_key(purl: str) -> OsvKey | None:
    """Return how OSV names a package, or None where it knows no such kind of package."""
    try:
        package = PackageURL.from_string(purl)
    except ValueError:
        return None
    if package.type not in _ECOSYSTEMS:
        return None
    ecosystem, scheme = _ECOSYSTEMS[package.type]
    name, version = package_name(package), package.version or ""
    if package.type in ("deb", "apk", "rpm"):
        ecosystem, name = _distribution(package, ecosystem), package.name
        if not ecosystem:
            return None
    elif package.type == "golang":
        version = version.removeprefix("v")
    elif package.type == "pypi":
        name = name.lower().replace("_", "-").replace(".", "-")
    elif package.type in ("conan", "vcpkg"):
        name = package.name
    return OsvKey(ecosystem, name, version, scheme, possible=package.type == "vcpkg")


def affects(record: Mapping[str, Any], key: OsvKey) -> bool | None:
    """Tell whether a record affects the version; None where the versions cannot be compared."""
    if record.get("withdrawn"):
        return False
    try:
        return any(_in_affected(affected, key) for affected in _about(record, key.ecosystem, key.name))
    except (InvalidVersion, ValueError, TypeError, AttributeError):
        return None


def fixed_versions(record: Mapping[str, Any], package: PackageURL) -> tuple[str, ...]:
    """Return the versions that mend it, in the order of the record."""
    key = osv_key(package.to_string())
    if key is None:
        return ()
    found = [
        str(event["fixed"])
        for affected in _about(record, key.ecosystem, key.name)
        for span in affected.get("ranges") or ()
        if span.get("type") != "GIT"
        for event in span.get("events") or ()
        if "fixed" in event
    ]
    return tuple(dict.fromkeys(found))[:5]


def grade(record: Mapping[str, Any]) -> ScanSeverity:
    """Return how grave a record is: by its CVSS 3 vector, else by its word, else high."""
    for entry in record.get("severity") or ():
        score = cvss_score(str(entry.get("score", "")))
        if score is not None:
            return _graded(score)
    word = str((record.get("database_specific") or {}).get("severity", "")).lower()
    # What nobody graded is taken seriously.
    return _WORDS.get(word, ScanSeverity.HIGH)


def cvss_score(vector: str) -> float | None:
    """Return the base score of a CVSS 3 vector, or None for anything else."""
    if not vector.startswith(("CVSS:3.0/", "CVSS:3.1/")):
        return None
    metrics = dict(part.split(":", 1) for part in vector.split("/")[1:] if ":" in part)
    try:
        changed = metrics["S"] == "C"
        privileges = _PRIVILEGES_CHANGED if changed else _PRIVILEGES
        exploit = 8.22 * _VECTOR[metrics["AV"]] * _COMPLEXITY[metrics["AC"]]
        exploit *= privileges[metrics["PR"]] * _INTERACTION[metrics["UI"]]
        kept = 1.0
        for name in ("C", "I", "A"):
            kept *= 1 - _IMPACT[metrics[name]]
    except KeyError:
        return None
    base = 1 - kept
    impact = 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 if changed else 6.42 * base
    if impact <= 0:
        return 0.0
    return _rounded_up(min((1.08 if changed else 1.0) * (impact + exploit), 10.0))


def _about(record: Mapping[str, Any], ecosystem: str, name: str) -> Iterator[Mapping[str, Any]]:
    for affected in record.get("affected") or ():
        package = affected.get("package") or {}
        # Records may speak of all releases of a distribution at once.
        families = {ecosystem, ecosystem.partition(":")[0]} if ":" in ecosystem else {ecosystem}
        if package.get("ecosystem") in families and _same_name(str(package.get("name")), name, ecosystem):
            yield affected


def _same_name(told: str, name: str, ecosystem: str) -> bool:
    if ecosystem == "PyPI":
        told = told.lower().replace("_", "-").replace(".", "-")
    return told == name


def _in_affected(affected: Mapping[str, Any], key: OsvKey) -> bool:
    if key.version in (affected.get("versions") or ()):
        return True
    version = key.scheme(key.version)
    ranges = [span for span in affected.get("ranges") or () if span.get("type") != "GIT"]
    return any(_in_range(span.get("events") or (), version, key.scheme) for span in ranges)


def _in_range(events: Any, version: Version, scheme: type[Version]) -> bool:
    """Walk the events in the order of their versions; the last one not after ours decides."""
    told = [(kind, str(value)) for event in events for kind, value in event.items() if kind in _KINDS]
    # The "0" of an introduction stands before all versions.
    affected = ("introduced", "0") in told
    bounds = [(_version(value, scheme), kind) for kind, value in told if (kind, value) != ("introduced", "0")]
    for bound, kind in sorted(bounds, key=lambda it: it[0]):
        if kind == "introduced" and version >= bound:
            affected = True
        elif (kind == "fixed" and version >= bound) or (kind == "last_affected" and version > bound):
            affected = False
    return affected


def _version(value: str, scheme: type[Version]) -> Version:
    return scheme(value.removeprefix("v") if scheme is GolangVersion else value)


def _distribution(package: PackageURL, ecosystem: str) -> str:
    family, _dash, release = str(dict(package.qualifiers or {}).get("distro", "")).partition("-")
    if package.type == "deb":
        return f"{'Ubuntu' if family == 'ubuntu' else ecosystem}:{release}" if release else ""
    if package.type == "apk":
        return f"{ecosystem}:v{'.'.join(release.split('.')[:2])}" if release else ""
    return f"{_RPM_NAMES[family]}:{release}" if family in _RPM_NAMES and release else ""


def _graded(score: float) -> ScanSeverity:
    for least, severity in _LEAST:
        if score >= least:
            return severity
    return ScanSeverity.INFO


def _rounded_up(score: float) -> float:
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10


_KINDS = ("introduced", "fixed", "last_affected")
_WORDS = {
    "critical": ScanSeverity.CRITICAL,
    "high": ScanSeverity.HIGH,
    "moderate": ScanSeverity.MEDIUM,
    "medium": ScanSeverity.MEDIUM,
    "low": ScanSeverity.LOW,
}
_LEAST = (
    (9.0, ScanSeverity.CRITICAL),
    (7.0, ScanSeverity.HIGH),
    (4.0, ScanSeverity.MEDIUM),
    (0.1, ScanSeverity.LOW),
)
_VECTOR = {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2}
_COMPLEXITY = {"L": 0.77, "H": 0.44}
_PRIVILEGES = {"N": 0.85, "L": 0.62, "H": 0.27}
_PRIVILEGES_CHANGED = {"N": 0.85, "L": 0.68, "H": 0.5}
_INTERACTION = {"N": 0.85, "R": 0.62}
_IMPACT = {"H": 0.56, "L": 0.22, "N": 0.0}
