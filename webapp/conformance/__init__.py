"""The matrix of conformance, read-only: what the draft standard asks for and how this product meets it.

The matrix itself is ``domain.conformance``; this room filters and words it.
"""

from webapp.conformance.routes import blueprint

__all__ = ["blueprint"]
