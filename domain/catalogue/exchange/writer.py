"""Write records, or nothing as template, into a workbook: a sheet to fill in, one of help, one of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from domain.catalogue.exchange.cells import Words, to_cell
from domain.catalogue.exchange.guard import refused
from domain.catalogue.exchange.reader import MAX_CELL, MAX_ROWS
from domain.catalogue.exchange.table import (
    CHINESE_ROW,
    CODE_SHEET,
    COLUMNS,
    COMPONENT_ID,
    ENGLISH_ROW,
    FIRST_ROW,
    HELP_SHEET,
    KEY_ROW,
    REST,
    SHEET,
    Column,
)
from domain.catalogue.fields import FIELDS_BY_PATH
from domain.catalogue.rules.model import ABSENT, Stage, value_at
from kernel.language import Text

_STAGES: Final = {
    Stage.CREATION: Text("创建时", "at creation"),
    Stage.ONBOARDING: Text("接入时", "at onboarding"),
    Stage.LISTING: Text("上架前", "before listing"),
}
_HEAD: Final = PatternFill("solid", fgColor="DCE6F5")
_KEY: Final = Font(color="7A869A", size=9)
_BOLD: Final = Font(bold=True)
_HELP: Final = (
    (
        "在工作表“组件”中从第4行起每行填一个组件，前三行不要改动。",
        "Fill in one component a row from row 4 of the first sheet; leave rows 1 to 3.",
    ),
    ("编码列从下拉列表中选择，也可只填代码。", "Choose codes from the list, or write the code alone."),
    (
        "多值字段在同一单元格内换行（Alt+Enter）：提供方每行一个；目标服务器每行“主机=权重”，权重合计100。",
        "Several values stand on lines of one cell (Alt+Enter): one provider a line; "
        "servers as host=weight, weights sum to 100.",
    ),
    (
        "不要使用公式、宏、外部链接；公式不会被计算。",
        "No formulas, macros or links; formulas are not evaluated.",
    ),
    (
        "外部标识相同的行视为同一组件；同一文件再次导入不产生重复。",
        "Rows with the same external id are one component; importing a file again makes no duplicates.",
    ),
)


@dataclass(frozen=True, slots=True)
class CodeList:
    """What may be chosen in a field: (code, words); regions come as texts under ``publicRegion``."""

    key: str
    choices: Sequence[tuple[str | int, Text]]


def write_workbook(
    records: Sequence[Mapping[str, Any]], words: Mapping[str, Words], lists: Sequence[CodeList]
) -> bytes:
    """Return a workbook with the records, to be filled in further or imported again.

    Raises:
        Invalid: more records than one workbook takes, or a value longer than a cell.
    """
    if len(records) > MAX_ROWS:
        raise refused(
            "rows", f"一次至多导出{MAX_ROWS}条，请先筛选", f"At most {MAX_ROWS} at once; filter first"
        )
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _head(sheet)
    for row, record in enumerate(records, start=FIRST_ROW):
        _write_record(sheet, row, record, words)
    _explain(book.create_sheet(HELP_SHEET))
    _codes(book.create_sheet(CODE_SHEET), sheet, lists)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: Worksheet) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 40 if _is_wide(column) else 18
        for row, text, font in (
            (KEY_ROW, column.key, _KEY),
            (CHINESE_ROW, _starred(column, column.title.zh), _BOLD),
            (ENGLISH_ROW, column.title.en, _BOLD),
        ):
            head = sheet.cell(row, place)
            _put_text(head, text)
            head.font, head.fill = font, _HEAD
        # Versions such as 5.0 and codes such as "1" are texts: a number would lose them.
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = f"C{FIRST_ROW}"


def _write_record(sheet: Worksheet, row: int, record: Mapping[str, Any], words: Mapping[str, Words]) -> None:
    for place, column in enumerate(COLUMNS, start=1):
        if column is REST:
            value: Any = _rest(record) or None
        else:
            value = value_at(record, column.key)
        if value is ABSENT or value is None:
            continue
        dictionary = column.field.dictionary if column.field else ""
        shown = value if column is COMPONENT_ID else to_cell(column.field, value, words.get(dictionary, {}))
        cell = sheet.cell(row, place)
        if isinstance(shown, int):
            sheet.cell(row, place, shown)
            continue
        if len(str(shown)) > MAX_CELL:
            raise refused(
                "length",
                f"{column.title.zh}过长，无法写入单元格",
                f"{column.title.en} is too long for a cell",
            )
        _put_text(cell, str(shown))
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _put_text(cell: Cell | MergedCell, text: str) -> None:
    """Write a text as a text: nothing that begins with = or + becomes a formula."""
    if not isinstance(cell, Cell):
        raise TypeError("no cell of these sheets is merged")
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"


def _rest(record: Mapping[str, Any]) -> dict[str, Any]:
    extension = record.get("extension")
    if not isinstance(extension, Mapping):
        return {}
    return {key: value for key, value in extension.items() if f"extension.{key}" not in FIELDS_BY_PATH}


def _explain(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 28
    sheet.column_dimensions["C"].width = sheet.column_dimensions["D"].width = 60
    for zh, en in _HELP:
        sheet.append([zh])
        sheet.append([en])
    sheet.append([])
    sheet.append(["列 Column", "必填 Required", "说明", "Notes"])
    for column in COLUMNS:
        field = column.field
        when = _STAGES[field.stage] if field is not None and not field.optional else Text("选填", "optional")
        limit = field.limit if field is not None else None
        zh, en = (field.help.zh, field.help.en) if field is not None else ("", "")
        if limit:
            zh, en = f"{zh} 不超过{limit}个字符".strip(), f"{en} At most {limit} characters.".strip()
        sheet.append([f"{column.title.zh} {column.title.en}", f"{when.zh} {when.en}", zh, en])


def _codes(sheet: Worksheet, target: Worksheet, lists: Sequence[CodeList]) -> None:
    """Write each list as a column and let the columns of the first sheet choose from it."""
    places = {column.key: place for place, column in enumerate(COLUMNS, start=1)}
    by_name = {column.field.dictionary or column.key: column.key for column in COLUMNS if column.field}
    for number, one in enumerate(lists, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 24
        _put_text(sheet.cell(1, number), one.key)
        for row, (code, text) in enumerate(one.choices, start=2):
            shown = str(code) if text.zh == str(code) else f"{code} {text.zh}"
            _put_text(sheet.cell(row, number), shown)
        key = by_name.get(one.key)
        if key is None or not one.choices or key == "apiInfo.protocols":
            continue  # several protocols may stand in one cell
        column = get_column_letter(places[key])
        source = f"='{CODE_SHEET}'!${letter}$2:${letter}${len(one.choices) + 1}"
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorTitle, rule.error = "编码 Code", "请从列表中选择 / choose from the list"
        rule.add(f"{column}{FIRST_ROW}:{column}{MAX_ROWS + FIRST_ROW - 1}")
        target.add_data_validation(rule)


def _starred(column: Column, title: str) -> str:
    required = column.field is not None and not column.field.optional and column.field.stage is Stage.CREATION
    return f"{title} *" if required else title


def _is_wide(column: Column) -> bool:
    return column.field is None or column.field.kind in ("long", "lines", "servers", "json", "tariff")
