"""Packs a sample service into the archive that a provider would upload."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from domain.samples.artefacts.archives import zip_of

MANIFEST = "zujian-app.json"
# Named so that the composition of the archive is known; nothing of it is imported.
REQUIREMENTS = "certifi==2025.8.3\n"


def python_archive(
    service: str, manifest: Mapping[str, Any] | None = None, more: Mapping[str, str] | None = None
) -> bytes:
    """Return the Python archive of a sample service; the manifest names its entry and what else is given.

    ``more`` are further files, by name.
    """
    said = {"entry": f"{service}.py", "healthPath": "/health", **(manifest or {})}
    programs = {
        f"{name}.py": files("domain.samples.services").joinpath(f"{name}.py").read_text(encoding="utf-8")
        for name in (service, "serving")
    }
    declared = {MANIFEST: json.dumps(said, ensure_ascii=False), "requirements.txt": REQUIREMENTS}
    return archive_of({**declared, **programs, **(more or {})})


def archive_of(entries: Mapping[str, str | bytes]) -> bytes:
    """Return an archive with these entries, whatever their names: the same bytes every time."""
    return zip_of(
        {name: content.encode() if isinstance(content, str) else content for name, content in entries.items()}
    )
