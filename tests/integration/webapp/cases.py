"""A finished case whose trail can be read, and the visitors who read it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from kernel.database import Database
from tests.factories.people import SamplePerson, make_person
from tests.integration.webapp.browser import Visitor


@dataclass(frozen=True, slots=True)
class Case:
    """One instance, who worked on it, and the application it lives in."""

    instance_id: UUID
    case_number: str
    worker: SamplePerson
    app: Flask
    database: Database

    def visitor(self, user_name: str, *roles: str) -> Visitor:
        """Register a person and sign them in."""
        visitor = Visitor(self.app.test_client())
        assert visitor.sign_in(make_person(self.database, user_name, roles)).status_code == 303
        return visitor
