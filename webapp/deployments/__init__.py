"""Where a version runs: its deployments, their logs and samples, and the operator's start and stop."""

from webapp.deployments.routes import blueprint

__all__ = ["blueprint"]
