"""The acceptance tests work at the same desk as the tests of the pages: the sample people and processes."""

from tests.integration.webapp.conftest import catalogue_desk, stage, stages

__all__ = ["catalogue_desk", "stage", "stages"]
