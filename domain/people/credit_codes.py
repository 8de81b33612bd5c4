"""The unified social credit code of a unit: 18 characters, the last of which checks the others.

Source: GB 32100—2015: an alphabet without I, O, S, V, Z; weights 3 to the power of the place, modulo 31
"""

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH: Final = 18


def check_character(first_seventeen: str) -> str:
    """Return the character that makes 17 others a code.

    Raises:
        ValueError: not 17 characters of the alphabet.
    """
    if len(first_seventeen) != _LENGTH - 1 or any(c not in _ALPHABET for c in first_seventeen):
        raise ValueError("give 17 digits and capital letters other than I, O, S, V, Z")
    total = sum(_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first_seventeen))
    return _ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """Tell whether the text is a code whose check character fits."""
    try:
        return len(text) == _LENGTH and check_character(text[:-1]) == text[-1]
    except ValueError:
        return False
