"""How the regions do by Table 3: the figures of a period, the evidence of maturity, and its recognition."""

from webapp.evaluations.routes import blueprint

__all__ = ["blueprint"]
