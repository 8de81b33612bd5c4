"""Recognising personal data: identity numbers by their check digit, phones, bank cards, and fields by name.

Source: GB 11643—1999 (check digit, ISO 7064 MOD 11-2); ISO/IEC 7812-1 annex B (Luhn); clause 8.3.4 c
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_ID_CARD = re.compile(r"(?<!\d)(\d{17}[\dXx])(?![\dXx])")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d{9})(?!\d)")
_BANK_CARD = re.compile(r"(?<!\d)(\d{16,19})(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# Lower case, without separators; a field whose name holds one of these is about a person.
_FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "id_card": ("idcard", "idnumber", "idno", "identitycard", "身份证", "证件号"),
    "phone": ("phone", "mobile", "telephone", "手机", "电话", "联系方式"),
    "bank_card": ("bankcard", "bankaccount", "cardno", "银行卡", "银行账号"),
    "name": ("realname", "fullname", "personname", "citizenname", "姓名"),
    "address": ("homeaddress", "residence", "住址", "家庭地址", "居住地址", "户籍地址"),
}
# Short names that mean a person only when they stand alone.
_WHOLE_NAMES: Mapping[str, str] = {
    "name": "name",
    "xm": "name",
    "sfzh": "id_card",
    "sjh": "phone",
    "address": "address",
    "地址": "address",
}


def kinds_in(text: str) -> set[str]:
    """Return the kinds of personal data that stand in a text in clear."""
    found = set()
    identities = [match for match in _ID_CARD.findall(text) if is_id_card(match)]
    if identities:
        found.add("id_card")
    if _PHONE.search(text):
        found.add("phone")
    if any(_luhn(number) for number in _BANK_CARD.findall(text) if number not in identities):
        found.add("bank_card")
    return found


def kind_of_field(name: str) -> str | None:
    """Return the kind of personal data that a field's name tells of, or None."""
    plain = re.sub(r"[\s_\-.]", "", name).lower()
    if plain in _WHOLE_NAMES:
        return _WHOLE_NAMES[plain]
    return next((kind for kind, parts in _FIELD_NAMES.items() if any(part in plain for part in parts)), None)


def is_id_card(number: str) -> bool:
    """Tell whether 18 characters are an identity number: a date that exists and the right check digit."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == number[17].upper()


def fields_in(document: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every field of a document as name and value; rows of a list share their names."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            if isinstance(value, Mapping | list):
                yield from fields_in(value, str(name))
            else:
                yield str(name), value
    elif isinstance(document, list):
        for value in document:
            if isinstance(value, Mapping | list):
                yield from fields_in(value, prefix)
            else:
                yield prefix, value


def covered(text: str) -> str:
    """Return a text as evidence: what could be personal is covered."""
    return re.sub(r"\d(?=\d{2})", "*", text)[:60]


def _luhn(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(number)) > 1
