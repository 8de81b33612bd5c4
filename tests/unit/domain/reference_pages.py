"""The reference pages that are written from the tables of the domain.

``python -m tests.unit.domain.reference_pages`` writes them; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from domain.catalogue.rules import TABLE_1
from domain.catalogue.states import EVENT_TEXT, PLATFORM, STATE_TEXT, TRANSITIONS, Back, State
from domain.people.permissions import ROLES

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
STAGES = {"creation": "C", "onboarding": "O", "listing": "L"}

TABLE_1_HEAD = """# Rules of Table 1

Written from `domain/catalogue/rules/table.py`; do not edit by hand
(`python -m tests.unit.domain.reference_pages`). Import, form and API use the same table.

- **Stages**: C from creation, O from onboarding, L at listing. Each stage runs the rules of the earlier ones.
- **An error refuses the step, a warning is shown.** Every broken rule is reported with its field path.
- A rule with an entry under *after* runs only where that rule holds: uniqueness and warnings need a
  well-formed value, the parts of `apiInfo` and `componentDetails` need the object.
- Lengths count Unicode code points before trimming. Patterns match the whole value. 汉字 is the Unicode
  script Han.
- Types are strict: `"0"` is not `0`, `1.0` and `true` are no integers. JSON `null` counts as absent for
  `demoAddress`, `apiInfo` and `targetServers` only.
- File import alone changes values first, each with a notice: 强制类/强制使用 → 强制, 推荐类/推荐使用 → 推荐,
  默认 → `default`; in formats without types also text ↔ number of coded fields, and one provider → a list.
- A component's versions share its name, API names, codes and paths. Cancelled versions count nowhere; name,
  API name and code stay taken until archived, a path until delisted.
- Strict mode (`ZUJIAN_STRICT_TABLE_1`) also refuses versions of two parts, and punctuation in V-DET-02 to 05.

| Id | Field | Stage | Severity | After | Clause | Message | Cure |
|---|---|---|---|---|---|---|---|
"""

STATES_HEAD = """# States of a component version

Written from `domain/catalogue/states.py` and `guards.py`; do not edit by hand
(`python -m tests.unit.domain.reference_pages`). What is not in the second table is refused.

A transition is asked for by a person with the role, for this very component and region, or by the platform
(平台) on a recorded result. *By case*: the platform may carry out what people recorded in a case that one of
these roles opened. A condition marked ° cannot be established by this release yet: the transition is refused
and says so, it is never waved through.

| State | 中文 | English |
|---|---|---|
"""

TRANSITIONS_HEAD = """
| No. | From | Event | Who | By case | Conditions | Reason | To | Clause |
|---|---|---|---|---|---|---|---|---|
"""


def table_1_page() -> str:
    """Return the page of the rules."""
    rows = [
        f"| {rule.id} | `{rule.field}` | {STAGES[rule.stage]} | {rule.severity} | {rule.after or '–'} "
        f"| {rule.clause} | {rule.message.zh} / {rule.message.en} | {rule.mend.zh} / {rule.mend.en} |"
        for rule in TABLE_1
    ]
    return TABLE_1_HEAD + "\n".join(rows) + "\n"


def states_page() -> str:
    """Return the page of the states and transitions."""
    states = [f"| {state} | {STATE_TEXT[state].zh} | {STATE_TEXT[state].en} |" for state in State]
    rows = []
    for row in TRANSITIONS:
        target = row.target if isinstance(row.target, State) else f"*{row.target}*"
        assert isinstance(row.target, State | Back)
        rows.append(
            f"| {row.number} | {', '.join(row.sources) or '–'} | {row.event} {EVENT_TEXT[row.event].zh} "
            f"| {_roles(row.roles)} | {_roles(row.openers) or '–'} | {_conditions(row.guards)} "
            f"| {'yes' if row.needs_reason else '–'} | {target} | {row.clause} |"
        )
    return STATES_HEAD + "\n".join(states) + "\n" + TRANSITIONS_HEAD + "\n".join(rows) + "\n"


def _roles(roles: tuple[str, ...]) -> str:
    return "、".join("平台" if role == PLATFORM else ROLES[role].zh for role in roles)


def _conditions(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "–"


def write_pages() -> None:
    """Write both pages."""
    (REFERENCE / "table-1-rules.md").write_text(table_1_page(), encoding="utf-8")
    (REFERENCE / "component-states.md").write_text(states_page(), encoding="utf-8")


if __name__ == "__main__":
    write_pages()
