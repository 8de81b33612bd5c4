"""Orders: the own unit's for users, those of the region for operators; registered by hand or from a file."""

from webapp.orders.routes import blueprint

__all__ = ["blueprint"]
