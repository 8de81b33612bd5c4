"""What file import changes before the rules run."""

from __future__ import annotations

from domain.catalogue.rules import normalise_for_import
from tests.unit.domain.records import broken, valid_record


def test_words_are_mapped_in_every_format_with_a_notice_each() -> None:
    given = valid_record("useRequirements", "推荐使用")
    given["apiInfo"]["requestContentType"] = "默认"

    record, notices = normalise_for_import(given)

    assert (record["useRequirements"], record["apiInfo"]["requestContentType"]) == ("推荐", "default")
    assert [notice.path for notice in notices] == ["useRequirements", "apiInfo.requestContentType"]
    assert given["useRequirements"] == "推荐使用"


def test_a_typed_format_keeps_its_types() -> None:
    record, notices = normalise_for_import(valid_record("isHosting", "0"))

    assert record["isHosting"] == "0"
    assert notices == ()
    assert broken(record) == ["V-HOS-01"]


def test_a_format_without_types_gets_them() -> None:
    given = valid_record("functionalAreas", " 1 ") | {
        "publicScope": "1",
        "isHosting": "0",
        "technicalField": 1,
        "isCharge": 2,
        "serviceProviderInfo": "单位:示例",
    }

    record, notices = normalise_for_import(given, typed_format=False)

    assert broken(record) == []
    assert len(notices) == 6


def test_what_is_no_number_stays_wrong() -> None:
    record, notices = normalise_for_import(valid_record("isHosting", "是"), typed_format=False)

    assert broken(record) == ["V-HOS-01"]
    assert notices == ()
