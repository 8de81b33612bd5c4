"""How complete a record is, by the weights of the one table of fields."""

from __future__ import annotations

from typing import Any

from domain.catalogue.completeness import completeness
from domain.catalogue.fields import FIELDS, STEPS
from domain.catalogue.rules import RuleContext, Stage, check_record
from domain.samples.components import sample_records

CONTEXT = RuleContext(regions=frozenset({"示例省", "示例市"}))


def score(record: dict[str, Any]) -> tuple[int, list[str]]:
    found = completeness(record, check_record(record, Stage.LISTING, CONTEXT))
    return found.percent, [field.path for field in found.missing]


def test_a_whole_sample_is_complete() -> None:
    assert score(sample_records()[0]) == (100, [])


def test_an_empty_record_lacks_everything_that_counts() -> None:
    percent, missing = score({})

    assert percent == 0
    assert "name" in missing
    assert "demoAddress" not in missing
    assert not any(path.startswith("apiInfo.") for path in missing)


def test_a_field_weighs_what_the_table_says() -> None:
    record = sample_records()[0]
    whole = sum(field.weight for field in FIELDS if not field.optional)

    percent, missing = score({key: value for key, value in record.items() if key != "remark"})

    assert missing == ["remark"]
    assert percent == 100 * (whole - 2) // whole


def test_a_wrong_value_counts_as_missing_and_a_warning_does_not() -> None:
    assert score({**sample_records()[0], "publicScope": 2})[1] == ["publicScope"]
    assert score({**sample_records()[0], "demoAddress": "http://192.0.2.1/"})[1] == []


def test_a_tariff_counts_only_where_a_charge_is_made() -> None:
    assert score({**sample_records()[0], "isCharge": "1"})[1] == ["extension.chargeStandard"]


def test_every_field_belongs_to_a_step_and_stands_once() -> None:
    assert {field.step for field in FIELDS} == set(STEPS)
    assert len({field.path for field in FIELDS}) == len(FIELDS)
