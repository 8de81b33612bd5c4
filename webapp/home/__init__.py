"""The address ``/``: leads each person to their first page, and keeps the choice of language."""

from webapp.home.routes import blueprint

__all__ = ["blueprint"]
