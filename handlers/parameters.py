"""Parameters that many topics share, and how handlers read theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from engine.api import JobContext, ListenerCall, Parameter, TechnicalFailure
from kernel.language import Text

VERSION: Final = Parameter("versionId", Text("组件版本", "Component version"), "str")
REASON: Final = Parameter("reason", Text("理由", "Reason"), "str", required=False)


def version_of(parameters: Mapping[str, Any]) -> UUID:
    """Return the component version that the topic is about.

    Raises:
        TechnicalFailure: the process handed in something else; an operator must see it.
    """
    value = parameters.get("versionId")
    try:
        return UUID(str(value))
    except ValueError:
        raise TechnicalFailure(f"versionId is not an id: {value!r}") from None


def optional_id(value: object) -> UUID | None:
    """Return an id, or None where nothing was given."""
    return UUID(str(value)) if value else None


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object as it is, and nothing as an empty one."""
    return value if isinstance(value, Mapping) else {}


def reason_of(call: JobContext | ListenerCall) -> str | None:
    """Return the reason that was handed in, without surrounding blanks, or None."""
    value = call.parameters.get("reason")
    return value.strip() or None if isinstance(value, str) else None
