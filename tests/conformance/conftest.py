"""The acceptance tests work at the same desk as the tests of the pages: the sample people and processes."""

from tests.conformance.lives import town
from tests.conformance.office import office
from tests.integration.scanning.conftest import bench, scratch, tool_cache
from tests.integration.webapp.conftest import catalogue_desk, shared_desk, stage, stages

__all__ = [
    "bench", "catalogue_desk", "office", "scratch", "shared_desk", "stage", "stages", "tool_cache", "town",
]  # fmt: skip
