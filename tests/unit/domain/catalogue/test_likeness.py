"""How alike components are, measured on the samples and on near-duplicates planted beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.queries.similar import likeness_of
from domain.samples.components import sample_records


def planted(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what people do who build the same thing again."""
    name, remark = record["name"], record["remark"]
    yield {**record, "name": f"{name}平台"}
    yield {**record, "name": f"市级{name}"}
    yield {**record, "name": f"{name}（二期）", "componentDetails": None}
    yield {**record, "remark": remark[: len(remark) // 2]}
    yield {**record, "name": name.replace("统一", "公共")}
    yield {**record, "name": f"{name}系统", "remark": f"为各部门提供{remark}"}
    yield {**record, "name": f" {name}Ａ".upper()}


def test_no_two_samples_are_alike_and_every_planted_duplicate_is() -> None:
    records = sample_records()
    apart = [likeness_of(one, other) for one, other in itertools.combinations(records, 2)]
    alike = [likeness_of(record, twin) for record in records for twin in planted(record)]

    assert len(alike) == 140
    assert max(apart) < duplicate_threshold() - 0.15
    assert min(alike) > duplicate_threshold()


def test_a_part_that_is_missing_counts_neither_way() -> None:
    record = sample_records()[0]

    assert likeness_of(record, {"name": record["name"]}) == 1.0
    assert likeness_of({}, record) == 0.0
