"""The credentials that a person may see, each of them once, and their rotation by the provider."""

from webapp.credentials.routes import blueprint

__all__ = ["blueprint"]
