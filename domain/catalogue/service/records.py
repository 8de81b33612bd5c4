"""Records by content: storing, merging, and what no database could keep."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.dictionaries import build_mode_of
from domain.catalogue.models import ComponentVersion, RecordSnapshot
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text

_OBJECTS: Final = ("apiInfo", "componentDetails", "extension")
_FILE_LISTS: Final = ("resources", "documents")
_CONTENT_TYPES: Final = ("requestContentType", "responseTargetType")
_LARGEST: Final = 2**53 - 1
_MAX_BYTES: Final = 256 * 1024
_MAX_DEPTH: Final = 20


def digest_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the record's canonical form (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(record))).hexdigest()


def store_record(session: Session, version: ComponentVersion, record: Mapping[str, Any]) -> str:
    """Keep the record under its digest, point the version at it and return the digest."""
    digest = keep_snapshot(session, record)
    version.record_digest = digest
    version.updated_at = now()
    for column, value in _columns(record).items():
        setattr(version, column, value)
    return digest


def with_defaults(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with the content types of an API that says none.

    Source: TC609-4-2026-XX, Table 1 apiInfo (默认 is the value where none is chosen)
    """
    api = record.get("apiInfo")
    if not isinstance(api, Mapping):
        return dict(record)
    missing = {key: "default" for key in _CONTENT_TYPES if key not in api}
    return {**record, "apiInfo": {**api, **missing}} if missing else dict(record)


def without_paths(record: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return the record without the values at these dotted paths, and without objects left empty by it."""
    result = dict(record)
    for path in paths:
        name, _, rest = path.partition(".")
        inner = result.get(name)
        if not rest:
            result.pop(name, None)
        elif isinstance(inner, Mapping):
            result[name] = without_paths(inner, [rest])
            if not result[name]:
                del result[name]
    return result


def keep_snapshot(session: Session, record: Mapping[str, Any]) -> str:
    """Write the record under its digest unless it is there, and return the digest."""
    digest = digest_of(record)
    known = session.scalar(select(RecordSnapshot.digest).where(RecordSnapshot.digest == digest))
    if known is None:
        session.add(RecordSnapshot(digest=digest, content=dict(record), created_at=now()))
        # Versions point at the snapshot.
        session.flush()
    return digest


def merged(record: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with the patch on top.

    The three objects of Table 1 and the lists of files inside them are merged key by key,
    so that a form may send the fields that it shows and no others.
    """
    return _merge(record, patch, _OBJECTS)


def _merge(held: Mapping[str, Any], patch: Mapping[str, Any], objects: tuple[str, ...]) -> dict[str, Any]:
    result = dict(held)
    for key, value in patch.items():
        below = result.get(key)
        if key in objects and isinstance(value, Mapping):
            result[key] = _merge(below if isinstance(below, Mapping) else {}, value, _FILE_LISTS)
        else:
            result[key] = value
    return result


def refuse_unstorable(record: Any) -> None:
    """Raise when the value cannot be kept and hashed as a JSON record.

    Raises:
        Invalid: not an object, too large or deep, a character that databases refuse (U+0000,
            half of a surrogate pair), or a number that JSON readers do not share.
    """
    if not isinstance(record, Mapping):
        raise _unstorable("", "record.object", "记录应为 JSON 对象", "A record is a JSON object")
    _walk(record, "", 0)
    if len(rfc8785.dumps(dict(record))) > _MAX_BYTES:
        raise _unstorable("", "record.size", "记录不得超过 256 kB", "A record has at most 256 kB")


def _walk(value: Any, path: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise _unstorable(path, "record.depth", "记录嵌套过深", "The record is nested too deeply")
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise _unstorable(
                path, "record.characters", "含有无法保存的字符", "Holds characters that cannot be kept"
            )
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _walk(key, path, depth)
            _walk(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _walk(inner, f"{path}.{place}", depth + 1)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:
        raise _unstorable(path, "record.number", "数值超出范围", "The number is out of range")


def _unstorable(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))


def _columns(record: Mapping[str, Any]) -> dict[str, Any]:
    extension = record.get("extension")
    further = extension if isinstance(extension, Mapping) else {}
    hosting = record.get("isHosting")
    return {
        "technical_field": _short(record.get("technicalField"), 4),
        "use_requirements": _short(record.get("useRequirements"), 4),
        "is_hosting": hosting if type(hosting) is int and hosting in (0, 1) else None,
        "build_mode": build_mode_of(record),
        "layer": _short(further.get("layer"), 10),
        "capability_class": _short(further.get("capabilityClass"), 10),
    }


def _short(value: Any, limit: int) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= limit else None
