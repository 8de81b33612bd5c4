"""The one audit trail: append-only, chained by digests, verifiable.

``entry.py`` is what a caller says, ``trail.py`` writes it and is the only way to do so,
``canonical.py`` fixes the bytes that are hashed, ``verification.py`` proves that nothing
was altered, ``queries.py`` reads. The database itself refuses updates and deletions.
"""

from kernel.audit.entry import AuditEntry, Outcome
from kernel.audit.queries import (
    AuditEventRow,
    AuditSearch,
    StreamHead,
    events_of_instance,
    events_of_stream,
    search,
    steps_of_stream,
    streams,
)
from kernel.audit.trail import append
from kernel.audit.verification import Break, Verification, verify

__all__ = [
    "AuditEntry",
    "AuditEventRow",
    "AuditSearch",
    "Break",
    "Outcome",
    "StreamHead",
    "Verification",
    "append",
    "events_of_instance",
    "events_of_stream",
    "search",
    "steps_of_stream",
    "streams",
    "verify",
]
