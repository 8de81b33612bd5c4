"""The situations that this room is tested in."""

from tests.integration.webapp.cases import desk

__all__ = ["desk"]
