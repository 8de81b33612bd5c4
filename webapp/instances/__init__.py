"""One process instance as its participants see it: where it stands, its diagram, its steps.

The inbox mounts the same diagram documents. The full trail with values and digests is in ``webapp.audit``.
"""

from webapp.instances.routes import blueprint

__all__ = ["blueprint"]
