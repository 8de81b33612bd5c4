"""Canonical JSON: the one form of a document whose digest can be taken.

Source: RFC 8785 (JSON Canonicalization Scheme)
"""

from __future__ import annotations

from typing import Any, Final

import orjson
import rfc8785

_LARGEST: Final = 2**53 - 1


def canonical_bytes(document: Any) -> bytes:
    """Return a JSON document in canonical form.

    Encoding in Python takes longer than all the rest of an audit event. Where a document holds no
    fraction and its keys are ASCII, the compiled encoder writes the very same bytes: only in the spelling
    of fractions and in the order of keys beyond the basic plane do the two differ.

    Raises:
        CanonicalizationError: an integer beyond 2^53, NaN, or something that is not JSON.
    """
    if _is_plain(document):
        try:
            return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            # Text that is no Unicode, or a document nested too deeply: let the other one say so.
            return rfc8785.dumps(document)
    return rfc8785.dumps(document)


def _is_plain(value: Any) -> bool:
    """Tell whether both encoders write the value alike."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii() or not _is_plain(item):
                return False
        return True
    if kind is list:
        return all(map(_is_plain, value))
    return False
