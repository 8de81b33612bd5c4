"""The sample people and components on a test's own platform, and people signed in on its pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask

from domain.catalogue import queries
from domain.catalogue.queries import VersionFilter
from domain.people.queries import actor_for
from domain.samples.components import sample_records
from domain.samples.people import SamplePerson
from kernel.actor import Actor
from tests.integration.webapp.browser import Visitor
from webapp.wiring import Platform


@dataclass(frozen=True, slots=True)
class CatalogueDesk:
    """What the tests of the catalogue's pages start from."""

    app: Flask
    platform: Platform
    people: dict[str, SamplePerson]

    def actor(self, user_name: str) -> Actor:
        """Return a sample person as the services see them."""
        with self.platform.database.read() as session:
            return actor_for(session, self.people[user_name].person_id)

    def visitor(self, user_name: str) -> Visitor:
        """Sign a sample person in."""
        person = self.people[user_name]
        visitor = Visitor(self.app.test_client())
        visitor.get("/sign-in")
        visitor.post("/sign-in", {"user_name": user_name, "password": person.password})
        visitor.get("/account")
        return visitor

    def version_id(self, name: str) -> UUID:
        """Return the one version of a sample component."""
        with self.platform.database.read() as session:
            page = queries.versions(session, self.actor("fabu1"), VersionFilter(text=name))
        return next(row.id for row in page.rows if row.name == name)


def record(**changes: Any) -> dict[str, Any]:
    """Return a record that meets Table 1, with some fields changed."""
    found = sample_records()[9]
    return {
        **found,
        "componentId": None,
        "name": "示例新组件",
        "apiInfo": None,
        "technicalField": "5",
        **changes,
    }


def as_file(records: Any) -> bytes:
    """Return records as an import file."""
    return json.dumps(records, ensure_ascii=False).encode()
