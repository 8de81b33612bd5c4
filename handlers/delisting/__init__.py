"""What the processes of delisting ask for: begin a case, have it mended, migrate, take down or keep.

``acts`` holds what people do in the transaction of the task that they complete; the other modules hold the
steps of the platform.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from engine.api import Registry
from handlers.delisting import acts, entering, keeping, migration, rectification, takedown
from handlers.environment import Environment

__all__ = ["register"]


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics and listeners of delisting."""
    for part in (acts, entering, rectification, migration, takedown, keeping):
        part.register(registry, environment)
