"""Show a version in the market, and take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import State
from domain.catalogue.trail import append_to_version
from domain.market.errors import EntryNotFound, NotPublishable
from domain.market.models import MarketBigram, MarketEntry
from domain.people.permissions import OPERATOR, require
from domain.text_search import bigrams
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

# Of the standard: publishing to the market.
CLAUSE: Final = "9.1d"


@dataclass(frozen=True, slots=True)
class Published:
    """The entry and when it was published."""

    market_index_id: UUID
    published_at: datetime


def publish(
    session: Session, actor: Actor, version_id: UUID, settings: Mapping[str, Any] | None = None
) -> Published:
    """Show a listed version in the market and index its name; again, it is brought up to date.

    The state is asked for separately (PUBLISH), in the same transaction.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither the platform nor an operator of the region.
        NotPublishable: the version is neither listed nor published.
    """
    detail = catalogue.version_detail(session, actor, version_id)
    _require_operator(actor, detail)
    if detail.state not in (State.LISTED, State.PUBLISHED):
        raise NotPublishable(detail.state)
    entry = session.scalar(select(MarketEntry).where(MarketEntry.version_id == version_id))
    if entry is None:
        entry = MarketEntry(id=new_id(), version_id=version_id, component_id=detail.component_id)
        session.add(entry)
    _fill(entry, detail, settings or {})
    # The bigrams point at the entry.
    session.flush()
    session.execute(delete(MarketBigram).where(MarketBigram.entry_id == entry.id))
    session.add_all(MarketBigram(gram=gram, entry_id=entry.id) for gram in sorted(bigrams(entry.name)))
    append_to_version(
        session,
        actor,
        detail,
        action="market.published",
        clause=CLAUSE,
        reason=None,
        after={"entry_id": str(entry.id)},
    )
    return Published(entry.id, entry.published_at)


def unpublish(session: Session, actor: Actor, version_id: UUID, reason: str) -> None:
    """Hide the entry; hiding a hidden one changes nothing.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither the platform nor an operator of the region.
        EntryNotFound: the version was never published.
        Invalid: no reason given.
    """
    detail = catalogue.version_detail(session, actor, version_id)
    _require_operator(actor, detail)
    if not reason.strip():
        message = Text("请填写取消发布的理由", "Give the reason for unpublishing")
        raise Invalid(message, (FieldProblem("reason", "reason.required", message),))
    entry = session.scalar(select(MarketEntry).where(MarketEntry.version_id == version_id))
    if entry is None:
        raise EntryNotFound
    if entry.is_visible:
        entry.is_visible, entry.hidden_at = False, now()
        append_to_version(
            session,
            actor,
            detail,
            action="market.unpublished",
            clause=CLAUSE,
            reason=reason,
            after={"entry_id": str(entry.id)},
        )


def _require_operator(actor: Actor, detail: VersionDetail) -> None:
    require(actor, "market.publish")
    if not actor.is_system and not actor.has_role(OPERATOR, detail.region_code):
        raise NotAllowed(Text("只有运营方可以发布组件", "Only the operator may publish components"))


def _fill(entry: MarketEntry, detail: VersionDetail, settings: Mapping[str, Any]) -> None:
    record, row = detail.record, detail.row
    was_visible = bool(entry.is_visible)
    entry.region_code, entry.unit_id = row.region_code, row.unit_id
    entry.name, entry.version = row.name, row.version
    entry.remark, entry.image = str(record.get("remark", "")), str(record.get("image", ""))[:40]
    entry.layer, entry.capability_class = row.layer or "", row.capability_class or ""
    entry.technical_field = row.technical_field or ""
    entry.use_requirements = row.use_requirements or ""
    entry.is_charge = str(record.get("isCharge", ""))[:4]
    scope = settings.get("publicScope", record.get("publicScope"))
    entry.public_scope = 0 if scope in (0, "0") else 1
    entry.settings = dict(settings)
    entry.is_visible, entry.hidden_at = True, None
    if not was_visible:
        entry.published_at = now()
