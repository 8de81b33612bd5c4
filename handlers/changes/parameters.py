"""Parameters that the topics of changes share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from engine.api import Parameter, TechnicalFailure
from kernel.language import Text

CHANGE: Final = Parameter("changeId", Text("变更", "Change"), "str")


def change_of(parameters: Mapping[str, Any]) -> UUID:
    """Return the change that the topic is about.

    Raises:
        TechnicalFailure: the process handed in something else; an operator must see it.
    """
    value = parameters.get("changeId")
    try:
        return UUID(str(value))
    except ValueError:
        raise TechnicalFailure(f"changeId is not an id: {value!r}") from None
