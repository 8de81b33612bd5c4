"""The imported vulnerability data as the matcher asks for them: one short transaction per question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.vulnerabilities.queries import advisories_of, data_as_of
from kernel.database import Database


class Advisories:
    """Answers for one data set of the platform; holds no transaction open while a tool works."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def data_as_of(self, ecosystem: str) -> date | None:
        """Return the date of the data of an ecosystem, or None where none were imported."""
        with self.database.read() as session:
            return data_as_of(session, ecosystem)

    def advisories(self, ecosystem: str, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the advisories about one package, in the OSV form."""
        with self.database.read() as session:
            return advisories_of(session, ecosystem, name)
