"""The audit trail, read-only, for the supervising department and the audit administrator.

``routes.py`` finds instances, shows one as a trail, browses the system's own streams and proves that
nothing was altered; ``export.py`` writes a trail as a file. What is read here is itself recorded
(``webapp.instances.oversight``).
"""

from webapp.audit.routes import blueprint

__all__ = ["blueprint"]
