"""Votes over the instances of a user task: all, any, or a share must agree.

A vote ends as soon as it is decided, either way: when enough have agreed, or when so many have
not that enough no longer can. The arithmetic is exact; a share that is just reached is reached.

Source: BPMN 2.0.2, clause 13.3.7 (an activity ends when its completion condition holds); which
condition is docs/reference/reviewer-actions.md.
"""

from engine.bpmn.model import Element
from engine.runtime.errors import Incident
from engine.runtime.state import Loop
from engine.runtime.variables import Environment
from kernel.language import Text

AGREED = "agree"
REFUSED = "refuse"
# The initiator withdrew while others voted: that decides, whatever was said before.
WITHDRAWN = "withdraw"


def agrees(element: Element, result: Environment) -> bool:
    """Tell whether what a person submitted agrees; a form without an outcome agrees by being submitted.

    A field for the outcome that was left empty does not agree: nothing becomes an agreement by silence.
    """
    return "outcome" not in result or result["outcome"] in element.agreeing


def count_vote(progress: Loop, element: Element, result: Environment) -> None:
    """Count what one instance said; ``progress`` is a copy that the caller stores."""
    progress["agreed"] = progress.get("agreed", 0) + agrees(element, result)
    if result.get("outcome") == WITHDRAWN and WITHDRAWN not in element.agreeing:
        progress["withdrawn"] = True


def verdict(element: Element, progress: Loop) -> str | None:
    """Return the decision of the vote, None while it is open or there is no vote."""
    if element.approval is None:
        return None
    if progress.get("withdrawn"):
        return WITHDRAWN
    needed, agreed = element.approval.needed(progress["total"]), progress.get("agreed", 0)
    if agreed >= needed:
        return AGREED
    may_still_agree = progress["total"] - progress["done"]
    return None if agreed + may_still_agree >= needed else REFUSED


def nobody_votes(element: Element) -> Incident:
    """Say that nobody was asked: an empty list must not count as an agreement."""
    return Incident(
        "approval.nobody",
        Text(zh="没有人参加表决。", en="There is nobody to vote."),
        element.id,
    )
