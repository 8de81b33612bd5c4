"""What a component reserves: its name, and the names, codes and paths of its APIs.

The primary key of ``catalogue_claim`` decides races; a look-up beforehand only words the
refusal. Source: readings of Table 1, scope of uniqueness; A03
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.catalogue.models import (
    CatalogueClaim,
    Component,
    ComponentBigram,
    ComponentVersion,
    RecordSnapshot,
)
from domain.catalogue.queries.checking import claim_digest, holder_of
from domain.catalogue.rules import texts
from domain.catalogue.states import State
from domain.text_search import bigrams, normalise
from kernel.errors import StaleState
from kernel.language import Text

_RELEASED: Final = (State.CANCELLED, State.ARCHIVED)
_API_CLAIMS: Final = (("api_name", "apiName", texts.is_api_name), ("api_code", "apiCode", texts.is_api_code))


def refresh_claims(session: Session, component: Component) -> None:
    """Bring the reservations in line with the component's versions and their states.

    An API value that another component holds stays with it: Table 1 reports the clash at
    onboarding. A name is never contested here, the caller has asked before.

    Raises:
        StaleState: another transaction reserved the same value at the same moment.
    """
    # The changed version must count.
    flush_or_retry(session)
    wanted = _wanted(session, component)
    held = session.scalars(select(CatalogueClaim).where(CatalogueClaim.component_id == component.id)).all()
    for claim in held:
        if (claim.kind, claim.value) not in wanted:
            session.delete(claim)
    session.flush()
    standing = {(claim.kind, claim.value) for claim in held}
    for kind, value in sorted(wanted - standing):
        if holder_of(session, kind, value) is None:
            session.add(
                CatalogueClaim(
                    kind=kind, value_digest=claim_digest(value), value=value, component_id=component.id
                )
            )
    flush_or_retry(session)


def flush_or_retry(session: Session) -> None:
    """Write what is pending; where a unique constraint objects, ask for another attempt.

    The next attempt sees what the other transaction wrote and words the refusal.

    Raises:
        StaleState: another transaction took the same value at the same moment.
    """
    try:
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("该名称或版本号刚被占用", "The value was taken a moment ago")) from error


def index_name(session: Session, component: Component) -> None:
    """Write the bigrams of the component's name anew."""
    session.execute(delete(ComponentBigram).where(ComponentBigram.component_id == component.id))
    session.add_all(
        ComponentBigram(gram=gram, component_id=component.id) for gram in sorted(bigrams(component.name))
    )


def name_holder(session: Session, name: str, component_id: UUID | None) -> UUID | None:
    """Return another component that holds the name, or None."""
    holder = holder_of(session, "name", normalise(name))
    return None if holder == component_id else holder


def _wanted(session: Session, component: Component) -> set[tuple[str, str]]:
    rows = session.execute(
        select(ComponentVersion.state, RecordSnapshot.content)
        .join(RecordSnapshot, RecordSnapshot.digest == ComponentVersion.record_digest)
        .where(
            ComponentVersion.component_id == component.id,
            ComponentVersion.state.not_in([state.value for state in _RELEASED]),
        )
    ).all()
    wanted = {("name", normalise(component.name))} if rows else set()
    for row in rows:
        wanted.update(_api_values(row.content, keeps_paths=row.state != State.DELISTED))
    return wanted


def _api_values(record: Mapping[str, Any], *, keeps_paths: bool) -> Iterator[tuple[str, str]]:
    extension = record.get("extension")
    further = extension.get("additionalApis") if isinstance(extension, Mapping) else None
    for api in [record.get("apiInfo"), *(further if isinstance(further, list) else [])]:
        if not isinstance(api, Mapping):
            continue
        for kind, key, is_well_formed in _API_CLAIMS:
            if is_well_formed(api.get(key)):
                yield kind, api[key]
        if keeps_paths and texts.is_path(api.get("publicPath")):
            yield "public_path", api["publicPath"]
