"""Signing in and out, and the person's own account. Password rules and locks are in ``domain.people``."""

from webapp.auth.routes import blueprint

__all__ = ["blueprint"]
