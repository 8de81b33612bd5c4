"""Which column of the workbook holds which part of a record."""

from dataclasses import dataclass
from typing import Final

from domain.catalogue.fields import FIELDS, FieldOfRecord
from kernel.language import Text

SHEET: Final = "组件"
HELP_SHEET: Final = "说明 Help"
CODE_SHEET: Final = "字典 Codes"
KEY_ROW, CHINESE_ROW, ENGLISH_ROW, FIRST_ROW = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the first row, its titles, and the field of Table 1 behind it, if any.

    A column without a field holds JSON, or the external id.
    """

    key: str
    title: Text
    field: FieldOfRecord | None = None


COMPONENT_ID: Final = Column("componentId", Text("外部标识", "External id"))
REST: Final = Column("extension", Text("其他扩展信息（JSON）", "Further extension (JSON)"))
COLUMNS: Final[tuple[Column, ...]] = (
    COMPONENT_ID,
    *(Column(field.path, field.title, field) for field in FIELDS),
    REST,
)
BY_KEY: Final = {column.key: column for column in COLUMNS}
