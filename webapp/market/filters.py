"""What the shelf is filtered by, as the address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.market.queries import MarketFilter
from webapp.words import words


@dataclass(frozen=True, slots=True)
class MarketFilters:
    """Each empty where it does not filter; what names nothing known counts as empty."""

    text: str
    layer: str
    capability: str
    form: str
    use: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> MarketFilters:
        """Read the filters from an address."""

        def known(name: str, among: Mapping[Any, object]) -> str:
            value = values.get(name, "")
            return value if value in among else ""

        return cls(
            text=values.get("text", "").strip(),
            layer=known("layer", words("layer")),
            capability=known("capability", words("capabilityClass")),
            form=known("form", words("technicalField")),
            use=known("use", words("useRequirements")),
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is filtered."""
        return not any((self.text, self.layer, self.capability, self.form, self.use))

    def wanted(self) -> MarketFilter:
        """Return the filter of the market."""
        return MarketFilter(
            text=self.text or None,
            layer=self.layer or None,
            capability_class=self.capability or None,
            technical_field=self.form or None,
            use_requirements=self.use or None,
        )
