"""Settings of the security assessment: baseline, applicable checks, licence policy, vulnerability data."""

from webapp.baseline.routes import blueprint

__all__ = ["blueprint"]
