"""What a workbook may be before anything in it is read: untrusted, so little.

Source: ECMA-376 part 2 (a package is a ZIP of parts); the limits are defaults of this product
"""

import zipfile
from io import BytesIO
from typing import Final

from kernel.errors import FieldProblem, Invalid
from kernel.language import Text

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_PARTS: Final = 200
MAX_PART_BYTES: Final = 40 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 60 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_FORBIDDEN: Final = {
    "vbaproject": Text("含有宏", "holds macros"),
    "macrosheet": Text("含有宏表", "holds macro sheets"),
    "externallink": Text("引用了外部工作簿", "refers to other workbooks"),
    "embeddings/": Text("含有嵌入对象", "holds embedded objects"),
    "activex": Text("含有控件", "holds controls"),
    "connections.xml": Text("含有外部数据连接", "holds connections to outside data"),
    "querytable": Text("含有外部数据连接", "holds connections to outside data"),
    "customui": Text("含有自定义界面", "holds a user interface of its own"),
}


def refuse_hostile(content: bytes) -> None:
    """Raise unless the content is a plain workbook of bearable size.

    Every part is unpacked in pieces and counted, because a directory may lie about sizes.

    Raises:
        Invalid: no ZIP, no workbook, too large, encrypted, with macros, links, objects or a DTD.
    """
    if len(content) > MAX_FILE_BYTES:
        raise refused("size", "文件超过 10 MB，请拆分后导入", "The file exceeds 10 MB; split it")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _look_at(package)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, RuntimeError):
        raise refused(
            "format",
            "文件不是有效的 XLSX 工作簿（可能已加密或损坏），请用模板另存为 .xlsx",
            "The file is no valid XLSX workbook (encrypted or damaged?); save it as .xlsx from the template",
        ) from None


def refused(rule: str, zh: str, en: str) -> Invalid:
    """Return the refusal of a whole workbook."""
    message = Text(zh, en)
    return Invalid(message, (FieldProblem("", f"workbook.{rule}", message),))


def _look_at(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS:
        raise refused("parts", "工作簿的部件过多", "The workbook has too many parts")
    names = [part.filename.lower().replace("\\", "/") for part in parts]
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise refused("format", "文件不是 XLSX 工作簿", "The file is no XLSX workbook")
    for name in names:
        _refuse_part(name)
    total = 0
    for part in parts:
        total += _count(package, part, MAX_TOTAL_BYTES - total)


def _refuse_part(name: str) -> None:
    for sign, words in _FORBIDDEN.items():
        if sign in name:
            raise refused(
                "content", f"工作簿{words.zh}，不予导入", f"The workbook {words.en}: it is not imported"
            )
    if name.startswith("/") or ".." in name.split("/"):
        raise refused("path", "工作簿的部件路径不合法", "A part of the workbook has a bad path")


def _count(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    size = 0
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = b""
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > min(MAX_PART_BYTES, left):
                raise refused(
                    "bomb", "工作簿解压后过大，不予导入", "Unpacked, the workbook is too large: not imported"
                )
            window = (tail + piece).upper()
            if is_xml and (b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\x00" in window):
                raise refused(
                    "dtd", "工作簿含有实体声明，不予导入", "The workbook declares entities: not imported"
                )
            if is_xml and part.filename.lower().endswith(".rels") and _points_outside(window):
                raise refused(
                    "content",
                    "工作簿引用了外部文件，不予导入",
                    "The workbook refers to outside files: not imported",
                )
            tail = piece[-64:]
    return size


def _points_outside(window: bytes) -> bool:
    # A hyperlink in a cell is harmless: it is text here and never followed.
    return b'TARGETMODE="EXTERNAL"' in window.replace(b"'", b'"') and b"/HYPERLINK" not in window
