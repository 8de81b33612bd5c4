"""Read records from a workbook: each problem with its cell, nothing evaluated, nothing followed."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any, Final

import openpyxl
from openpyxl.utils import get_column_letter

from domain.catalogue.exchange.cells import Words, from_cell
from domain.catalogue.exchange.guard import refuse_hostile, refused
from domain.catalogue.exchange.table import (
    BY_KEY,
    CHINESE_ROW,
    COMPONENT_ID,
    ENGLISH_ROW,
    FIRST_ROW,
    KEY_ROW,
    REST,
    SHEET,
    Column,
)
from domain.catalogue.rules import RuleBreach, Severity
from kernel.language import Text

MAX_ROWS: Final = 1000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 32_767


@dataclass(frozen=True, slots=True)
class WorkbookRecords:
    """The records of a workbook in order, the row of each, what is wrong with its cells, the columns.

    ``broken`` maps the place of a record in the list to breaches that refuse it before the rules are asked.
    """

    sheet: str
    records: tuple[dict[str, Any], ...]
    rows: tuple[int, ...]
    columns: Mapping[str, int]
    broken: Mapping[int, tuple[RuleBreach, ...]]

    def cell(self, place: int, path: str) -> str:
        """Return the cell (``组件!D7``) that holds a path of a record, or its row where none does."""
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            column = self.columns.get(".".join(parts[:length]))
            if column is not None:
                return f"{self.sheet}!{get_column_letter(column)}{self.rows[place]}"
        below = [column for key, column in self.columns.items() if path and key.startswith(f"{path}.")]
        letter = get_column_letter(min(below)) if below else ""
        return f"{self.sheet}!{letter}{self.rows[place]}"


def read_workbook(content: bytes, words: Mapping[str, Words]) -> WorkbookRecords:
    """Return the records of a workbook; ``words`` are the dictionaries by key.

    Raises:
        Invalid: the workbook is hostile, is not made from the template, is empty or too long.
    """
    refuse_hostile(content)
    rows, sheet = _rows(content)
    columns = _columns(rows)
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    broken: dict[int, tuple[RuleBreach, ...]] = {}
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        if all(_is_empty(cell) for cell in row):
            continue
        record, breaches = _record(row, columns, words)
        if breaches:
            broken[len(records)] = tuple(breaches)
        records.append(record)
        numbers.append(number)
    if not records:
        raise refused(
            "empty", f"工作表“{SHEET}”没有数据行（从第{FIRST_ROW}行开始）", "The sheet holds no records"
        )
    return WorkbookRecords(sheet, tuple(records), tuple(numbers), columns, broken)


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Any
    kind: str


def _rows(content: bytes) -> tuple[list[list[_Cell]], str]:
    try:
        with warnings.catch_warnings():
            # The library warns of styles and extensions that it leaves out; they mean nothing here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
            if SHEET not in book.sheetnames:
                raise refused(
                    "sheet",
                    f"没有名为“{SHEET}”的工作表，请使用模板",
                    f"No sheet named {SHEET}: use the template",
                )
            sheet = book[SHEET]
            sheet.reset_dimensions()
            rows = []
            for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
                rows.append([_Cell(cell.value, getattr(cell, "data_type", "n")) for cell in row])
                if number > MAX_ROWS + FIRST_ROW and any(not _is_empty(cell) for cell in rows[-1]):
                    raise refused(
                        "rows",
                        f"一次至多导入{MAX_ROWS}行，请拆分",
                        f"At most {MAX_ROWS} rows at once; split it",
                    )
                if number > 5 * MAX_ROWS:
                    break
            return rows, SHEET
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, SyntaxError) as error:
        # The library raises any of these on parts that contradict each other.
        raise refused(
            "format", "工作簿已损坏，请用模板重新填写", "The workbook is damaged; fill in the template anew"
        ) from error


def _columns(rows: Sequence[Sequence[_Cell]]) -> dict[str, int]:
    """Return the column of each key; titles count as well as keys, so that a retyped header is understood."""
    found: dict[str, int] = {}
    unknown = []
    for place in range(max((len(row) for row in rows[:ENGLISH_ROW]), default=0)):
        names = [_title(rows, row, place) for row in (KEY_ROW, CHINESE_ROW, ENGLISH_ROW)]
        column = next((column for name in names if (column := _column_named(name))), None)
        if column is None:
            if any(names):
                unknown.append(f"{get_column_letter(place + 1)}1 “{next(filter(None, names))[:40]}”")
        elif column.key in found:
            raise refused(
                "column", f"列 {column.key} 出现两次", f"The column {column.key} stands there twice"
            )
        else:
            found[column.key] = place + 1
    if unknown:
        raise refused(
            "column",
            f"不认识的列：{'、'.join(unknown[:10])}，请使用模板",
            f"Unknown columns: {', '.join(unknown[:10])}",
        )
    missing = {"name", "version"} - found.keys()
    if missing:
        raise refused(
            "column",
            f"缺少列：{'、'.join(sorted(missing))}，请使用模板",
            f"Missing columns: {', '.join(sorted(missing))}",
        )
    return found


def _title(rows: Sequence[Sequence[_Cell]], row: int, place: int) -> str:
    if len(rows) < row or len(rows[row - 1]) <= place:
        return ""
    value = rows[row - 1][place].value
    return str(value).strip() if value is not None else ""


def _column_named(name: str) -> Column | None:
    return BY_KEY.get(name)


def _record(
    row: Sequence[_Cell], columns: Mapping[str, int], words: Mapping[str, Words]
) -> tuple[dict[str, Any], list[RuleBreach]]:
    record: dict[str, Any] = {}
    breaches: list[RuleBreach] = []
    for key, place in columns.items():
        cell = row[place - 1] if place <= len(row) else _Cell(None, "n")
        if _is_empty(cell):
            continue
        if (problem := _problem_of(cell)) is not None:
            breaches.append(RuleBreach(problem[0], key, Severity.ERROR, problem[1], "表1", problem[2]))
            continue
        column = BY_KEY[key]
        dictionary = column.field.dictionary if column.field else ""
        value = from_cell(column.field, cell.value, words.get(dictionary, {}))
        if column is COMPONENT_ID:
            record[key] = str(cell.value)
        elif column is REST:
            if not isinstance(value, dict):
                breaches.append(RuleBreach("XLSX-JSON", key, Severity.ERROR, _JSON, "表1", _JSON_CURE))
            else:
                record["extension"] = {**value, **record.get("extension", {})}
        else:
            _put(record, key, value)
    return record, breaches


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    holder = record
    for name in outer:
        holder = holder.setdefault(name, {})
    holder[last] = value


def _is_empty(cell: _Cell) -> bool:
    return cell.value is None or (isinstance(cell.value, str) and cell.value == "")


def _problem_of(cell: _Cell) -> tuple[str, Text, Text] | None:
    if cell.kind == "f":
        return "XLSX-FORMULA", _FORMULA, _FORMULA_CURE
    if cell.kind == "e":
        return "XLSX-ERROR", _ERROR, _ERROR_CURE
    if isinstance(cell.value, bool | date | time | timedelta):
        return "XLSX-TYPE", _TYPE, _TYPE_CURE
    if isinstance(cell.value, str) and len(cell.value) > MAX_CELL:
        return "XLSX-LENGTH", _LENGTH, _LENGTH_CURE
    return None


_FORMULA = Text("单元格含有公式，公式不会被计算", "The cell holds a formula; formulas are not evaluated")
_FORMULA_CURE = Text("改为直接填写的值（选择性粘贴为数值）", "Write the value itself (paste as values)")
_ERROR = Text("单元格为错误值", "The cell holds an error value")
_ERROR_CURE = Text("改为正确的值", "Write the right value")
_TYPE = Text("单元格为日期或逻辑值", "The cell holds a date or a logical value")
_TYPE_CURE = Text("把单元格格式设为文本后重新填写", "Format the cell as text and write the value again")
_LENGTH = Text("单元格内容过长", "The cell is too long")
_LENGTH_CURE = Text("缩短内容", "Shorten it")
_JSON = Text("其他扩展信息应为 JSON 对象", "Further extension must be a JSON object")
_JSON_CURE = Text('写成 {"键": 值} 的形式，或留空', 'Write it like {"key": value}, or leave it empty')
