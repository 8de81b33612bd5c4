"""Everything that stands against a transition, each with its own words."""

from dataclasses import dataclass
from typing import Final

from domain.catalogue.facts import Facts
from domain.catalogue.guards import GUARDS
from domain.catalogue.rules import RuleBreach
from domain.catalogue.states import PLATFORM, Transition
from domain.people.permissions import ROLES
from kernel.language import Text

_ASSESSED: Final = frozenset({"assessment_passed", "assessment_valid"})
_FOUR_EYES: Final = frozenset({"four_eyes", "not_involved"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transition is refused; ``kind`` is role, four_eyes, reason or guard."""

    kind: str
    rule: str
    message: Text
    breaches: tuple[RuleBreach, ...] = ()


def refusals(row: Transition, facts: Facts) -> list[Refusal]:
    """Return everything that stands against the transition; an empty list lets it happen."""
    found = []
    if not _may_ask(row, facts):
        found.append(_wrong_role(row))
    if row.needs_reason and not (facts.reason or "").strip():
        found.append(
            Refusal("reason", "reason.required", Text("请填写理由或意见", "Give a reason or an opinion"))
        )
    for name in row.guards:
        answer = GUARDS[name].holds(facts)
        if answer is None:
            found.append(Refusal("guard", name, _unknown(GUARDS[name].failed)))
        elif not answer:
            kind = "four_eyes" if name in _FOUR_EYES else "guard"
            found.append(Refusal(kind, name, _named(name, facts), _breaches(name, facts)))
    return found


def _named(name: str, facts: Facts) -> Text:
    """Return why a condition does not hold; of an assessment, each check that stands against it."""
    failed = GUARDS[name].failed
    if name not in _ASSESSED or facts.assessment is None or not facts.assessment.against:
        return failed
    zh = "；".join(text.zh for text in facts.assessment.against)
    en = "; ".join(text.en for text in facts.assessment.against)
    return Text(f"{failed.zh}：{zh}", f"{failed.en}: {en}")


def _may_ask(row: Transition, facts: Facts) -> bool:
    if facts.roles & set(row.roles):
        return True
    carries_out = PLATFORM in facts.roles and facts.in_case
    return carries_out and bool(facts.opener_roles & set(row.openers))


def _wrong_role(row: Transition) -> Refusal:
    zh = "、".join("平台" if role == PLATFORM else ROLES[role].zh for role in row.roles)
    en = ", ".join("the platform" if role == PLATFORM else ROLES[role].en.lower() for role in row.roles)
    return Refusal(
        "role",
        "role",
        Text(f"该操作只能由本组件的{zh}办理", f"Only the {en} of this component may do this"),
    )


def _unknown(condition: Text) -> Text:
    return Text(
        f"{condition.zh}（本版本尚无法核实该条件，因此不予办理）",
        f"{condition.en} (this release cannot establish the condition yet, so the request is refused)",
    )


def _breaches(name: str, facts: Facts) -> tuple[RuleBreach, ...]:
    return {
        "creation_rules": facts.creation_breaches,
        "onboarding_rules": facts.onboarding_breaches,
        "listing_rules": facts.listing_breaches,
    }.get(name, ())
