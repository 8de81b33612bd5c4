"""The constant strings of compiled Java: what was written into the source is still there.

Source: Java Virtual Machine Specification, Java SE 21, chapter 4 (the class file format)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MAGIC = 0xCAFEBABE
_UTF8, _STRING, _WIDE = 1, 8, (5, 6)
_SIZES = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}


class ClassUnreadable(Exception):
    """The bytes are no class file, or one that is damaged."""


def constants_of(content: bytes) -> list[str]:
    """Return the constant strings of a class, a line each; those of named constants as ``name = "value"``.

    Raises:
        ClassUnreadable: not a class file, or damaged.
    """
    try:
        return list(_lines(content))
    except (struct.error, IndexError, KeyError) as error:
        raise ClassUnreadable(str(error) or type(error).__name__) from error


def _lines(content: bytes) -> Iterator[str]:
    reader = _Reader(content)
    if reader.number(4) != _MAGIC:
        raise ClassUnreadable("no class file")
    reader.number(4)
    texts, strings = _pool(reader)
    reader.number(6)
    reader.skip(2 * reader.number(2))
    named: set[int] = set()
    for _field in range(reader.number(2)):
        reader.number(2)
        name = texts.get(reader.number(2), "")
        reader.number(2)
        for _attribute in range(reader.number(2)):
            kind, size = texts.get(reader.number(2)), reader.number(4)
            value = reader.number(2) if kind == "ConstantValue" and size == 2 else reader.skip(size)
            if value in strings:
                named.add(value)
                yield f'{name} = "{texts.get(strings[value], "")}"'
    for index, text in strings.items():
        if index not in named:
            yield f'"{texts.get(text, "")}"'


def _pool(reader: _Reader) -> tuple[dict[int, str], dict[int, int]]:
    """Read the constant pool: its texts, and its strings as indexes of texts."""
    texts: dict[int, str] = {}
    strings: dict[int, int] = {}
    count, index = reader.number(2), 1
    while index < count:
        tag = reader.number(1)
        if tag == _UTF8:
            texts[index] = reader.take(reader.number(2)).decode("utf-8", "replace")
        elif tag == _STRING:
            strings[index] = reader.number(2)
        else:
            reader.skip(_SIZES[tag])
        # Long and double take two places.
        index += 2 if tag in _WIDE else 1
    return texts, strings


class _Reader:
    """Reads big-endian numbers and stretches of bytes one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        if self.at + size > len(self.content):
            raise ClassUnreadable("cut off")
        taken = self.content[self.at : self.at + size]
        self.at += size
        return taken

    def number(self, size: int) -> int:
        """Return the next bytes as a number."""
        return int.from_bytes(self.take(size), "big")

    def skip(self, size: int) -> int:
        """Pass over bytes; no index has the value that is returned."""
        self.take(size)
        return -1
