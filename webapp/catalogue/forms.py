"""The form that starts the creation of a component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.catalogue.versions import canonical_version
from webapp.catalogue.starting import CreationAsked
from webapp.keyset import as_id
from webapp.languages import gettext as _
from webapp.words import words

MAX_NAME = 200


@dataclass(slots=True)
class NewComponentForm:
    """Name, version and build mode; ``component_id`` where it is a new version of a component."""

    name: str
    version: str
    build_mode: str
    component_id: UUID | None
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> NewComponentForm:
        """Read the fields, trimmed."""
        component = values.get("component_id", "")
        return cls(
            name=values.get("name", "").strip(),
            version=values.get("version", "").strip(),
            build_mode=values.get("build_mode", ""),
            component_id=as_id(component) if component else None,
        )

    def is_complete(self) -> bool:
        """Tell whether the creation can be asked for; note what is wrong.

        Only the shape is looked at: whether name and version are free is found by the process.
        """
        if not self.name or len(self.name) > MAX_NAME:
            self.errors["name"] = _("请填写组件名称，不超过 200 个字符")
        if canonical_version(self.version) is None:
            self.errors["version"] = _("版本号应为“主版本号.子版本号[.修正版本号]”或语义化版本，例如 1.0.0")
        if self.build_mode not in words("buildMode"):
            self.errors["build_mode"] = _("请选择建设方式")
        return not self.errors

    def asked(self) -> CreationAsked:
        """Return what is asked for."""
        return CreationAsked(self.name, self.version, self.build_mode)
