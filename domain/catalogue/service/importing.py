"""Import records as drafts; a bad record is a row of the report, never an exception."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.queries.checking import rule_context
from domain.catalogue.rules import (
    ImportNotice,
    Record,
    RuleBreach,
    Severity,
    Stage,
    check_record,
    normalise_for_import,
)
from domain.catalogue.service.births import Birth, bear_component, bear_version
from domain.catalogue.service.claims import name_holder
from domain.catalogue.service.imported_files import ImportedFiles
from domain.catalogue.service.records import digest_of, refuse_unstorable
from domain.catalogue.standing import may_release
from domain.catalogue.versions import canonical_version
from domain.people import queries as people
from kernel import audit
from kernel.actor import Actor
from kernel.errors import Invalid, Rejected
from kernel.files import FileStore
from kernel.language import Text

MAX_RECORDS: Final = 1000
_UNIT_LABEL: Final = "单位:"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """How one record fared.

    ``breaches`` refuse it or warn; ``later`` are rules that only onboarding or listing
    will ask for. ``unchanged`` means that the very same record was imported before.
    """

    index: int
    name: str
    version: str
    outcome: Literal["created", "unchanged", "refused"]
    version_id: UUID | None = None
    breaches: tuple[RuleBreach, ...] = ()
    later: tuple[RuleBreach, ...] = ()
    notices: tuple[ImportNotice, ...] = ()

    @property
    def accepted(self) -> bool:
        """Tell whether the record is in the catalogue now."""
        return self.outcome != "refused"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, one row per record in their order; ``source`` names the file."""

    source: str
    rows: tuple[ImportRow, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows had this outcome."""
        return sum(row.outcome == outcome for row in self.rows)


def import_components(
    session: Session,
    actor: Actor,
    records: Iterable[Any],
    *,
    source: str,
    store: FileStore | None = None,
    attachments_root: Path | None = None,
    typed_format: bool = True,
    strict: bool | None = None,
    broken: Mapping[int, tuple[RuleBreach, ...]] = MappingProxyType({}),
) -> ImportReport:
    """Import each record as a new draft, a further version or nothing at all.

    Attachments are read from ``attachments_root`` into the store; a reference that leads
    nowhere, or outside, is left out with a notice. ``broken`` are breaches that reading the file
    found already, by the place of the record: they refuse it, beside what the rules say.

    Raises:
        NotAllowed: the actor may not import components.
        Invalid: more than 1000 records at once.
    """
    actor.require("component.import")
    given = list(records)
    if len(given) > MAX_RECORDS:
        raise Invalid(Text(f"一次至多导入{MAX_RECORDS}条", f"At most {MAX_RECORDS} records at once"))
    files = ImportedFiles(session, actor, store, attachments_root)
    rows = []
    for index, record in enumerate(given):
        row = _import_one(
            session,
            actor,
            index,
            record,
            files,
            typed_format=typed_format,
            strict=strict,
            found=broken.get(index, ()),
        )
        if row.outcome == "refused":
            _record_refusal(session, actor, source, row)
        rows.append(row)
    return ImportReport(source, tuple(rows))


def _import_one(
    session: Session,
    actor: Actor,
    index: int,
    given: Any,
    files: ImportedFiles,
    *,
    typed_format: bool,
    strict: bool | None,
    found: tuple[RuleBreach, ...] = (),
) -> ImportRow:
    try:
        refuse_unstorable(given)
    except Invalid as invalid:
        return ImportRow(index, "", "", "refused", breaches=tuple(map(_structural, invalid.problems)))
    record, notices = normalise_for_import(given, typed_format=typed_format)
    label = (index, str(record.get("name", "")), str(record.get("version", "")))
    digest = digest_of(record)
    component = _component_of(session, record)
    known = _known_version(session, component, record)
    if known is not None and (known.import_digest == digest or _is_stored(known, record)):
        return ImportRow(*label, "unchanged", known.id, notices=notices)
    refusing, later = _judged(session, record, component, strict=strict)
    refusing = (*found, *(breach for breach in refusing if breach.path not in {f.path for f in found}))
    if any(breach.severity is Severity.ERROR for breach in refusing):
        return ImportRow(*label, "refused", breaches=refusing, later=later, notices=notices)
    try:
        place = _place(session, actor, record, component)
    except Rejected as rejected:
        return ImportRow(*label, "refused", breaches=(_not_allowed(rejected.message),), notices=notices)
    if component is None:
        component = bear_component(session, actor, record["name"], place, external_id=_external_id(record))
    attachments, bare, missing = files.taken_out(record)
    version = bear_version(session, actor, component, bare, import_digest=digest)
    for kind, path in attachments:
        files.attach(version, kind, path)
    return ImportRow(*label, "created", version.id, refusing, later, (*notices, *missing))


def _component_of(session: Session, record: Record) -> Component | None:
    """Return the component that the record is about: by its own id, else by its name."""
    external = _external_id(record)
    if external is not None:
        known = session.scalar(select(Component).where(Component.external_id == external))
        if known is not None:
            return known
    name = record.get("name")
    holder = name_holder(session, name, None) if isinstance(name, str) else None
    component = session.get(Component, holder) if holder is not None else None
    if component is None or (external is not None and component.external_id is not None):
        return None
    return component


def _known_version(session: Session, component: Component | None, record: Record) -> ComponentVersion | None:
    canonical = canonical_version(record.get("version"))
    if component is None or canonical is None:
        return None
    query = select(ComponentVersion).where(
        ComponentVersion.component_id == component.id, ComponentVersion.version_key == canonical
    )
    return session.scalar(query)


def _is_stored(known: ComponentVersion, record: Record) -> bool:
    """Tell whether the version holds this very record: what was exported comes back."""
    bare = {key: value for key, value in record.items() if key != "componentId"}
    return known.record_digest in (digest_of(record), digest_of(bare))


def _judged(
    session: Session, record: Record, component: Component | None, *, strict: bool | None
) -> tuple[tuple[RuleBreach, ...], tuple[RuleBreach, ...]]:
    """Return what refuses or warns now, and what later stages will ask for.

    A draft needs the creation rules; a part that the record brings along already must be
    right in itself.
    """
    context = rule_context(session, component.id if component else None, strict=strict)
    now_due = {breach.rule_id for breach in check_record(record, Stage.CREATION, context)}
    refusing: list[RuleBreach] = []
    later: list[RuleBreach] = []
    for breach in check_record(record, Stage.LISTING, context):
        part = breach.path.partition(".")[0]
        brought = part in ("apiInfo", "componentDetails") and record.get(part) is not None
        due = breach.rule_id in now_due or (brought and breach.rule_id not in ("V-DET-06", "V-API-15"))
        (refusing if due else later).append(breach)
    if component is not None and record.get("name") != component.name and not now_due:
        refusing.append(_other_name(component))
    return tuple(refusing), tuple(later)


def _place(session: Session, actor: Actor, record: Record, component: Component | None) -> Birth:
    if component is not None:
        place = Birth(component.unit_id, component.region_code)
    else:
        region = people.region_by_name(session, str(record.get("publicRegion")))
        unit = _releasing_unit(session, record)
        fallback = actor.unit_id
        unit_id = unit.id if unit is not None else fallback
        if region is None or unit_id is None:
            raise _no_unit()
        place = Birth(unit_id, region.code)
    is_releasing = people.unit(session, place.unit_id).kind == "releasing"
    if not is_releasing or not may_release(actor, place.region_code, place.unit_id):
        raise _no_unit()
    return place


def _releasing_unit(session: Session, record: Record) -> people.UnitRow | None:
    """Return the unit that the releasing information names after ``单位:``, if it is known."""
    text = str(record.get("releaseCompanyInfo", "")).replace("：", ":").replace("；", ";")
    for part in text.split(";"):
        if part.strip().startswith(_UNIT_LABEL):
            return people.unit_by_name(session, part.strip().removeprefix(_UNIT_LABEL).strip())
    return None


def _no_unit() -> Rejected:
    return Rejected(
        Text(
            "只能为本单位发布的组件导入：您在该地区没有该发布单位的权限",
            "You may import for your own releasing unit only: you hold no such role for this unit and region",
        )
    )


def _external_id(record: Record) -> str | None:
    value = record.get("componentId")
    return value if isinstance(value, str) and 0 < len(value) <= 100 else None


def _other_name(component: Component) -> RuleBreach:
    return RuleBreach(
        "V-NAME-03",
        "name",
        Severity.ERROR,
        Text(
            f"该组件的名称为“{component.name}”，各版本共用一个名称",
            f"This component is called “{component.name}”; its versions share the name",
        ),
        "表1 name; 9.1a",
        Text("使用原名称，或换一个 componentId 作为新组件", "Use the name, or another componentId"),
    )


def _not_allowed(message: Text) -> RuleBreach:
    mend = Text("请由该发布单位的人员导入", "Let a person of that releasing unit import it")
    return RuleBreach("IMPORT-UNIT", "releaseCompanyInfo", Severity.ERROR, message, "9.1a", mend)


def _structural(problem: Any) -> RuleBreach:
    mend = Text("修正文件后重新导入", "Mend the file and import it again")
    return RuleBreach(problem.rule.upper(), problem.path, Severity.ERROR, problem.message, "表1", mend)


def _record_refusal(session: Session, actor: Actor, source: str, row: ImportRow) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action="component.imported",
            actor=actor,
            stream="system:import",
            outcome="refused",
            asked={"source": source, "index": row.index, "name": row.name, "version": row.version},
            after={"broken": [breach.rule_id for breach in row.breaches]},
            reason="；".join(breach.message.zh for breach in row.breaches),
            clause="7",
        ),
    )
