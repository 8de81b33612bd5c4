"""The lists that forms ask the platform for by ``x-choices``: the value is kept, the name is shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.catalogue.queries import dictionary_codes
from domain.people import queries as people
from webapp.forms.schema import Schema, names_of_choices
from webapp.languages import in_language
from webapp.words import words


def choices_for(session: Session, schema: Schema) -> dict[str, Sequence[tuple[str, str]]]:
    """Return the lists by name; a name that means nothing here is left out, and its field stays a text."""
    found: dict[str, Sequence[tuple[str, str]]] = {}
    for name in names_of_choices(schema):
        subject, _dot, kind = name.partition(".")
        if subject == "units":
            found[name] = [(str(unit.id), unit.name) for unit in people.units(session, kind=kind or None)]
        elif subject == "dictionaries":
            texts = words(kind)
            found[name] = [(str(code), in_language(texts[code])) for code in dictionary_codes(session, kind)]
        elif name == "regions":
            found[name] = [(region.code, region.name) for region in people.regions(session)]
        elif name == "region_names":
            # Table 1 keeps the region of a component by its name.
            found[name] = [(region.name, region.name) for region in people.regions(session)]
    return found
