"""The two administrators at the process designer."""

from __future__ import annotations

import pytest
from flask import Flask

from kernel.database import Database
from tests.integration.webapp.modeler.desk import Desk


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    """Sign in a system administrator and a security administrator."""
    return Desk(app, database)
