"""The language of the terminal: English where the locale says so, else Chinese."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kernel.language import CHINESE, ENGLISH, Language


def terminal_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language to speak.

    Source: POSIX.1-2024, XBD 8.2 (LC_ALL before LC_MESSAGES before LANG)
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return ENGLISH if value.startswith("en") else CHINESE
    return CHINESE


def in_terminal(zh: str, en: str) -> str:
    """Return the one of two texts that the terminal asks for."""
    return en if terminal_language() == ENGLISH else zh
