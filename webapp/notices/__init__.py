"""What the platform tells a person: sent to them, or to a role that they hold for a region and unit."""

from webapp.notices.routes import blueprint

__all__ = ["blueprint"]
