"""Does a version number say truly what changed? Order within a major line, and the contract behind it.

A number that is no longer the newest of its major line is refused; a breaking change needs the next major
number, an addition at least the next minor one. Numbers of 0.x are held to it too: what is listed is used.

Source: TC609-4-2026-XX, 6.2d; Semantic Versioning 2.0.0, clauses 6 to 8 and 11; readings A01
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from domain.catalogue.rules import RuleBreach, Severity
from domain.catalogue.versions import Precedence, core_of
from kernel.language import Text


class Level(StrEnum):
    """How much a version changes; of a contract ``PATCH`` means that nothing in it changed."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    BUILD = "build"


LEVEL_TEXT: Final = {
    Level.MAJOR: Text("主版本", "Major"),
    Level.MINOR: Text("次版本", "Minor"),
    Level.PATCH: Text("修订", "Patch"),
    Level.BUILD: Text("仅编译号或先行版不同", "Build or pre-release only"),
}
_WEIGHT: Final = {Level.BUILD: 0, Level.PATCH: 1, Level.MINOR: 2, Level.MAJOR: 3}
CLAUSE: Final = "6.2d"
ORDER_RULE: Final = "S-VER-01"


def major_of(canonical: str) -> int:
    """Return the major number of a canonical version."""
    return _core(canonical)[0]


def level_between(previous: str, new: str) -> Level:
    """Return which part of the number is the first to differ between two canonical versions."""
    before, after = _core(previous), _core(new)
    for level, old, fresh in zip((Level.MAJOR, Level.MINOR, Level.PATCH), before, after, strict=True):
        if old != fresh:
            return level
    return Level.BUILD


def newest(canonicals: Iterable[str], major: int | None = None) -> str | None:
    """Return the newest version, of one major line where it is named, or None."""
    within = [one for one in canonicals if major is None or major_of(one) == major]
    return max(within, key=Precedence, default=None)


def predecessor(new: str, existing: Iterable[str]) -> str | None:
    """Return the version that the new one follows, or None: the newest before it.

    That is a release where there is one: a pre-release promises nothing to anybody (clause 9).
    """
    before = [one for one in existing if Precedence(one) < Precedence(new)]
    releases = [one for one in before if not is_pre_release(one)]
    return newest(releases or before)


def is_pre_release(canonical: str) -> bool:
    """Tell whether a canonical version is a pre-release."""
    return "-" in core_of(canonical)


def order_breach(new: str, existing: Iterable[str]) -> RuleBreach | None:
    """Return what is wrong where the new version does not come after the last of its major line.

    1.9.1 after 2.0.0 is in order when 1.9.0 was the last 1.x; of builds the number decides.
    """
    last = newest((one for one in existing if one != new), major_of(new))
    if last is None or Precedence(last) < Precedence(new):
        return None
    return _breach(
        ORDER_RULE,
        Text(
            f"版本号应大于该主版本线的最新版本 {last}",
            f"The version must be greater than the last of its major line, {last}",
        ),
        Text("请递增主、次或修订号", "Raise the major, minor or patch number"),
    )


def fit_breach(previous: str, new: str, contract: Level) -> RuleBreach | None:
    """Return what is wrong where the number promises less change than the contract shows."""
    said = level_between(previous, new)
    if _WEIGHT[said] >= _WEIGHT[contract] or (said is Level.BUILD and contract is Level.PATCH):
        return None
    if contract is Level.MAJOR:
        message = Text(
            f"接口契约有不兼容变更，{previous} 之后须提升主版本号，不能用 {new}",
            f"The contract breaks: after {previous} the major number must rise, {new} is refused",
        )
        mend = Text(
            f"改用 {major_of(previous) + 1}.0.0，或恢复兼容", "Raise the major number, or stay compatible"
        )
        return _breach("S-VER-02", message, mend)
    message = Text(
        f"接口契约有新增内容，{previous} 之后至少须提升次版本号，不能用 {new}",
        f"The contract grew: after {previous} at least the minor number must rise, {new} is refused",
    )
    return _breach("S-VER-03", message, Text("请提升次版本号", "Raise the minor number"))


def _core(canonical: str) -> tuple[int, int, int]:
    major, minor, patch = core_of(canonical).partition("-")[0].split(".")
    return int(major), int(minor), int(patch)


def _breach(rule_id: str, message: Text, mend: Text) -> RuleBreach:
    return RuleBreach(rule_id, "version", Severity.ERROR, message, CLAUSE, mend)
