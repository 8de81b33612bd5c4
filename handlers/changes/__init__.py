"""What the process of a change asks for: classify, tell, apply, watch, bring back.

Source: draft standard, clauses 6.2d, 11.3.2 and 11.4d; process P13
"""

from __future__ import annotations

from engine.api import Registry
from handlers.changes import applying, classifying, submitting, telling, watching
from handlers.environment import Environment

__all__ = ["register"]


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics and listeners of changes."""
    for part in (submitting, classifying, telling, applying, watching):
        part.register(registry, environment)
