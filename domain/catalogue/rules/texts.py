"""Which characters a text may hold.

The module ``regex`` knows the Unicode properties that the standard library lacks: the
script Han (all planes) and White_Space.
"""

from typing import Any, Final

import regex  # type: ignore[import-untyped]  # the package ships no types

_SPACE_RUN: Final = regex.compile(r"\p{White_Space}+")
_API_NAME: Final = regex.compile(r"[\p{Script=Han}A-Za-z0-9_\-()（）]{1,200}")
_API_CODE: Final = regex.compile(r"[a-z0-9-]{1,200}")
_PATH: Final = regex.compile(r"/[A-Za-z0-9._~/-]{0,199}")
_STRICT_DETAIL: Final = regex.compile(r"[\p{Script=Han}A-Za-z0-9]+")
_DETAIL: Final = regex.compile(
    r"[\p{Script=Han}A-Za-z0-9\p{White_Space}"
    r"\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65"
    r"—‘’“”…·"
    r"!\"#$%&'()*+,\-./:;=?@\[\]_~]+"
)


def is_text(value: Any, limit: int | None = None) -> bool:
    """Tell whether the value is a string, not blank, of at most ``limit`` code points."""
    return (
        isinstance(value, str) and _SPACE_RUN.sub("", value) != "" and (limit is None or len(value) <= limit)
    )


def has_space(value: str) -> bool:
    """Tell whether the text holds white space anywhere."""
    return _SPACE_RUN.search(value) is not None


def is_api_name(value: Any) -> bool:
    """Tell whether the value may name an API."""
    return isinstance(value, str) and _API_NAME.fullmatch(value) is not None


def is_api_code(value: Any) -> bool:
    """Tell whether the value may be the code of an API."""
    return isinstance(value, str) and _API_CODE.fullmatch(value) is not None


def is_path(value: Any) -> bool:
    """Tell whether the value is an absolute path without empty or dot segments (A18)."""
    return (
        isinstance(value, str)
        and _PATH.fullmatch(value) is not None
        and "//" not in value
        and not {".", ".."} & set(value.split("/"))
    )


def is_detail(value: Any, *, strict: bool) -> bool:
    """Tell whether the value is a text of the component details (A16)."""
    allowed = _STRICT_DETAIL if strict else _DETAIL
    return is_text(value, 250) and allowed.fullmatch(value) is not None
