"""What file import changes before the rules run; the API and the form take exact values."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.catalogue.rules.model import ABSENT, Record, value_at
from kernel.language import Text

# A05: the words of 5.3.1 and of the definition, beside the code of Table 1.
_USE_WORDS: Final = {"强制类": "强制", "强制使用": "强制", "推荐类": "推荐", "推荐使用": "推荐"}
_CONTENT_WORDS: Final = {"默认": "default"}
_INTEGER_CODES: Final = ("functionalAreas", "publicScope", "isHosting")
_TEXT_CODES: Final = ("technicalField", "isCharge")


@dataclass(frozen=True, slots=True)
class ImportNotice:
    """One value that import changed, to be shown to the importer."""

    path: str
    before: Any
    after: Any
    message: Text

    def to_json(self) -> dict[str, Any]:
        """Return the notice as a JSON object with both languages."""
        return {
            "path": self.path,
            "before": self.before,
            "after": self.after,
            "message": self.message.to_json(),
        }


def normalise_for_import(
    record: Record, *, typed_format: bool = True
) -> tuple[dict[str, Any], tuple[ImportNotice, ...]]:
    """Return the record as the rules shall see it, and a notice for each change.

    Words are mapped in every format. Formats without types (CSV, XLSX, XML) also get
    text and number of the coded fields exchanged, and a single provider made a list.
    """
    changed = copy.deepcopy(dict(record))
    notices: list[ImportNotice] = []
    _map(changed, "useRequirements", _word(_USE_WORDS), notices)
    for field in ("apiInfo.requestContentType", "apiInfo.responseTargetType"):
        _map(changed, field, _word(_CONTENT_WORDS), notices)
    if not typed_format:
        for field in _INTEGER_CODES:
            _map(changed, field, _as_integer, notices)
        for field in _TEXT_CODES:
            _map(changed, field, _as_text, notices)
        _map(changed, "serviceProviderInfo", _as_list, notices)
    return changed, tuple(notices)


def _map(
    record: dict[str, Any], path: str, change: Callable[[Any], Any], notices: list[ImportNotice]
) -> None:
    before = value_at(record, path)
    if before is ABSENT:
        return
    after = change(before)
    if type(after) is type(before) and after == before:
        return
    parent, _, key = path.rpartition(".")
    holder: Any = record[parent] if parent else record
    holder[key] = after
    message = Text(f"已将“{before}”按“{after}”导入", f"“{before}” was imported as “{after}”")
    notices.append(ImportNotice(path, before, after, message))


def _word(words: Mapping[str, str]) -> Callable[[Any], Any]:
    return lambda value: words.get(value, value) if isinstance(value, str) else value


def _as_integer(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else value


def _as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value
