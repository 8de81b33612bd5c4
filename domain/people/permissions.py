"""The one table of permissions: which role may do what. What is not in it is forbidden."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kernel.actor import Actor
from kernel.language import Text

RELEASING_UNIT: Final = "releasing_unit"
PROVIDER: Final = "provider"
OPERATOR: Final = "operator"
REVIEWER: Final = "reviewer"
USER: Final = "user"
SUPERVISOR: Final = "supervisor"
SYSTEM_ADMINISTRATOR: Final = "system_administrator"
SECURITY_ADMINISTRATOR: Final = "security_administrator"
AUDIT_ADMINISTRATOR: Final = "audit_administrator"

ROLES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        RELEASING_UNIT: Text("发布单位", "Releasing unit"),
        PROVIDER: Text("提供方", "Provider"),
        OPERATOR: Text("运营方", "Operator"),
        REVIEWER: Text("审核方", "Reviewer"),
        USER: Text("使用方", "User"),
        SUPERVISOR: Text("数据主管部门", "Supervisory department"),
        SYSTEM_ADMINISTRATOR: Text("系统管理员", "System administrator"),
        SECURITY_ADMINISTRATOR: Text("安全管理员", "Security administrator"),
        AUDIT_ADMINISTRATOR: Text("审计管理员", "Audit administrator"),
    }
)

# 三员分立: nobody holds two of these, and none of them together with a business role.
ADMINISTRATORS: Final = frozenset({SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR})

_BUSINESS: Final = frozenset({RELEASING_UNIT, PROVIDER, OPERATOR, REVIEWER})
_EVERYONE: Final = frozenset(ROLES)

PERMISSIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "component.import": frozenset({RELEASING_UNIT}),
        # A provider brings new versions in by a change; releasing units alone start creations (9.1a).
        "component.start_creation": frozenset({RELEASING_UNIT}),
        "component.create": frozenset({RELEASING_UNIT, PROVIDER}),
        "component.edit": frozenset({RELEASING_UNIT, PROVIDER}),
        "component.read": _BUSINESS | {SUPERVISOR, AUDIT_ADMINISTRATOR},
        "component.transition": _BUSINESS,
        "component.authorise": frozenset({RELEASING_UNIT}),
        "change.open": frozenset({PROVIDER}),
        "credential.reveal": _EVERYONE,
        "credential.manage": frozenset({PROVIDER}),
        "deployment.operate": frozenset({OPERATOR}),
        "check.state": frozenset({PROVIDER, OPERATOR, REVIEWER}),
        "assessment.read": _BUSINESS | {SUPERVISOR, AUDIT_ADMINISTRATOR},
        "assessment.report": frozenset({RELEASING_UNIT, PROVIDER}),
        "admission.read": frozenset({PROVIDER, OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "admission.apply": frozenset({PROVIDER}),
        "baseline.read": _BUSINESS
        | {SUPERVISOR, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR},
        "baseline.manage": frozenset({SECURITY_ADMINISTRATOR}),
        "vulnerability_data.manage": frozenset({SECURITY_ADMINISTRATOR}),
        "task.read": _BUSINESS | {USER, SUPERVISOR, AUDIT_ADMINISTRATOR},
        "task.work": _BUSINESS | {USER},
        "instance.read_all": frozenset({SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "instance.operate": frozenset({SYSTEM_ADMINISTRATOR}),
        "instance.cancel": frozenset({SYSTEM_ADMINISTRATOR}),
        "instance.consent": frozenset({SECURITY_ADMINISTRATOR}),
        "incident.resolve": frozenset({OPERATOR}),
        "metrics.read": frozenset({SYSTEM_ADMINISTRATOR}),
        "usage.record": frozenset({OPERATOR}),
        "order.read": frozenset({USER, OPERATOR, REVIEWER, SUPERVISOR}),
        "order.register": frozenset({OPERATOR}),
        "delisting.read": _BUSINESS | {SUPERVISOR, AUDIT_ADMINISTRATOR},
        "delisting.open": frozenset({REVIEWER, PROVIDER}),
        "delisting.work": _BUSINESS | {USER},
        "suspension.record": frozenset({OPERATOR, REVIEWER}),
        "plan.read": _BUSINESS | {SUPERVISOR, AUDIT_ADMINISTRATOR},
        "plan.work": frozenset({PROVIDER, OPERATOR}),
        "standby.read": frozenset({OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "standby.manage": frozenset({OPERATOR}),
        "evaluation.read": frozenset({OPERATOR, SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "evaluation.report": frozenset({OPERATOR}),
        "evaluation.recognise": frozenset({SUPERVISOR}),
        "market.read": _EVERYONE,
        "market.publish": frozenset({OPERATOR}),
        "notice.read": _EVERYONE,
        "audit.read": frozenset({SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "audit.verify": frozenset({SUPERVISOR, AUDIT_ADMINISTRATOR}),
        "definition.read": frozenset(
            {OPERATOR, SUPERVISOR, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR}
        ),
        "conformance.read": frozenset(
            {OPERATOR, SUPERVISOR, SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR}
        ),
        "definition.draft": frozenset({SYSTEM_ADMINISTRATOR}),
        "definition.deploy": frozenset({SECURITY_ADMINISTRATOR}),
        "dictionary.read": frozenset({SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR}),
        "dictionary.draft": frozenset({SYSTEM_ADMINISTRATOR}),
        "dictionary.release": frozenset({SECURITY_ADMINISTRATOR}),
        "person.read": frozenset({SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR}),
        "person.manage": frozenset({SYSTEM_ADMINISTRATOR}),
        "delegation.grant": frozenset({RELEASING_UNIT, REVIEWER}),
        "grant.propose": frozenset({SYSTEM_ADMINISTRATOR}),
        "grant.manage": frozenset({SECURITY_ADMINISTRATOR}),
    }
)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return every action that at least one of the roles may perform."""
    held = frozenset(roles)
    return frozenset(action for action, allowed in PERMISSIONS.items() if held & allowed)


def require(actor: Actor, action: str) -> None:
    """Refuse a person whose roles do not include the action; the platform itself may.

    Raises:
        NotAllowed: the action is not among the person's permissions.
    """
    if not actor.is_system:
        actor.require(action)


def regions_for(actor: Actor, action: str) -> tuple[str, ...]:
    """Return the regions of those of the actor's grants whose role permits the action."""
    allowed = PERMISSIONS[action]
    return tuple(grant.region_code for grant in actor.grants if grant.role in allowed)


def conflict_of(held: Iterable[str], asked: str) -> str | None:
    """Return the held role that forbids the asked one, or None.

    Source: GB/T 22239—2019, separation of administrators (三员分立)
    """
    others = [role for role in held if role != asked]
    if asked in ADMINISTRATORS:
        return others[0] if others else None
    return next((role for role in others if role in ADMINISTRATORS), None)
