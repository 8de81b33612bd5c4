"""Whether a record declares a network endpoint, which a component of another kind may do without.

Source: draft standard, clauses 6.2b and 8.1.2c
"""

from collections.abc import Mapping
from typing import Any


def declared_endpoints(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields of a record that declare a network endpoint, by their paths."""
    extension = record.get("extension")
    address = extension.get("serviceAddress") if isinstance(extension, Mapping) else None
    given = {"apiInfo": record.get("apiInfo"), "extension.serviceAddress": address}
    return tuple(path for path, value in given.items() if value)
