"""Who is acting: the person, in which roles and for which territory.

The edges build an ``Actor`` and pass it down; nothing below ever asks a web session
who is signed in.
"""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from kernel.errors import NotAllowed
from kernel.language import Text
from kernel.territory import covers

Channel = Literal["web", "api", "cli", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One role for one region, and for one unit where ``unit_id`` is given."""

    role: str
    region_code: str
    unit_id: UUID | None = None

    def reaches(self, region_code: str, unit_id: UUID | None) -> bool:
        """Tell whether the grant reaches work of this region and this unit.

        Work that names no unit is open to every unit of the region; a grant bound to
        a unit reaches that unit's work wherever it is, because a company that serves
        another city keeps its own people.
        """
        if unit_id is None:
            return covers(self.region_code, region_code)
        if self.unit_id is None:
            return covers(self.region_code, region_code)
        return self.unit_id == unit_id


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the platform itself) with everything a permission check needs."""

    person_id: UUID | None
    name: str
    unit_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    permissions: frozenset[str] = field(default_factory=frozenset)
    channel: Channel = "web"
    address: str | None = None
    acting_for: UUID | None = None

    @property
    def is_system(self) -> bool:
        """Tell whether the platform itself is acting."""
        return self.person_id is None

    @property
    def roles(self) -> frozenset[str]:
        """Return the keys of the roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def has_role(self, role: str, region_code: str, unit_id: UUID | None = None) -> bool:
        """Tell whether one grant gives this role for this region and unit."""
        return any(grant.role == role and grant.reaches(region_code, unit_id) for grant in self.grants)

    def may(self, action: str) -> bool:
        """Tell whether the action is among the actor's permissions."""
        return action in self.permissions

    def require(self, action: str) -> None:
        """Refuse unless the action is among the actor's permissions.

        Raises:
            NotAllowed: the actor's roles do not include the action.
        """
        if not self.may(action):
            raise NotAllowed(
                Text(
                    zh=f"您没有执行“{action}”的权限，请向安全管理员申请相应角色",
                    en=f"You may not perform “{action}”; ask the security administrator for the role",
                )
            )


def system_actor(name: str = "platform", permissions: frozenset[str] = frozenset()) -> Actor:
    """Return the platform itself as actor: no person, no roles."""
    return Actor(person_id=None, name=name, permissions=permissions, channel="system")
