"""The market: what is published and open to the person's regions, and nothing else."""

from webapp.market.routes import blueprint

__all__ = ["blueprint"]
