"""Where a component is reviewed: the regions from which a decision table picks one by the scope.

Source: draft standard, table 1 publicScope and clause 11.4a
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.api import InstanceFacts
from kernel.language import Text
from kernel.territory import province_of

# What a topic yields to the table ``reviewers`` of its process, under the name ``reviewRegions``.
REVIEW_REGIONS: Final = Text("按层级的审查地区", "Regions of review by level")


def review_regions(instance: InstanceFacts) -> Mapping[str, str]:
    """Return the region that reviews at each level: ``province`` and ``city``, the region of the case."""
    return {"province": province_of(instance.region_code), "city": instance.region_code}
