"""Texts that exist in both languages of the product, Chinese first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh-CN", "en"]
CHINESE: Language = "zh-CN"
ENGLISH: Language = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in Chinese and English."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """Return the text in the given language; Chinese unless it is English."""
        return self.en if language.startswith("en") else self.zh

    def to_json(self) -> dict[str, str]:
        """Return ``{"zh-CN": ..., "en": ...}``."""
        return {CHINESE: self.zh, ENGLISH: self.en}

    @classmethod
    def from_json(cls, value: Mapping[str, str]) -> "Text":
        """Read what ``to_json`` wrote; a missing language falls back to the other."""
        zh = value.get(CHINESE) or value.get(ENGLISH, "")
        return cls(zh=zh, en=value.get(ENGLISH) or zh)

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
