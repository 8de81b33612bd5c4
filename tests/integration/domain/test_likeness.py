"""How alike components are, measured on the samples and on near-duplicates planted beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.queries import similar_components
from domain.catalogue.service import import_components
from domain.samples.components import sample_records
from kernel.files import FileStore
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.sample_versions import without_files


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


@pytest.fixture
def samples(session: Session, act_as: ActAs, store: FileStore) -> list[dict[str, Any]]:
    """Import the sample components and return their records."""
    records = [without_files(record) for record in sample_records()]
    report = import_components(session, act_as("fabu1"), records, source="test", store=store)
    assert {row.outcome for row in report.rows} == {"created"}
    session.flush()
    return sample_records()


def test_no_two_samples_are_alike_and_every_planted_duplicate_is(
    session: Session, samples: list[dict[str, Any]]
) -> None:
    apart = [
        other.score
        for record in samples
        for other in similar_components(session, record)
        if other.name != record["name"]
    ]
    nearest = [
        (record, similar_components(session, twin)[0]) for record in samples for twin in planted(record)
    ]

    assert len(nearest) == 140
    assert max(apart) < duplicate_threshold() - 0.15
    assert all(found.name == record["name"] for record, found in nearest)
    assert min(found.score for _record, found in nearest) > duplicate_threshold()


def test_a_part_that_is_missing_counts_neither_way(session: Session, samples: list[dict[str, Any]]) -> None:
    name = samples[0]["name"]

    assert [each.score for each in similar_components(session, {"name": name})][:1] == [1.0]
    assert similar_components(session, {}) == []
