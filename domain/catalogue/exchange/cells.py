"""How a value of a record is written in a cell, and how a cell is read; pure.

What the plain form of a kind cannot hold (a provider of several lines, a host that is none) is written as
JSON, so that nothing is lost on the way out and back.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from domain.catalogue.dictionary_rules import DictionaryKind
from domain.catalogue.fields import FieldOfRecord
from kernel.language import Text

Words = Mapping[str | int, Text]
_SERVER: Final = re.compile(r"([^\s=\[{]+)\s*[=,，\t ]\s*([0-9]{1,9})")
# What XML cannot hold or changes, and what the workbook format reads as an escape (ECMA-376, ST_Xstring).
_ODD: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ufffe\\uffff\\ud800-\\udfff]")
_ESCAPE: Final = re.compile(r"x(?=[0-9A-Fa-f]{4}_)")
_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")


def to_cell(field: FieldOfRecord | None, value: Any, words: Words) -> str | int | None:
    """Return what the cell shows: codes with their words, lists one entry a line."""
    if value is None:
        return None
    plain = _plain(field, value, words) if field is not None else None
    return plain if plain is not None else _dumped(value)


def from_cell(field: FieldOfRecord | None, cell: Any, words: Words) -> Any:
    """Return the value that a cell stands for; what cannot be read stays as it is, for the rules to name."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if field is None:
        return _json(cell)
    if field.kind in ("code", "codes", "integer"):
        return _coded(field, cell, words)
    text = cell if isinstance(cell, str) else str(cell)
    structured = _json(text)
    if structured is not text and field.kind not in ("text", "long", "region", "file"):
        return structured
    if _is_quoted(text):
        return structured
    if field.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    return _servers(text) if field.kind == "servers" else text


def _plain(field: FieldOfRecord, value: Any, words: Words) -> str | int | None:
    """Return the readable form, or None where only JSON keeps the value."""
    if field.kind == "integer":
        return value if type(value) is int else None
    if field.kind == "code":
        return _worded(field.codes, value, words)
    if field.kind == "codes":
        is_list = isinstance(value, list) and value and all(isinstance(v, str) and v in words for v in value)
        return "\n".join(value) if is_list else None
    if field.kind == "lines":
        return _lines(value)
    if field.kind == "servers":
        return _server_lines(value)
    is_plain = isinstance(value, str) and value != "" and not _needs_quotes(value)
    return value if is_plain else None


def _worded(kind: DictionaryKind | None, value: Any, words: Words) -> str | None:
    if kind is None or type(value) is not (int if kind.is_number else str) or value not in words:
        return None
    text = words[value].zh
    return str(value) if text == str(value) else f"{value} {text}"


def _coded(field: FieldOfRecord, cell: Any, words: Words) -> Any:
    if field.kind == "integer":
        text = cell.strip() if isinstance(cell, str) else cell
        return int(text) if isinstance(text, str) and _WHOLE.fullmatch(text) else text
    if field.kind == "codes":
        structured = _json(cell)
        if structured is not cell:
            return structured
        return [part.strip() for part in re.split(r"[\n,，、;；]", str(cell)) if part.strip()]
    kind, text = field.codes, str(cell).strip()
    for code, word in words.items():
        if text in (str(code), f"{code} {word.zh}", f"{code} {word.en}", word.zh, word.en):
            return code
    if _is_quoted(text):
        return _json(text)
    number = kind is not None and kind.is_number and bool(_WHOLE.fullmatch(text))
    return int(text) if number else text


def _lines(value: Any) -> str | None:
    if not isinstance(value, list) or not value or not all(isinstance(entry, str) for entry in value):
        return None
    is_plain = all(entry and "\n" not in entry and not _needs_quotes(entry) for entry in value)
    return "\n".join(value) if is_plain else None


def _server_lines(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return None
    lines = []
    for entry in value:
        if not isinstance(entry, Mapping) or set(entry) != {"host", "rank"} or type(entry["rank"]) is not int:
            return None
        line = f"{entry['host']}={entry['rank']}"
        if _needs_quotes(line) or _servers(line) != [entry]:
            return None
        lines.append(line)
    return "\n".join(lines)


def _servers(text: str) -> Any:
    found = []
    for line in (line.strip() for line in text.split("\n")):
        match = _SERVER.fullmatch(line)
        if match:
            found.append({"host": match[1], "rank": int(match[2])})
        elif line:
            found.append({"host": line, "rank": None})
    return found


def _json(cell: Any) -> Any:
    if not isinstance(cell, str) or not _looks_like_json(cell):
        return cell
    try:
        return json.loads(cell, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return cell


def _dumped(value: Any) -> str:
    """Return JSON without a character, or a sequence, that a workbook would change."""
    odd = bool(_ODD.search(str(value)))
    text = json.dumps(value, ensure_ascii=odd, sort_keys=True)
    return _ESCAPE.sub(r"\\u0078", text)


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{") or _is_quoted(text)


def _is_quoted(text: str) -> bool:
    bare = text.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


def _needs_quotes(text: str) -> bool:
    """Tell whether a workbook, or reading it, would change the text."""
    return (
        text.strip() != text
        or _looks_like_json(text)
        or _ODD.search(text) is not None
        or _ESCAPE.search(text) is not None
    )
