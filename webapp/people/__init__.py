"""The administrators' pages: persons, units and grants, with the three administrators kept apart.

The system administrator adds people and proposes grants, the security administrator decides them, the
audit administrator looks on. What each may do is decided in ``domain.people``, not here.
"""

from webapp.people import organisation_routes
from webapp.people.routes import blueprint

__all__ = ["blueprint", "organisation_routes"]
