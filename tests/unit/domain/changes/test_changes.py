"""Differences of records, fields by kind of change, and the risk as a sum."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue.semantics import Level
from domain.changes.differences import Difference, differences
from domain.changes.fields import FIELDS, kind_of, misplaced
from domain.changes.kinds import Kind, Risk
from domain.changes.risk import FACTOR_TEXT, HIGH_FROM, MEDIUM_FROM, RiskFacts, assess
from tests.unit.domain.records import valid_record

VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text("ab", max_size=3))
RECORDS = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4),
    lambda inner: st.dictionaries(
        st.sampled_from("abcd"), st.one_of(VALUES, st.lists(VALUES, max_size=3), inner), max_size=4
    ),
    max_leaves=12,
)


@given(RECORDS)
def test_a_record_does_not_differ_from_itself(record: dict[str, Any]) -> None:
    assert differences(record, record) == ()


@given(RECORDS, RECORDS)
def test_differences_turn_round_with_the_records(one: dict[str, Any], other: dict[str, Any]) -> None:
    there = differences(one, other)
    back = differences(other, one)

    assert [(d.path, d.after, d.before) for d in there] == [(d.path, d.before, d.after) for d in back]


def test_a_difference_names_the_field_and_both_values() -> None:
    current = valid_record()
    pending = valid_record("apiInfo.rateLimit", 50)

    found = differences(current, pending)

    assert found == (Difference("apiInfo.rateLimit", current["apiInfo"]["rateLimit"], 50),)


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), (1, "1"), ([1], [True])])
def test_values_of_other_types_differ(before: object, after: object) -> None:
    assert len(differences({"a": before}, {"a": after})) == 1


def test_a_list_counts_as_one_value_and_null_as_absent() -> None:
    assert differences({"a": [1, 2], "b": None}, {"a": [1, 3]}) == (Difference("a", [1, 2], [1, 3]),)


def test_no_field_belongs_to_two_kinds() -> None:
    listed = [field for fields in FIELDS.values() for field in fields]

    assert len(listed) == len(set(listed))
    assert not [(a, b) for a in listed for b in listed if a != b and b.startswith(f"{a}.")]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("remark", Kind.CATALOGUE),
        ("componentDetails.resources.applicationGuide", Kind.CATALOGUE),
        ("publicScope", Kind.CATALOGUE),
        ("apiInfo.targetServers", Kind.CONFIGURATION),
        ("apiInfo.rateLimit", Kind.POLICY),
        ("extension.accessPolicies", Kind.POLICY),
        ("name", None),
        ("version", None),
        ("isHosting", None),
        ("technicalField", None),
        ("apiInfo.apiCode", None),
        ("apiInfo.publicPath", None),
        ("useRequirements", None),
    ],
)
def test_each_field_belongs_to_one_kind_or_to_the_version(path: str, kind: Kind | None) -> None:
    assert kind_of(path) is kind


def test_a_change_of_the_wrong_kind_is_told_where_the_field_belongs() -> None:
    found = (
        Difference("remark", "a", "b"),
        Difference("apiInfo.rateLimit", 1, 2),
        Difference("name", "a", "b"),
    )

    breaches = misplaced(Kind.CATALOGUE, found)

    assert [(breach.rule_id, breach.path) for breach in breaches] == [
        ("C-FIELD-01", "apiInfo.rateLimit"),
        ("C-FIELD-01", "name"),
    ]
    assert "策略" in breaches[0].message.zh
    assert "新版本" in breaches[1].message.zh


def test_texts_of_a_quiet_component_are_no_risk() -> None:
    found = assess(RiskFacts(kind=Kind.CATALOGUE, changed=frozenset({"remark"})))

    assert (found.score, found.level, found.factors) == (0, Risk.LOW, ())


def test_a_breaking_version_of_a_mandatory_component_is_a_high_risk() -> None:
    found = assess(RiskFacts(kind=Kind.VERSION, contract=Level.MAJOR, is_mandatory=True, live_orders=21))

    assert found.level is Risk.HIGH
    assert found.factors == ("version", "breaking", "mandatory", "orders", "many_orders")


def test_traffic_to_other_servers_is_a_medium_risk() -> None:
    facts = RiskFacts(kind=Kind.CONFIGURATION, changed=frozenset({"apiInfo.targetServers"}))

    assert assess(facts).level is Risk.MEDIUM


@given(
    st.builds(
        RiskFacts,
        kind=st.sampled_from(Kind),
        changed=st.frozensets(st.sampled_from(["apiInfo.targetServers", "extension.networkZone", "remark"])),
        is_mandatory=st.booleans(),
        is_provincial=st.booleans(),
        live_orders=st.integers(0, 50),
        contract=st.sampled_from([None, Level.MAJOR, Level.MINOR, Level.PATCH]),
        is_rate_lowered=st.booleans(),
        becomes_charged=st.booleans(),
    )
)
def test_the_score_stays_in_its_bounds_and_the_level_follows_it(facts: RiskFacts) -> None:
    found = assess(facts)

    assert 0 <= found.score <= 100
    assert (found.level is Risk.HIGH) == (found.score >= HIGH_FROM)
    assert (found.level is Risk.LOW) == (found.score < MEDIUM_FROM)
    assert set(found.factors) <= set(FACTOR_TEXT)
