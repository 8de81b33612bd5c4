"""What the list is filtered by, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.catalogue.queries import VersionFilter
from domain.catalogue.states import State
from webapp.words import words

REGION_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CatalogueFilters:
    """Each empty where it does not filter; what names nothing known counts as empty."""

    text: str
    state: str
    form: str
    layer: str
    capability: str
    use: str
    region: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> CatalogueFilters:
        """Read the filters from an address."""
        region = values.get("region", "")
        return cls(
            text=values.get("text", "").strip(),
            state=_known(values.get("state", ""), State.__members__),
            form=_known(values.get("form", ""), words("technicalField")),
            layer=_known(values.get("layer", ""), words("layer")),
            capability=_known(values.get("capability", ""), words("capabilityClass")),
            use=_known(values.get("use", ""), words("useRequirements")),
            region=region if len(region) == REGION_DIGITS and region.isdecimal() else "",
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is filtered."""
        return not any((self.text, self.state, self.form, self.layer, self.capability, self.use, self.region))

    def as_arguments(self) -> dict[str, str]:
        """Return what an address needs to filter in the same way."""
        return {name: value for name, value in asdict(self).items() if value}

    def wanted(self) -> VersionFilter:
        """Return the filter of the catalogue."""
        return VersionFilter(
            text=self.text or None,
            state=State(self.state) if self.state else None,
            technical_field=self.form or None,
            layer=self.layer or None,
            capability_class=self.capability or None,
            use_requirements=self.use or None,
            region_code=self.region or None,
        )


def _known(text: str, names: Mapping[Any, object]) -> str:
    return text if text in names else ""
