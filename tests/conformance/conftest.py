"""The acceptance tests work at the same desk as the tests of the pages: the sample people and processes."""

from tests.integration.scanning.conftest import bench, scratch, tool_cache
from tests.integration.webapp.conftest import catalogue_desk, stage, stages

__all__ = ["bench", "scratch", "tool_cache", "catalogue_desk", "stage", "stages"]
