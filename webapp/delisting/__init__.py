"""How a version is used and how it leaves: orders, calls, suspension, delisting, archive.

Beside the list of cases it has one page for each version (*use*), where people put on record, suspend,
start a delisting and archive. Start reading at ``routes``.
"""

from webapp.delisting.routes import blueprint

__all__ = ["blueprint"]
