"""Import units and persons from CSV: each row by itself, each error at its row and column, twice is once."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people import queries
from domain.people.permissions import ROLES
from domain.people.service.grants import propose_grant
from domain.people.service.organisation import place_unit
from domain.people.service.registry import UNIT_KINDS, add_person, add_unit
from kernel import audit
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, Rejected
from kernel.language import Text

MAX_BYTES: Final = 1024 * 1024
MAX_ROWS: Final = 2000
MAX_CELL: Final = 500
# Column, its Chinese heading, whether it must be filled.
PERSON_COLUMNS: Final = (
    ("name", "姓名", True),
    ("user_name", "用户名", True),
    ("unit", "单位", True),
    ("role", "角色", False),
    ("region", "地区", False),
    ("own_unit_only", "仅限本单位", False),
    ("starts_on", "开始日期", False),
    ("ends_on", "截止日期", False),
)
UNIT_COLUMNS: Final = (
    ("name", "名称", True),
    ("kind", "类别", True),
    ("region", "地区", True),
    ("parent", "上级单位", False),
    ("credit_code", "统一社会信用代码", False),
)
Columns = Sequence[tuple[str, str, bool]]
Row = Mapping[str, str]
_YES: Final = {"是": True, "yes": True, "1": True, "": False, "否": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """How one row fared; ``line`` is its line in the file, ``password`` is seen this once."""

    line: int
    name: str
    outcome: Literal["added", "unchanged", "refused"]
    problems: tuple[FieldProblem, ...] = ()
    user_name: str = ""
    password: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What an import did, row by row."""

    rows: tuple[RegisterRow, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows had this outcome."""
        return sum(row.outcome == outcome for row in self.rows)


def import_persons(session: Session, actor: Actor, content: bytes) -> RegisterReport:
    """Add the persons of a file and propose their roles; a security administrator decides those.

    A person who is there already, by user name with the same name and unit, stays as they are; so does a
    role that stands or was proposed.

    Raises:
        NotAllowed: the actor is not the system administrator.
        Invalid: the file is no CSV with these columns, or too large.
    """
    actor.require("person.manage")
    return _import(session, actor, content, PERSON_COLUMNS, "person.imported", _person)


def import_units(session: Session, actor: Actor, content: bytes) -> RegisterReport:
    """Add the units of a file, in their places; a parent stands above its children in the file or is known.

    Raises:
        NotAllowed: the actor is not the system administrator.
        Invalid: the file is no CSV with these columns, or too large.
    """
    actor.require("person.manage")
    return _import(session, actor, content, UNIT_COLUMNS, "unit.imported", _unit)


def _import(
    session: Session,
    actor: Actor,
    content: bytes,
    columns: Columns,
    action: str,
    take: Callable[[Session, Actor, int, Row], RegisterRow],
) -> RegisterReport:
    found = []
    for line, row in _rows(content, columns):
        problems = _missing(row, columns)
        if problems:
            found.append(RegisterRow(line, row["name"], "refused", problems))
            continue
        try:
            # Half a row is none: what a refused row did before is taken back.
            with session.begin_nested():
                found.append(take(session, actor, line, row))
        except Rejected as rejected:
            told = rejected.problems if isinstance(rejected, Invalid) else ()
            problems = told or (FieldProblem("", "register.row", rejected.message),)
            found.append(RegisterRow(line, row["name"], "refused", problems))
    report = RegisterReport(tuple(found))
    counts = {outcome: report.count(outcome) for outcome in ("added", "unchanged", "refused")}
    audit.append(session, audit.AuditEntry(action=action, actor=actor, stream="system:people", after=counts))
    return report


def _person(session: Session, actor: Actor, line: int, row: Row) -> RegisterRow:
    unit = _unit_named(session, row["unit"], "unit")
    known_id = queries.person_id_of(session, row["user_name"])
    password = None
    if known_id is None:
        new = add_person(session, actor, row["name"], unit.id, row["user_name"])
        person_id, password = new.person_id, new.password
    else:
        person_id = known_id
        known = queries.person(session, known_id)
        if (known.name, known.unit_id) != (row["name"], unit.id):
            raise _refusal(
                "user_name",
                "register.taken",
                f"用户名已属于{known.unit_name}的{known.name}",
                f"The user name belongs to {known.name} of {known.unit_name}",
            )
    proposed = bool(row["role"]) and _propose(session, actor, person_id, unit.id, row)
    outcome: Literal["added", "unchanged"] = "added" if password or proposed else "unchanged"
    return RegisterRow(line, row["name"], outcome, (), row["user_name"].casefold(), password)


def _propose(session: Session, actor: Actor, person_id: UUID, unit_id: UUID, row: Row) -> bool:
    """Propose the role of the row unless it stands, and tell whether it was proposed."""
    role = next((key for key, text in ROLES.items() if row["role"] in (key, text.zh, text.en)), None)
    if role is None:
        names = "、".join(text.zh for text in ROLES.values())
        raise _refusal(
            "role", "register.role", f"角色应为：{names}", f"The role is one of {', '.join(ROLES)}"
        )
    region = _region(session, row["region"], "region")
    own = _YES.get(row["own_unit_only"].casefold())
    if own is None:
        raise _refusal("own_unit_only", "register.yes_no", "填“是”或“否”", "Write yes or no")
    bound = unit_id if own else None
    standing = queries.person(session, person_id).grants
    if any((g.role, g.region_code, g.unit_id) == (role, region, bound) for g in standing):
        return False
    propose_grant(
        session, actor, person_id, role, region, bound, starts_on=row["starts_on"], ends_on=row["ends_on"]
    )
    return True


def _unit(session: Session, actor: Actor, line: int, row: Row) -> RegisterRow:
    if row["kind"] not in UNIT_KINDS:
        raise _refusal(
            "kind",
            "register.kind",
            f"类别应为：{'、'.join(UNIT_KINDS)}",
            f"The kind is one of {', '.join(UNIT_KINDS)}",
        )
    region = _region(session, row["region"], "region")
    parent = _unit_named(session, row["parent"], "parent").id if row["parent"] else None
    code = row["credit_code"].upper() or None
    known = queries.unit_by_name(session, row["name"])
    if known is not None:
        same = (known.kind, known.region_code, known.parent_id, known.credit_code)
        if same == (row["kind"], region, parent, code):
            return RegisterRow(line, row["name"], "unchanged")
        if same[:2] != (row["kind"], region):
            raise _refusal(
                "name",
                "register.taken",
                "同名单位的类别或地区不同",
                "A unit of this name differs in kind or region",
            )
    unit_id = known.id if known else add_unit(session, actor, row["name"], row["kind"], region)
    place_unit(session, actor, unit_id, parent, code)
    return RegisterRow(line, row["name"], "added")


def _rows(content: bytes, columns: Columns) -> list[tuple[int, Row]]:
    if len(content) > MAX_BYTES:
        raise _refusal("", "register.size", "文件超过 1 MB，请拆分", "The file exceeds 1 MB; split it")
    reader = csv.reader(StringIO(_text(content), newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise _refusal(
            "",
            "register.csv",
            f"第{reader.line_num}行不是有效的 CSV",
            f"Line {reader.line_num} is no CSV: {error}",
        ) from None
    if not lines:
        raise _refusal("", "register.empty", "文件为空", "The file is empty")
    if len(lines) > MAX_ROWS + 1:
        raise _refusal("", "register.rows", f"一次至多{MAX_ROWS}行", f"At most {MAX_ROWS} rows at once")
    keys = _header(lines[0][1], columns)
    found: list[tuple[int, Row]] = []
    for line, cells in lines[1:]:
        if any(cell.strip() for cell in cells):
            given = dict(zip(keys, (cell.strip() for cell in cells), strict=False))
            found.append((line, {key: given.get(key, "") for key, _zh, _must in columns}))
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refusal(
        "", "register.encoding", "文件编码应为 UTF-8 或 GB 18030", "The file must be UTF-8 or GB 18030"
    )


def _header(cells: Sequence[str], columns: Columns) -> list[str]:
    names = {name: key for key, zh, _must in columns for name in (key, zh)}
    keys = [names.get(cell.strip().rstrip("*").strip(), "") for cell in cells]
    missing = [zh for key, zh, must in columns if must and key not in keys]
    given = [key for key in keys if key]
    unknown = [cell for cell, key in zip(cells, keys, strict=True) if not key and cell.strip()]
    if missing or unknown or len(set(given)) != len(given):
        wanted = "、".join(zh for _key, zh, _must in columns)
        raise _refusal(
            "",
            "register.header",
            f"首行应为列名：{wanted}（带*的必填，不得重复）",
            f"The first line names the columns: {', '.join(key for key, _zh, _must in columns)}",
        )
    return keys


def _missing(row: Row, columns: Columns) -> tuple[FieldProblem, ...]:
    problems = []
    for key, zh, must in columns:
        if must and not row[key]:
            problems.append(FieldProblem(key, "register.required", Text(f"请填写{zh}", f"Fill in {key}")))
        if len(row[key]) > MAX_CELL or any(ord(c) < 32 for c in row[key]):
            problems.append(
                FieldProblem(
                    key,
                    "register.text",
                    Text(f"{zh}过长或含控制字符", f"{key} is too long or holds control characters"),
                )
            )
    return tuple(problems)


def _unit_named(session: Session, text: str, column: str) -> queries.UnitRow:
    unit = queries.unit_by_name(session, text) or queries.unit_by_credit_code(session, text.upper())
    if unit is None or not unit.is_active:
        raise _refusal(
            column,
            "register.unit",
            f"没有单位“{text}”，请填写已登记单位的名称或统一社会信用代码",
            f"No unit “{text}”: give the name or the credit code of a registered one",
        )
    return unit


def _region(session: Session, text: str, column: str) -> str:
    for region in queries.regions(session):
        if text in (region.code, region.name, region.name_en):
            return region.code
    raise _refusal(
        column,
        "register.region",
        f"没有地区“{text}”，请填写名称或六位代码",
        f"No region “{text}”: give its name or code",
    )


def _refusal(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))
