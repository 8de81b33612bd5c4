"""Comparing two API documents: paths, operations, parameters, bodies, answers, authentication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handlers.checks.openapi import DocumentUnreadable, read_document
from handlers.scanning.contracts.changes import ContractChange, ContractComparison, Weight, change
from handlers.scanning.contracts.resolving import Resolver
from handlers.scanning.contracts.schemas import Direction, SchemaComparison

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_NAMED = re.compile(r"\{[^}]*\}")


def compare_contracts(old: bytes, new: bytes) -> ContractComparison:
    """Compare the API document of before with the one of now.

    Raises:
        DocumentUnreadable: one of them is no OpenAPI document, or refers to what is not in it.
    """
    before, now = read_document(old), read_document(new)
    try:
        found = list(_Documents(before, now).changes())
    except (TypeError, AttributeError, RecursionError) as error:
        # A shape so wrong that the specification's own check has to speak about it first.
        raise DocumentUnreadable(f"malformed: {error}") from error
    if not found and before != now:
        found = [change("text_changed", "")]
    order = list(Weight)
    return ContractComparison(
        tuple(sorted(found, key=lambda it: (order.index(it.weight), it.place, it.kind)))
    )


class _Documents:
    """Two documents side by side."""

    def __init__(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        self.old, self.new = before, now
        self.before, self.now = Resolver(before), Resolver(now)
        self.schemas = SchemaComparison(self.before, self.now)

    def changes(self) -> Iterator[ContractChange]:
        """Yield every change, path by path."""
        old, new = _paths(self.old), _paths(self.new)
        for key in sorted(old.keys() | new.keys()):
            if key not in new:
                yield change("path_removed", old[key][0])
            elif key not in old:
                yield change("path_added", new[key][0])
            else:
                yield from self._path(old[key], new[key])

    def _path(self, before: tuple[str, Any], now: tuple[str, Any]) -> Iterator[ContractChange]:
        path, old, new = now[0], self.before.look_up(before[1]), self.now.look_up(now[1])
        for method in _METHODS:
            place = f"{method.upper()} {path}"
            if method in old and method not in new:
                yield change("operation_removed", place)
            elif method in new and method not in old:
                yield change("operation_added", place)
            elif method in old:
                was, now_is = self.before.look_up(old[method]), self.now.look_up(new[method])
                if now_is.get("deprecated") and not was.get("deprecated"):
                    yield change("operation_deprecated", place)
                yield from self._parameters(
                    place,
                    _parameters(self.before, before[0], old, was),
                    _parameters(self.now, path, new, now_is),
                )
                yield from self._body(place, was.get("requestBody"), now_is.get("requestBody"))
                yield from self._answers(place, was.get("responses"), now_is.get("responses"))
                yield from self._security(place, was, now_is)

    def _parameters(
        self,
        place: str,
        before: Mapping[tuple[str, str], Mapping[str, Any]],
        now: Mapping[tuple[str, str], Mapping[str, Any]],
    ) -> Iterator[ContractChange]:
        for key in sorted(before.keys() | now.keys()):
            where = f"{place} {key[0]}:{key[1]}"
            if key not in now:
                yield change("parameter_removed", where)
                continue
            required = bool(now[key].get("required"))
            if key not in before:
                yield change("required_parameter_added" if required else "optional_parameter_added", where)
                continue
            if required != bool(before[key].get("required")):
                yield change("parameter_required" if required else "parameter_optional", where)
            yield from self.schemas.changes(_schema(before[key]), _schema(now[key]), where, Direction.REQUEST)

    def _body(self, place: str, old: Any, new: Any) -> Iterator[ContractChange]:
        was, now_is = self.before.look_up(old), self.now.look_up(new)
        if old is not None and new is None:
            yield change("body_removed", place)
        elif new is not None and old is None:
            yield change("body_required" if now_is.get("required") else "body_added", place)
        elif new is not None:
            if now_is.get("required") and not was.get("required"):
                yield change("body_required", place)
            yield from self._content(f"{place} body", was, now_is, Direction.REQUEST)

    def _answers(self, place: str, old: Any, new: Any) -> Iterator[ContractChange]:
        before, now = _by_text(old), _by_text(new)
        for code in sorted(before.keys() | now.keys()):
            where = f"{place} {code}"
            if code not in now:
                yield change("response_removed" if code.startswith("2") else "error_response_removed", where)
            elif code not in before:
                yield change("response_added", where)
            else:
                was, now_is = self.before.look_up(before[code]), self.now.look_up(now[code])
                yield from self._content(where, was, now_is, Direction.RESPONSE)

    def _content(
        self, place: str, old: Mapping[str, Any], new: Mapping[str, Any], direction: Direction
    ) -> Iterator[ContractChange]:
        before, now = _by_text(old.get("content")), _by_text(new.get("content"))
        for media in sorted(before.keys() | now.keys()):
            if media not in now:
                yield change("media_type_removed", place, media)
            elif media not in before:
                yield change("media_type_added", place, "", media)
            else:
                was, now_is = self.before.look_up(before[media]), self.now.look_up(now[media])
                yield from self.schemas.changes(was.get("schema"), now_is.get("schema"), place, direction)

    def _security(
        self, place: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[ContractChange]:
        was = _ways(old.get("security", self.old.get("security")))
        now_is = _ways(new.get("security", self.new.get("security")))
        if was == now_is:
            return
        # Whoever could call before must still be able to: each way of before has one that asks no more.
        kept = all(any(way <= held for way in now_is) for held in was)
        yield change("security_changed" if kept else "security_tightened", place, _told(was), _told(now_is))


def _paths(document: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """Return the paths with the names of their parameters left out, which callers never see."""
    return {_NAMED.sub("{}", path): (path, item) for path, item in _by_text(document.get("paths")).items()}


def _parameters(
    resolver: Resolver, path: str, item: Mapping[str, Any], operation: Mapping[str, Any]
) -> dict[tuple[str, str], Mapping[str, Any]]:
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    named = [it.strip("{}") for it in _NAMED.findall(path)]
    for entry in [*(item.get("parameters") or ()), *(operation.get("parameters") or ())]:
        parameter = resolver.look_up(entry)
        place, name = str(parameter.get("in")), str(parameter.get("name"))
        if place == "path" and name in named:
            # The place in the path counts, not the name.
            name = str(named.index(name))
        found[place, name.lower() if place == "header" else name] = parameter
    return found


def _schema(parameter: Mapping[str, Any]) -> Any:
    if "schema" in parameter:
        return parameter["schema"]
    content = _by_text(parameter.get("content"))
    return next((it.get("schema") for it in content.values() if isinstance(it, Mapping)), None)


def _by_text(value: object) -> dict[str, Any]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else {}


def _ways(security: object) -> set[frozenset[str]]:
    """Return each way to authenticate as scheme and scope names; none asked is one empty way."""
    ways = {
        frozenset(
            f"{name} {scope}".strip() for name, scopes in way.items() for scope in ["", *(scopes or ())]
        )
        for way in (security if isinstance(security, list) else ())
        if isinstance(way, Mapping)
    }
    return ways or {frozenset()}


def _told(ways: set[frozenset[str]]) -> str:
    return " / ".join(sorted("+".join(sorted(way)) or "none" for way in ways))
