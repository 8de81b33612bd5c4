"""The interface for programs, ``/api/v1``: the same services, as JSON.

Errors are problem documents (RFC 9457), lists are paged by key, every POST carries an idempotency key.
A program signs in with user name and password on each request (HTTP Basic), a page of this site by its
session. ``openapi.json`` describes every address and a test compares it with the routes.
"""

from webapp.api.routes import blueprint

__all__ = ["blueprint"]
