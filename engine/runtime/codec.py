"""Stored states of earlier schemas, brought up to the one that this code works with.

A state is stored as JSON with its ``schema``. What is only added to a record is ``NotRequired`` and
needs no step here; whoever changes the meaning of a field, or takes one away, raises ``SCHEMA`` in
``engine.runtime.state``, adds one step below and records a corpus of the schema before
(``tests/corpus``), whose instances must load and finish for ever.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from engine.runtime.state import SCHEMA, State
from kernel.errors import PlatformError
from kernel.language import Text


class UnknownStateSchema(PlatformError):
    """A state was stored by a newer version of the platform than the one that runs; carries ``schema``."""

    def __init__(self, schema: Any) -> None:
        super().__init__(
            Text(
                zh=f"实例状态的格式版本为 {schema}，本平台只认识到 {SCHEMA}；请升级平台。",
                en=f"The state has schema {schema}, and this platform knows up to {SCHEMA}; upgrade it.",
            )
        )
        self.schema = schema


def load_state(document: Mapping[str, Any]) -> State:
    """Return a stored document as a state of today's schema; one that has it already is returned as it is.

    Raises:
        UnknownStateSchema: the document has no schema, or one that is newer than this code.
    """
    schema = document.get("schema")
    if schema == SCHEMA:
        return cast(State, document)
    while schema != SCHEMA:
        upgrade = _UPGRADES.get(schema) if isinstance(schema, int) else None
        if upgrade is None:
            raise UnknownStateSchema(schema)
        document = upgrade(document)
        schema = document["schema"]
    return cast(State, document)


def _to_2(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Schema 2 only added fields that small states leave out, so a state of schema 1 is one of schema 2."""
    return {**document, "schema": 2}


_UPGRADES: Final[Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {1: _to_2}
