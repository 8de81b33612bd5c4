"""The record of a draft as steps: a form for each, made from the table of fields, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.completeness import Completeness, completeness
from domain.catalogue.fields import FIELDS, FIELDS_BY_PATH, STEPS, FieldOfRecord
from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.queries import SimilarComponent, VersionDetail
from domain.catalogue.rules import RuleBreach, Severity, Stage, check_record
from domain.catalogue.rules.model import ABSENT, value_at
from domain.people import queries as people
from kernel.actor import Actor
from kernel.language import Text
from webapp.languages import in_language
from webapp.words import choosable, words

Schema = dict[str, Any]
_TARIFF = (
    ("unit", Text("计费单位", "Unit"), 50),
    ("price", Text("单价", "Price"), 20),
    ("currency", Text("币种（如 CNY）", "Currency (such as CNY)"), 3),
    ("billingPeriod", Text("结算周期", "Billing period"), 20),
)


@dataclass(frozen=True, slots=True)
class StepLink:
    """One step in the list: how many of its fields are missing or wrong, and whether it is shown."""

    key: str
    title: str
    missing: int
    current: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """A component that resembles the draft; ``name`` is empty where the person may not see it."""

    version_id: UUID | None
    name: str
    percent: int
    is_mandatory: bool
    is_alike: bool


def schema_of(session: Session, step: str, record: Mapping[str, Any]) -> Schema:
    """Return the JSON Schema of a step, with the codes that may be chosen now."""
    root: Schema = {"type": "object", "properties": {}}
    for field in (field for field in FIELDS if field.step == step):
        *outer, last = field.path.split(".")
        holder = root
        for name in outer:
            holder = holder["properties"].setdefault(
                name, {"type": "object", "properties": {}, "x-group": True}
            )
        holder["properties"][last] = _property(session, field, record)
    return flattened(root)


def flattened(schema: Schema) -> Schema:
    """Return the schema with its groups taken apart: each field stands under its dotted path."""
    found: Schema = {}

    def walk(part: Schema, prefix: str) -> None:
        for name, inner in part["properties"].items():
            if inner.get("x-group"):
                walk(inner, f"{prefix}{name}.")
            else:
                found[f"{prefix}{name}"] = inner

    walk(schema, "")
    required = [path for path in found if _is_required(FIELDS_BY_PATH[path])]
    return {"type": "object", "properties": found, "required": required}


def flat(record: Mapping[str, Any], step: str) -> dict[str, Any]:
    """Return the values of a step by dotted path."""
    values = {field.path: value_at(record, field.path) for field in FIELDS if field.step == step}
    return {path: value for path, value in values.items() if value is not ABSENT}


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted path as the record holds them."""
    record: dict[str, Any] = {}
    for path, value in values.items():
        *outer, last = path.split(".")
        holder = record
        for name in outer:
            holder = holder.setdefault(name, {})
        holder[last] = value
    return record


def breaches_of(session: Session, detail: VersionDetail, stage: Stage = Stage.LISTING) -> list[RuleBreach]:
    """Return what Table 1 says of the record."""
    context = queries.rule_context(session, detail.component_id, detail.id)
    return check_record(detail.record, stage, context)


def due_in(step: str, breaches: Sequence[RuleBreach], values: Mapping[str, Any]) -> list[RuleBreach]:
    """Return the breaches of a step that a person should see: due now, or of what was filled in."""
    found = []
    for breach in breaches:
        field = _field_at(breach.path)
        if field is None or field.step != step:
            continue
        given = any(path == field.path and value not in (None, "", []) for path, value in values.items())
        if field.stage is Stage.CREATION or given:
            found.append(breach)
    return found


def links(score: Completeness, current: str) -> list[StepLink]:
    """Return the steps with what each lacks."""
    return [
        StepLink(key, in_language(title), sum(field.step == key for field in score.missing), current == key)
        for key, title in STEPS.items()
    ]


def score_of(session: Session, detail: VersionDetail) -> Completeness:
    """Return how complete a version's record is."""
    return completeness(detail.record, breaches_of(session, detail))


def likenesses(session: Session, actor: Actor, detail: VersionDetail) -> list[Likeness]:
    """Return the components most like this one; what the person may not see is counted and not named."""
    found = queries.similar_components(session, detail.record, exclude_component=detail.component_id)
    visible = queries.visible_versions(session, actor, [one.version_id for one in found])
    return [_likeness(one, one.version_id in visible) for one in found if one.score >= SHOWN_FROM]


SHOWN_FROM = 0.3


def _likeness(one: SimilarComponent, is_visible: bool) -> Likeness:
    is_alike = one.score >= duplicate_threshold()
    version_id, name = (one.version_id, one.name) if is_visible else (None, "")
    return Likeness(version_id, name, round(100 * one.score), one.is_mandatory, is_alike)


def _field_at(path: str) -> FieldOfRecord | None:
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        if found := FIELDS_BY_PATH.get(".".join(parts[:length])):
            return found
    return None


def _is_required(field: FieldOfRecord) -> bool:
    return field.stage is Stage.CREATION and not field.optional


def _property(session: Session, field: FieldOfRecord, record: Mapping[str, Any]) -> Schema:
    base: Schema = {
        "title": field.title.zh,
        "description": _help(field).zh,
        "x-en": {"title": field.title.en, "description": _help(field).en},
    }
    if field.kind == "code":
        return {**base, **_codes(session, field, value_at(record, field.path))}
    if field.kind == "codes":
        return {**base, "type": "array", "items": _codes(session, field, ABSENT)}
    if field.kind == "region":
        names = [row.name for row in people.regions(session)]
        labels = {row.name: {"zh-CN": row.name, "en": row.name_en} for row in people.regions(session)}
        return {**base, "type": "string", "enum": names, "x-labels": labels}
    return {**base, **_plain(field)}


def _plain(field: FieldOfRecord) -> Schema:
    if field.kind == "integer":
        return {"type": "integer"}
    if field.kind == "lines":
        return {"type": "array", "items": {"type": "string"}, "x-widget": "lines"}
    if field.kind == "servers":
        host = {"title": "主机[:端口]", "x-en": {"title": "Host[:port]"}, "type": "string"}
        rank = {"title": "权重", "x-en": {"title": "Weight"}, "type": "integer"}
        return {"type": "array", "items": {"type": "object", "properties": {"host": host, "rank": rank}}}
    if field.kind == "tariff":
        parts = {
            name: {"title": title.zh, "x-en": {"title": title.en}, "type": "string", "maxLength": limit}
            for name, title, limit in _TARIFF
        }
        return {"type": "object", "properties": parts}
    if field.kind == "file":
        return {"type": "string", "x-widget": "file"}
    widget = {"x-widget": "textarea"} if field.kind == "long" else {}
    return {"type": "string", "maxLength": field.limit, **widget}


def _codes(session: Session, field: FieldOfRecord, held: Any) -> Schema:
    texts = dict(choosable(session, field.dictionary))
    known = words(field.dictionary)
    if isinstance(held, str | int) and held in known:
        texts.setdefault(held, known[held])
    kind = field.codes
    return {
        "type": "integer" if kind is not None and kind.is_number else "string",
        "enum": list(texts),
        "x-labels": {str(code): text.to_json() for code, text in texts.items()},
    }


def _help(field: FieldOfRecord) -> Text:
    later = {
        Stage.ONBOARDING: Text("接入前填写", "needed for onboarding"),
        Stage.LISTING: Text("上架前填写", "needed before listing"),
    }.get(field.stage)
    if later is None or field.optional:
        return field.help
    joined = [(field.help.zh, "；"), (field.help.en, "; ")]
    zh, en = (f"{text}{sign}" if text else "" for text, sign in joined)
    return Text(f"{zh}{later.zh}", f"{en}{later.en}")


def missing_words(score: Completeness) -> list[tuple[str, str]]:
    """Return step and title of each field that is missing or wrong."""
    return [(field.step, in_language(field.title)) for field in score.missing]


def is_error(breach: RuleBreach) -> bool:
    """Tell whether a breach refuses the step."""
    return breach.severity is Severity.ERROR
