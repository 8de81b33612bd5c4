"""A quick yes to form data: a schema as closures that tell whether data surely keep it.

Most submissions are in order, and to say so JSON Schema's validator walks the whole schema each time. A
closure that answers False says nothing: the validator then decides, and explains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Accepts = Callable[[Any], bool]
_SILENT: Final = frozenset(
    {"$schema", "$id", "$comment", "title", "description", "default", "examples", "readOnly", "writeOnly"}
)


def acceptance_of(schema: Any) -> Accepts:
    """Return a test that is true only for data that the schema allows.

    Source: JSON Schema 2020-12, Core and Validation
    """
    if schema is True or schema == {}:
        return _always
    if not isinstance(schema, Mapping):
        return _never
    tests: list[Accepts] = []
    for keyword, value in schema.items():
        if keyword in _SILENT or keyword.startswith("x-"):
            continue
        make = _KEYWORDS.get(keyword)
        if make is None:
            return _never
        tests.append(make(value, schema))
    return _all_of(tests)


def _always(_value: Any) -> bool:
    return True


def _never(_value: Any) -> bool:
    return False


def _all_of(tests: list[Accepts]) -> Accepts:
    return lambda value: all(test(value) for test in tests)


def _type(wanted: Any, _schema: Any) -> Accepts:
    kinds = [wanted] if isinstance(wanted, str) else list(wanted)
    # A boolean is no number, although Python says so; and a float that is whole is left to the validator.
    exact = {kind for name in kinds for kind in _TYPES.get(name, ())}
    return lambda value: type(value) in exact


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}


def _enum(allowed: Any, _schema: Any) -> Accepts:
    # Texts alone: 1, 1.0 and true are equal in Python and not in JSON.
    texts = frozenset(value for value in allowed if isinstance(value, str))
    return lambda value: type(value) is str and value in texts


def _const(allowed: Any, schema: Any) -> Accepts:
    return _enum([allowed], schema)


def _min_length(limit: int, _schema: Any) -> Accepts:
    return lambda value: type(value) is not str or len(value) >= limit


def _max_length(limit: int, _schema: Any) -> Accepts:
    return lambda value: type(value) is not str or len(value) <= limit


def _pattern(pattern: str, _schema: Any) -> Accepts:
    found = re.compile(pattern).search
    return lambda value: type(value) is not str or found(value) is not None


def _minimum(limit: float, _schema: Any) -> Accepts:
    return lambda value: type(value) not in (int, float) or value >= limit


def _maximum(limit: float, _schema: Any) -> Accepts:
    return lambda value: type(value) not in (int, float) or value <= limit


def _required(names: list[str], _schema: Any) -> Accepts:
    return lambda value: type(value) is not dict or all(name in value for name in names)


def _properties(properties: Mapping[str, Any], _schema: Any) -> Accepts:
    tests = {name: acceptance_of(part) for name, part in properties.items()}
    return lambda value: (
        type(value) is not dict or all(test(value[name]) for name, test in tests.items() if name in value)
    )


def _additional_properties(allowed: Any, schema: Mapping[str, Any]) -> Accepts:
    if allowed is not False or "patternProperties" in schema:
        return _never
    known = frozenset(schema.get("properties", ()))
    return lambda value: type(value) is not dict or known.issuperset(value)


def _items(part: Any, schema: Mapping[str, Any]) -> Accepts:
    if "prefixItems" in schema:
        return _never
    test = acceptance_of(part)
    return lambda value: type(value) is not list or all(map(test, value))


def _min_items(limit: int, _schema: Any) -> Accepts:
    return lambda value: type(value) is not list or len(value) >= limit


def _max_items(limit: int, _schema: Any) -> Accepts:
    return lambda value: type(value) is not list or len(value) <= limit


def _all(parts: list[Any], _schema: Any) -> Accepts:
    return _all_of([acceptance_of(part) for part in parts])


def _any(parts: list[Any], _schema: Any) -> Accepts:
    tests = [acceptance_of(part) for part in parts]
    return lambda value: any(test(value) for test in tests)


def _if(condition: Any, schema: Mapping[str, Any]) -> Accepts:
    """Where the condition surely holds its consequence has to; where that is unknown, both have to."""
    holds = acceptance_of(condition)
    then, otherwise = acceptance_of(schema.get("then", True)), acceptance_of(schema.get("else", True))
    return lambda value: then(value) and (holds(value) or otherwise(value))


def _with_if(_value: Any, _schema: Any) -> Accepts:
    # Read together with ``if``; without it they mean nothing.
    return _always


_KEYWORDS: Final[Mapping[str, Callable[[Any, Any], Accepts]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "minimum": _minimum,
    "maximum": _maximum,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "items": _items,
    "minItems": _min_items,
    "maxItems": _max_items,
    "allOf": _all,
    "anyOf": _any,
    "if": _if,
    "then": _with_if,
    "else": _with_if,
}
