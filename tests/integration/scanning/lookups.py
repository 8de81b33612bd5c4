"""A lookup of vulnerability records that keeps them in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.samples.artefacts import ADVISORIES, ADVISORIES_AS_OF


class ImportedRecords:
    """Holds the sample records for the ecosystems that it is given, all of them by default."""

    def __init__(self, *ecosystems: str) -> None:
        self.ecosystems = ecosystems or ("Maven", "PyPI", "npm", "Go", "ConanCenter")

    def data_as_of(self, ecosystem: str) -> date | None:
        return ADVISORIES_AS_OF if ecosystem in self.ecosystems else None

    def advisories(self, ecosystem: str, name: str) -> Sequence[Mapping[str, Any]]:
        wanted = {"ecosystem": ecosystem, "name": name}
        return [it for it in ADVISORIES if any(part["package"] == wanted for part in it["affected"])]
