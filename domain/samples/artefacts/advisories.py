"""A handful of known vulnerabilities in the OSV form, for the libraries that the planted artefacts use.

Written by us from public facts (identifier, package, fixed version); not an extract of any data set, and
no substitute for one.

Source: OSV schema 1.6
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

ADVISORIES_AS_OF: Final = date(2026, 11, 1)


def _record(
    identifier: str,
    alias: str,
    ecosystem: str,
    package: str,
    vector: str,
    summary: str,
    *events: dict[str, str],
) -> dict[str, Any]:
    return {
        "schema_version": "1.6.0",
        "id": identifier,
        "aliases": [alias],
        "modified": "2026-11-01T00:00:00Z",
        "published": "2026-11-01T00:00:00Z",
        "summary": summary,
        "severity": [{"type": "CVSS_V3", "score": vector}],
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": package},
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
            }
        ],
    }


ADVISORIES: Final[tuple[dict[str, Any], ...]] = (
    _record(
        "GHSA-jfh8-c2jp-5v3q",
        "CVE-2021-44228",
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
        "Remote code execution through lookups in logged text",
        {"introduced": "2.13.0"},
        {"fixed": "2.15.0"},
    ),
    _record(
        "GHSA-8q59-q68h-6hv4",
        "CVE-2020-14343",
        "PyPI",
        "pyyaml",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "Arbitrary code execution while loading YAML",
        {"introduced": "0"},
        {"fixed": "5.4"},
    ),
    _record(
        "GHSA-jf85-cpcp-j695",
        "CVE-2019-10744",
        "npm",
        "lodash",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H",
        "Prototype pollution",
        {"introduced": "0"},
        {"fixed": "4.17.12"},
    ),
    _record(
        "GO-2021-0113",
        "CVE-2021-38561",
        "Go",
        "golang.org/x/text",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
        "Out-of-bounds read while parsing a language tag",
        {"introduced": "0"},
        {"fixed": "0.3.7"},
    ),
    _record(
        "CVE-2018-25032",
        "CNNVD-202203-2221",
        "ConanCenter",
        "zlib",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
        "Memory corruption while deflating",
        {"introduced": "0"},
        {"fixed": "1.2.12"},
    ),
)
