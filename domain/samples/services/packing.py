"""Packs a sample service into the archive that a provider would upload."""

import json
import zipfile
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from typing import Any

MANIFEST = "zujian-app.json"


def python_archive(service: str, manifest: Mapping[str, Any] | None = None) -> bytes:
    """Return the Python archive of a sample service; the manifest names its entry and what else is given."""
    said = {"entry": f"{service}.py", "healthPath": "/health", **(manifest or {})}
    code = files("domain.samples.services").joinpath(f"{service}.py").read_text(encoding="utf-8")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(said, ensure_ascii=False))
        archive.writestr(f"{service}.py", code)
    return packed.getvalue()


def archive_of(entries: Mapping[str, str | bytes]) -> bytes:
    """Return an archive with these entries, whatever their names."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()
