"""The register of element kinds: who handles a token that reaches an element of this kind.

``@arriving(kind)`` marks the function for events and gateways, ``@beginning(kind)`` the
one for activities, which may begin more than once per token (multi-instance). Reading
the modules that use these two is reading what the engine executes.
"""

from collections.abc import Callable

from engine.bpmn.model import Element, ElementKind
from engine.runtime.run import Run

# run, scope id, element, id of the flow on which the token came
Arrive = Callable[[Run, str, Element, str], None]
# run, activity id, element
Begin = Callable[[Run, str, Element], None]

ARRIVE: dict[ElementKind, Arrive] = {}
BEGIN: dict[ElementKind, Begin] = {}


def arriving(*kinds: ElementKind) -> Callable[[Arrive], Arrive]:
    """Register what a token does that reaches an event or gateway of these kinds."""

    def register(function: Arrive) -> Arrive:
        ARRIVE.update(dict.fromkeys(kinds, function))
        return function

    return register


def beginning(*kinds: ElementKind) -> Callable[[Begin], Begin]:
    """Register how an activity of these kinds begins."""

    def register(function: Begin) -> Begin:
        BEGIN.update(dict.fromkeys(kinds, function))
        return function

    return register


def begin(run: Run, activity_id: str, element: Element) -> None:
    """Begin an activity, or one instance of a multi-instance activity."""
    run.entered(activity_id, element)
    BEGIN[element.kind](run, activity_id, element)
