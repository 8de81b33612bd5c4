"""The situations that this room is tested in."""

from tests.integration.webapp.cases import case, desk, supervisor

__all__ = ["case", "desk", "supervisor"]
