"""What the administrators' forms carry, read once and kept for showing again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from werkzeug.exceptions import BadRequest

from domain.people.permissions import ROLES
from domain.people.service import UNIT_KINDS
from webapp.keyset import as_id
from webapp.languages import gettext as _


@dataclass(slots=True)
class Refusable:
    """A form that can say what is wrong with it."""

    errors: dict[str, str] = field(default_factory=dict, kw_only=True)

    def refuse(self, message: str, name: str = "") -> None:
        """Keep a message for a field, or for the whole form."""
        self.errors[name] = message


@dataclass(slots=True)
class PersonForm(Refusable):
    """A new person: name, user name, unit."""

    name: str
    user_name: str
    unit: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> PersonForm:
        """Read the fields, trimmed."""
        return cls(*(values.get(name, "").strip() for name in ("name", "user_name", "unit")))

    def is_complete(self) -> bool:
        """Tell whether every field is given; note those that are not."""
        missing = {"name": _("请填写姓名"), "user_name": _("请填写用户名"), "unit": _("请选择单位")}
        for name, message in missing.items():
            if not getattr(self, name):
                self.refuse(message, name)
        return not self.errors

    def chosen_unit(self) -> UUID:
        """Return the unit.

        Raises:
            BadRequest: the page sent something that is no id.
        """
        return as_id(self.unit)


@dataclass(slots=True)
class UnitForm(Refusable):
    """A new unit: name, kind, region."""

    name: str
    kind: str
    region_code: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> UnitForm:
        """Read the fields.

        Raises:
            BadRequest: the page sent a kind that it never offered.
        """
        kind = values.get("kind", UNIT_KINDS[0])
        if kind not in UNIT_KINDS:
            raise BadRequest
        return cls(values.get("name", "").strip(), kind, values.get("region_code", ""))


@dataclass(slots=True)
class GrantForm:
    """A proposed grant: role, region, the unit where it is bound to one, and its period."""

    role: str
    region_code: str
    unit_id: UUID | None
    starts_on: str
    ends_on: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> GrantForm:
        """Read the fields.

        Raises:
            BadRequest: the page sent a role that it never offered.
        """
        role, unit = values.get("role", ""), values.get("unit_id", "")
        if role not in ROLES:
            raise BadRequest
        return cls(
            role,
            values.get("region_code", ""),
            as_id(unit) if unit else None,
            values.get("starts_on", ""),
            values.get("ends_on", ""),
        )
