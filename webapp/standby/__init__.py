"""The library of standby components: the pairs, the gaps, and one component with what may take its place."""

from webapp.standby.routes import blueprint

__all__ = ["blueprint"]
