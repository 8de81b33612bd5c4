"""The quick yes: never said to data that the validator refuses, and said to what people usually send."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.forms.acceptance import acceptance_of
from tests.integration.engine.diagrams import review_form

SMALL = st.integers(-2, 4)
SCALARS = st.none() | st.booleans() | SMALL | st.sampled_from([0.5, 1.0, "", "a", "ab", "agree"])
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner)
)
TYPES = st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])


def schemas() -> st.SearchStrategy[Any]:
    """Return schemas of the known keywords, and some with unknown ones."""
    leaf = st.booleans() | st.just({"multipleOf": 2}) | st.just({"not": {"type": "null"}})
    return st.recursive(
        leaf,
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                "type": TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True),
                "enum": st.lists(SCALARS, min_size=1, max_size=3),
                "const": SCALARS,
                "minLength": st.integers(0, 2),
                "maxLength": st.integers(0, 2),
                "pattern": st.sampled_from(["^a", "b$"]),
                "minimum": SMALL,
                "maximum": SMALL,
                "required": st.lists(st.sampled_from("xyz"), unique=True),
                "properties": st.dictionaries(st.sampled_from("xyz"), inner),
                "additionalProperties": st.booleans(),
                "items": inner,
                "minItems": st.integers(0, 2),
                "maxItems": st.integers(0, 2),
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "anyOf": st.lists(inner, min_size=1, max_size=2),
                "if": inner,
                "then": inner,
                "else": inner,
                "title": st.just("字段"),
            },
        ),
        max_leaves=6,
    )


@given(schemas(), DATA)
def test_what_is_accepted_is_valid(schema: Any, data: Any) -> None:
    if acceptance_of(schema)(data):
        assert Draft202012Validator(schema).is_valid(data)


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "agree"},
        {"outcome": "agree", "opinion": "材料齐全", "score": 5},
        {"outcome": "return", "opinion": "请补充"},
    ],
)
def test_an_ordinary_answer_is_accepted_at_once(data: dict[str, Any]) -> None:
    form = review_form()
    del form["if"]
    assert acceptance_of(form)(data)
    assert acceptance_of(review_form())(data) == bool(data.get("opinion"))
