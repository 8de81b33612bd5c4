"""The register of emergency plans: what is filed, pending and overdue, and what each plan says."""

from webapp.plans.routes import blueprint

__all__ = ["blueprint"]
