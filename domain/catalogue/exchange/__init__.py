"""Records as workbooks (XLSX) and back: the template, the reader that trusts nothing, the writer.

``table.py`` says which column holds what, ``cells.py`` how a value is written in a cell, ``guard.py`` what a
workbook may be, ``reader.py`` and ``writer.py`` do the rest. JSON needs none of this.
"""

from domain.catalogue.exchange.reader import WorkbookRecords, read_workbook
from domain.catalogue.exchange.writer import CodeList, write_workbook

__all__ = ["CodeList", "WorkbookRecords", "read_workbook", "write_workbook"]
