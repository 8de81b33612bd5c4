"""The identity of a version: its component's name and its number, and who may touch them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.errors import rules_broken
from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.queries.checking import rule_context
from domain.catalogue.rules import RuleBreach, Severity, Stage, check_record
from domain.catalogue.semantics import ORDER_RULE, order_breach
from domain.catalogue.service.claims import index_name
from domain.catalogue.states import State
from domain.catalogue.versions import canonical_version
from kernel.errors import NotAllowed
from kernel.language import Text

_IDENTIFYING: Final = ("V-NAME-01", "V-NAME-02", "V-NAME-03", "V-VER-01", "V-VER-02")
_NAME_SHARED: Final = RuleBreach(
    "V-NAME-03",
    "name",
    Severity.ERROR,
    Text("同一组件的各版本共用一个名称", "All versions of a component share its name"),
    "表1 name; 9.1a",
    Text("改回原名称，或另建新组件", "Keep the name, or create another component"),
)
_IDENTITY_SETTLED: Final = RuleBreach(
    "V-NAME-03",
    "name",
    Severity.ERROR,
    Text(
        "授权后不能再改名称和版本号",
        "Name and version number are settled once the version is authorised",
    ),
    "9.1a",
    Text("改回原名称和版本号，或另建新版本", "Keep name and number, or create another version"),
)


def identity_breaches(
    session: Session,
    record: Mapping[str, Any],
    component_id: UUID | None,
    version_id: UUID | None = None,
) -> list[RuleBreach]:
    """Return what is wrong with the name and the number of a record."""
    context = rule_context(session, component_id, version_id)
    breaches = check_record(record, Stage.CREATION, context)
    broken = [breach for breach in breaches if breach.rule_id in _IDENTIFYING]
    if component_id is None or any(breach.path == "version" for breach in broken):
        return broken
    canonical = canonical_version(record["version"])
    late = order_breach(canonical, _numbers(session, component_id, version_id)) if canonical else None
    return [*broken, late] if late else broken


def _numbers(session: Session, component_id: UUID, but: UUID | None) -> list[str]:
    """Return the numbers that the component has given out and not taken back, without that of one version."""
    query = select(ComponentVersion.version_key).where(
        ComponentVersion.component_id == component_id, ComponentVersion.version_key.is_not(None)
    )
    if but is not None:
        query = query.where(ComponentVersion.id != but)
    return [key for key in session.scalars(query) if key is not None]


def refuse_identity(
    session: Session, component: Component, version: ComponentVersion, record: Mapping[str, Any]
) -> None:
    """Raise when the record's name or number cannot be this version's.

    Raises:
        Invalid: malformed, taken, shared with sister versions, or settled by the authorisation.
    """
    settled = version.state != State.DRAFT
    broken = identity_breaches(session, record, component.id, version.id)
    if record.get("version") == version.version_raw:
        # A later version may have come meanwhile; the number was in order when it was taken.
        broken = [breach for breach in broken if breach.rule_id != ORDER_RULE]
    if settled and (record["name"], record["version"]) != (component.name, version.version_raw):
        raise rules_broken([_IDENTITY_SETTLED])
    if not broken and record["name"] != component.name and _has_siblings(session, component, version):
        broken = [_NAME_SHARED]
    if broken:
        raise rules_broken(broken)


def rename(
    session: Session, component: Component, version: ComponentVersion, record: Mapping[str, Any]
) -> None:
    """Bring component and version in line with the name and number of the record."""
    canonical = canonical_version(record["version"]) or version.version_canonical
    version.version_raw = record["version"]
    version.version_canonical = version.version_key = canonical
    if record["name"] != component.name:
        component.name = record["name"]
        index_name(session, component)


def not_yours() -> NotAllowed:
    """Return the refusal of whoever is neither of the releasing unit nor the authorised provider."""
    return NotAllowed(
        Text(
            "只有该组件的发布单位或获授权的提供方可以办理",
            "Only the releasing unit or the authorised provider of this component may do this",
        )
    )


def _has_siblings(session: Session, component: Component, version: ComponentVersion) -> bool:
    query = select(ComponentVersion.id).where(
        ComponentVersion.component_id == component.id, ComponentVersion.id != version.id
    )
    return session.scalar(query.limit(1)) is not None
