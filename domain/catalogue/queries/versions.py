"""Reads about versions: one in full, or many in pages."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from domain.catalogue.errors import VersionNotFound
from domain.catalogue.models import (
    Attachment,
    Authorisation,
    Component,
    ComponentBigram,
    ComponentVersion,
    RecordSnapshot,
    StateChange,
)
from domain.catalogue.queries.idle import IN_CATALOGUE
from domain.catalogue.queries.rows import (
    AttachmentRow,
    AuthorisationRow,
    StateChangeRow,
    VersionDetail,
    VersionFilter,
    VersionPage,
    VersionRow,
)
from domain.catalogue.standing import visible_to
from domain.catalogue.states import State
from domain.people import queries as people
from domain.text_search import bigrams, normalise
from kernel.actor import Actor
from kernel.files import find_file
from kernel.territory import region_range


def versions(
    session: Session,
    actor: Actor,
    wanted: VersionFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> VersionPage:
    """Return versions that the actor may see, newest first.

    Raises:
        NotAllowed: the actor may not read components.
    """
    query = _selected().where(visible_to(actor)).order_by(ComponentVersion.id.desc()).limit(limit + 1)
    query = query.where(*_conditions(wanted or VersionFilter()))
    if after is not None:
        query = query.where(ComponentVersion.id < after)
    rows = [_version_row(row) for row in session.execute(query)]
    return VersionPage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def exported_records(
    session: Session, actor: Actor, wanted: VersionFilter | None = None, *, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return the Table 1 records of versions that the actor may see, newest first, as import takes them.

    Each carries the id by which import knows the component again.

    Raises:
        NotAllowed: the actor may not read components.
    """
    query = (
        select(RecordSnapshot.content, Component.external_id, Component.id)
        .select_from(ComponentVersion)
        .join(Component, Component.id == ComponentVersion.component_id)
        .join(RecordSnapshot, RecordSnapshot.digest == ComponentVersion.record_digest)
        .where(visible_to(actor))
        .order_by(ComponentVersion.id.desc())
        .limit(limit)
    )
    rows = session.execute(query.where(*_conditions(wanted or VersionFilter())))
    return [{"componentId": external or str(known), **record} for record, external, known in rows]


def visible_versions(session: Session, actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of the versions the actor may see.

    Raises:
        NotAllowed: the actor may not read components.
    """
    query = select(ComponentVersion.id).where(ComponentVersion.id.in_(set(ids)), visible_to(actor))
    return set(session.scalars(query))


def counts(session: Session, actor: Actor, wanted: VersionFilter | None = None) -> dict[str, dict[str, int]]:
    """Return how many versions each class holds, by dimension, among those that the filter leaves.

    Source: TC609-4-2026-XX, 5.1b, 5.3 (use requirement, form, technical capability)
    """
    conditions = [visible_to(actor), *_conditions(wanted or VersionFilter())]
    found: dict[str, dict[str, int]] = {}
    for name, column in (
        ("use", ComponentVersion.use_requirements),
        ("form", ComponentVersion.technical_field),
        ("capability", ComponentVersion.capability_class),
        ("layer", ComponentVersion.layer),
    ):
        query = select(column, func.count()).where(*conditions).group_by(column)
        found[name] = {str(code): number for code, number in session.execute(query) if code is not None}
    return found


def version_detail(session: Session, actor: Actor, version_id: UUID) -> VersionDetail:
    """Return one version in full.

    Raises:
        NotAllowed: the actor may not read components.
        VersionNotFound: no such version, or outside the actor's grants.
    """
    query = _selected().where(ComponentVersion.id == version_id, visible_to(actor))
    found = session.execute(query).one_or_none()
    if found is None:
        raise VersionNotFound(version_id)
    version: ComponentVersion = found[0]
    row = _version_row(found)
    snapshot = session.get_one(RecordSnapshot, version.record_digest)
    units = people.unit_names(session, [i for i in (row.unit_id, row.provider_unit_id) if i])
    return VersionDetail(
        row=row,
        record=snapshot.content,
        record_digest=version.record_digest,
        unit_name=units.get(row.unit_id, ""),
        provider_unit_name=units.get(row.provider_unit_id) if row.provider_unit_id else None,
        duplicate_score=version.duplicate_score,
        review_needed=version.review_needed,
        directory_id=version.directory_id,
        directory_receipt=version.directory_receipt,
        attachments=_attachments(session, version_id),
        history=_history(session, version_id),
        authorisation=_authorisation(session, version_id),
    )


def version_labels(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return name and version of the versions that exist, for whoever may know of them already."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(_selected().where(ComponentVersion.id.in_(wanted)))
    return {version.id: (name, version.version_raw) for version, name in rows}


def versions_in_catalogue(session: Session, version_ids: Iterable[UUID]) -> list[VersionRow]:
    """Return those of the versions that stand in the catalogue, oldest first; for scans."""
    query = _selected().where(
        ComponentVersion.id.in_(list(version_ids)),
        ComponentVersion.state.in_([state.value for state in IN_CATALOGUE]),
    )
    return [_version_row(row) for row in session.execute(query.order_by(ComponentVersion.id))]


def _selected() -> Select[ComponentVersion, str]:
    return select(ComponentVersion, Component.name).join(
        Component, Component.id == ComponentVersion.component_id
    )


def _conditions(wanted: VersionFilter) -> list[ColumnElement[bool]]:
    found = [
        column == value
        for column, value in (
            (ComponentVersion.state, wanted.state.value if wanted.state else None),
            (ComponentVersion.technical_field, wanted.technical_field),
            (ComponentVersion.layer, wanted.layer),
            (ComponentVersion.capability_class, wanted.capability_class),
            (ComponentVersion.use_requirements, wanted.use_requirements),
            (ComponentVersion.component_id, wanted.component_id),
        )
        if value is not None
    ]
    if wanted.region_code is not None:
        found.append(ComponentVersion.region_code.between(*region_range(wanted.region_code)))
    if wanted.text and normalise(wanted.text):
        found.append(ComponentVersion.component_id.in_(_named_like(wanted.text)))
    return found


def _named_like(text: str) -> Select[UUID]:
    """Return the components whose names hold every bigram of the text."""
    plain = normalise(text)
    query = select(ComponentBigram.component_id)
    if len(plain) == 1:
        starts = ComponentBigram.gram.startswith(plain, autoescape=True)
        return query.where(or_(starts, ComponentBigram.gram.endswith(plain, autoescape=True)))
    grams = bigrams(plain)
    return (
        query.where(ComponentBigram.gram.in_(grams))
        .group_by(ComponentBigram.component_id)
        .having(func.count() == len(grams))
    )


def _version_row(found: Row[ComponentVersion, str]) -> VersionRow:
    version, name = found
    return VersionRow(
        id=version.id,
        component_id=version.component_id,
        name=name,
        version=version.version_raw,
        canonical=version.version_canonical,
        state=State(version.state),
        technical_field=version.technical_field,
        layer=version.layer,
        capability_class=version.capability_class,
        use_requirements=version.use_requirements,
        is_hosting=version.is_hosting,
        build_mode=version.build_mode,
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        listed_at=version.listed_at,
        round=version.round,
        round_started_at=version.round_started_at,
        updated_at=version.updated_at,
    )


def _attachments(session: Session, version_id: UUID) -> tuple[AttachmentRow, ...]:
    rows = session.scalars(
        select(Attachment).where(Attachment.version_id == version_id).order_by(Attachment.kind)
    )
    return tuple(
        AttachmentRow(
            row.id, row.kind, find_file(session, row.stored_file_id), row.attached_by, row.attached_at
        )
        for row in rows
    )


def _history(session: Session, version_id: UUID) -> tuple[StateChangeRow, ...]:
    rows = session.scalars(
        select(StateChange).where(StateChange.version_id == version_id).order_by(StateChange.number)
    )
    return tuple(
        StateChangeRow(
            number=row.number,
            transition=row.transition,
            event=row.event,
            from_state=State(row.from_state) if row.from_state else None,
            to_state=State(row.to_state),
            actor_id=row.actor_id,
            actor_name=row.actor_name,
            reason=row.reason,
            instance_id=row.instance_id,
            changed_at=row.changed_at,
        )
        for row in rows
    )


def _authorisation(session: Session, version_id: UUID) -> AuthorisationRow | None:
    row = session.scalar(
        select(Authorisation)
        .where(Authorisation.version_id == version_id)
        .order_by(Authorisation.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return AuthorisationRow(
        id=row.id,
        provider_unit_id=row.provider_unit_id,
        scope=row.scope,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        granted_by=row.granted_by,
        accepted_by=row.accepted_by,
        recorded_at=row.recorded_at,
        revoked_at=row.revoked_at,
    )
