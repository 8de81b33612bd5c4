"""Security assessments as people read them: items, findings, what changed since the round before, reports."""

from webapp.assessments.routes import blueprint

__all__ = ["blueprint"]
