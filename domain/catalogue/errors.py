"""What can go wrong in the catalogue, each with its sentence."""

from collections.abc import Sequence
from uuid import UUID

from domain.catalogue.refusals import Refusal
from domain.catalogue.rules import RuleBreach
from domain.catalogue.states import EVENT_TEXT, STATE_TEXT, Event, State
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound, Rejected
from kernel.language import Text


class VersionNotFound(NotFound):
    """No such version, or not visible to the actor."""

    def __init__(self, version_id: UUID) -> None:
        super().__init__(
            Text(
                f"没有组件版本 {version_id}，或您无权查看",
                f"No component version {version_id}, or you may not see it",
            )
        )


class ComponentNotFound(NotFound):
    """No such component, or not visible to the actor."""

    def __init__(self, component_id: UUID) -> None:
        super().__init__(
            Text(
                f"没有组件 {component_id}，或您无权查看",
                f"No component {component_id}, or you may not see it",
            )
        )


class TransitionForbidden(Conflict):
    """The table knows no such event from this state."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(
            Text(
                f"“{STATE_TEXT[state].zh}”状态下不能“{EVENT_TEXT[event].zh}”",
                f"“{EVENT_TEXT[event].en}” is not possible in the state “{STATE_TEXT[state].en}”",
            )
        )


class GuardNotMet(Conflict):
    """A condition of the transition does not hold."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(_joined(refusals))
        self.refusals = tuple(refusals)


class NotYours(NotAllowed):
    """The asker does not hold a role that the transition needs, or four eyes forbid it."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(_joined(refusals))
        self.refusals = tuple(refusals)


class NotEditable(Conflict):
    """The record is closed in this state."""

    def __init__(self, state: State) -> None:
        super().__init__(
            Text(
                f"“{STATE_TEXT[state].zh}”状态下不能修改目录信息",
                f"The record cannot be changed in the state “{STATE_TEXT[state].en}”",
            )
        )


class DictionaryNotFound(NotFound):
    """No dictionary of this key."""

    def __init__(self, key: str) -> None:
        super().__init__(Text(f"没有字典 {key}", f"No dictionary {key}"))


class EditionNotFound(NotFound):
    """No such edition of a dictionary."""

    def __init__(self, edition_id: UUID) -> None:
        super().__init__(Text(f"没有字典版本 {edition_id}", f"No edition {edition_id} of a dictionary"))


class DictionaryDraftOpen(Conflict):
    """An edition of the dictionary waits for its release."""

    def __init__(self, title: Text) -> None:
        super().__init__(
            Text(
                f"字典“{title.zh}”已有待发布的修订，请先由安全管理员处理",
                f"A draft of the dictionary “{title.en}” waits for the security administrator",
            )
        )


class EditionDecided(Conflict):
    """The edition was released or refused before."""

    def __init__(self, status: str) -> None:
        super().__init__(
            Text(f"该修订已处理（{status}），请刷新", f"This edition was decided already ({status}); refresh")
        )


class FourEyesOnDictionary(NotAllowed):
    """Who drafted an edition may not release it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "拟订人不能发布自己的修订，请由安全管理员发布",
                "Who drafted an edition may not release it; the security administrator does",
            )
        )


class RecordHasMoved(Conflict):
    """The record is not the one that was reviewed."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            Text(
                f"目录信息已被修改（审核时为 {expected[:12]}，现为 {found[:12]}），请重新提交变更",
                f"The record has changed (reviewed {expected[:12]}, found {found[:12]}); submit again",
            )
        )
        self.expected, self.found = expected, found


def rejection(refusals: Sequence[Refusal]) -> Rejected:
    """Return the error that says all of it: who may not comes before what is missing."""
    if any(refusal.kind in ("role", "four_eyes") for refusal in refusals):
        return NotYours(refusals)
    broken = [breach for refusal in refusals for breach in refusal.breaches]
    if broken or any(refusal.kind == "reason" for refusal in refusals):
        problems = [
            FieldProblem("reason", refusal.rule, refusal.message)
            for refusal in refusals
            if refusal.kind == "reason"
        ]
        return Invalid(_joined(refusals), (*problems, *(breach.as_problem() for breach in broken)))
    return GuardNotMet(refusals)


def rules_broken(breaches: Sequence[RuleBreach]) -> Invalid:
    """Return the rejection of a record with every broken rule."""
    zh = "；".join(breach.message.zh for breach in breaches)
    en = "; ".join(breach.message.en for breach in breaches)
    return Invalid(Text(zh, en), tuple(breach.as_problem() for breach in breaches))


def _joined(refusals: Sequence[Refusal]) -> Text:
    return Text(
        "；".join(refusal.message.zh for refusal in refusals),
        "; ".join(refusal.message.en for refusal in refusals),
    )
