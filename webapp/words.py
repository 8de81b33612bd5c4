"""The words of the dictionaries, read once per request; outside of one, the words as they are shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import g, has_request_context
from sqlalchemy.orm import Session

from domain.catalogue.dictionary_rules import KINDS
from domain.catalogue.queries import dictionary_codes, dictionary_words
from kernel.language import Text
from webapp.acting import current_platform

Code = str | int


def words(key: str) -> Mapping[Code, Text]:
    """Return the words of a dictionary by code, retired values included: old records still hold them."""
    if not has_request_context():
        return KINDS[key].codes
    if "dictionary_words" not in g:
        with current_platform().database.read() as session:
            g.dictionary_words = dictionary_words(session)
    return cast("dict[str, dict[Code, Text]]", g.dictionary_words)[key]


def choosable(session: Session, key: str) -> dict[Code, Text]:
    """Return the words of the values that may still be chosen, in the order of the dictionary."""
    texts = words(key)
    return {code: texts[code] for code in dictionary_codes(session, key)}
