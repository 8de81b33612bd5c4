"""Every rule of Table 1, by cases that break it and cases that do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.catalogue.rules import TABLE_1, Severity, Stage, check_record
from domain.samples.components import invalid_record, sample_records
from tests.unit.domain.records import CONTEXT, MISSING, broken, valid_record

CASES: list[tuple[str, Any, list[str]]] = [
    ("name", MISSING, ["V-NAME-01"]),
    ("name", None, ["V-NAME-01"]),
    ("name", " \u3000\t", ["V-NAME-01"]),
    ("name", "\u200b", []),
    ("name", "名" * 200, []),
    ("name", "名" * 201, ["V-NAME-02"]),
    ("name", " " * 201, ["V-NAME-01", "V-NAME-02"]),
    ("name", "𠀀" * 200, []),
    ("version", MISSING, ["V-VER-01"]),
    ("version", 5.0, ["V-VER-01"]),
    ("version", "5.0 build-1", []),
    ("version", "5.0.0.00013124", []),
    ("version", "05.0.0", ["V-VER-01"]),
    ("version", "v5.0.0", ["V-VER-01"]),
    ("version", "5.0.0\n", ["V-VER-01"]),
    ("version", "5.0.0  build-1", ["V-VER-01"]),
    ("version", "1.0.0-" + "a" * 59, ["V-VER-01"]),
    ("functionalAreas", "0", ["V-FA-01"]),
    ("functionalAreas", 1.0, ["V-FA-01"]),
    ("functionalAreas", True, ["V-FA-01"]),
    ("functionalAreas", 99, ["V-FA-01"]),
    ("useRequirements", "强制类", ["V-USE-01"]),
    ("useRequirements", "推荐", []),
    ("technicalField", 1, ["V-TF-01"]),
    ("technicalField", "6", ["V-TF-01"]),
    ("isCharge", 2, ["V-CHG-01"]),
    ("isCharge", "1", ["V-CHG-02"]),
    ("publicRegion", "不存在市", ["V-REG-01"]),
    ("publicRegion", ["示例市"], ["V-REG-01"]),
    ("publicScope", "1", ["V-SCO-01"]),
    ("publicScope", False, ["V-SCO-01"]),
    ("isHosting", 2, ["V-HOS-01"]),
    ("isHosting", True, ["V-HOS-01"]),
    ("remark", "", ["V-REM-01"]),
    ("remark", "字" * 1001, ["V-REM-01"]),
    ("image", "平台内置", []),
    ("image", "own.png", ["V-IMG-01"]),
    ("demoAddress", MISSING, []),
    ("demoAddress", None, []),
    ("demoAddress", "", ["V-DEMO-01"]),
    ("demoAddress", "ftp://a.example", ["V-DEMO-01"]),
    ("demoAddress", "https://", ["V-DEMO-01"]),
    ("demoAddress", "https://a b.example", ["V-DEMO-01"]),
    ("demoAddress", "https://[::1", ["V-DEMO-01"]),
    ("demoAddress", "https://a.example:99999", ["V-DEMO-01"]),
    ("demoAddress", "https://a.example/" + "x" * 490, ["V-DEMO-01"]),
    ("demoAddress", "HTTP://a.example", ["W-DEMO-TLS"]),
    ("demoAddress", "https://192.0.2.1:8443/x", ["W-DEMO-IP"]),
    ("demoAddress", "https://[2001:db8::1]/", ["W-DEMO-IP"]),
    ("demoAddress", "http://0x7f.1", ["W-DEMO-IP", "W-DEMO-TLS"]),
    ("releaseCompanyInfo", ["a"], ["V-REL-01"]),
    ("releaseCompanyInfo", "字" * 501, ["V-REL-01"]),
    ("serviceProviderInfo", "a", ["V-SPI-01"]),
    ("serviceProviderInfo", [], ["V-SPI-01"]),
    ("serviceProviderInfo", ["a", " "], ["V-SPI-01"]),
    ("extension.layer", "平台层", ["V-LAYER-01"]),
    ("extension.capabilityClass", MISSING, ["V-CAP-01"]),
    ("extension.networkZone", "办公网", ["V-NET-01"]),
    ("extension", MISSING, ["V-LAYER-01", "V-CAP-01", "V-NET-01"]),
    ("apiInfo", MISSING, ["V-API-01"]),
    ("apiInfo", None, ["V-API-01"]),
    ("apiInfo", [], ["V-API-01"]),
    ("apiInfo.apiName", "接口_A-1(（）)", []),
    ("apiInfo.apiName", "接口 名", ["V-API-02"]),
    ("apiInfo.apiName", "〇𠀀々", []),
    ("apiInfo.apiName", "かな", ["V-API-02"]),
    ("apiInfo.apiCode", "Abc", ["V-API-04"]),
    ("apiInfo.apiCode", "123", []),
    ("apiInfo.apiCode", "-a--b", ["W-API-CODE"]),
    ("apiInfo.apiCode", "a\n", ["V-API-04"]),
    ("apiInfo.apiDescription", "字" * 201, ["V-API-06"]),
    ("apiInfo.protocols", [], ["V-API-07"]),
    ("apiInfo.protocols", ["HTTPS/1.1", "HTTPS/1.1"], ["V-API-07"]),
    ("apiInfo.protocols", [["HTTPS/1.1"]], ["V-API-07"]),
    ("apiInfo.protocols", ["HTTP/1.1", "HTTP/2"], ["W-API-TLS"]),
    ("apiInfo.targetServers", None, ["V-API-15"]),
    ("apiInfo.targetServers", MISSING, ["V-API-15"]),
    ("apiInfo.targetServers", [], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a", "rank": 100}], []),
    ("apiInfo.targetServers", [{"host": "https://a.example:8443", "rank": 100}], []),
    ("apiInfo.targetServers", [{"host": "a.example/x", "rank": 100}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a.example:0", "rank": 100}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a.example:65536", "rank": 100}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "-a.example", "rank": 100}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "999.0.2.1", "rank": 100}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "192.0.2.1", "rank": 100}, {"host": "b", "rank": 0}], []),
    ("apiInfo.targetServers", [{"host": "a", "rank": 50}, {"host": "A", "rank": 50}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a", "rank": 50}, {"host": "b", "rank": 49}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a", "rank": 100.0}], ["V-API-08"]),
    ("apiInfo.targetServers", [{"host": "a", "rank": True}], ["V-API-08"]),
    ("apiInfo.publicPath", "/", []),
    ("apiInfo.publicPath", "a/b", ["V-API-09"]),
    ("apiInfo.publicPath", "/a//b", ["V-API-09"]),
    ("apiInfo.publicPath", "/a/../b", ["V-API-09"]),
    ("apiInfo.publicPath", "/a/..b/", []),
    ("apiInfo.publicPath", "/{id}", ["V-API-09"]),
    ("apiInfo.publicPath", "/" + "a" * 200, ["V-API-09"]),
    ("apiInfo.forwardPath", "/.", ["V-API-10"]),
    ("apiInfo.rateLimit", 2000, []),
    ("apiInfo.rateLimit", 2001, ["V-API-11"]),
    ("apiInfo.rateLimit", 0, ["V-API-11"]),
    ("apiInfo.rateLimit", "10", ["V-API-11"]),
    ("apiInfo.timeoutMs", 0, ["V-API-12"]),
    ("apiInfo.timeoutMs", 300_001, ["W-API-TIMEOUT"]),
    ("apiInfo.requestContentType", MISSING, []),
    ("apiInfo.requestContentType", None, ["V-API-13"]),
    ("apiInfo.requestContentType", "默认", ["V-API-13"]),
    ("apiInfo.responseTargetType", "yaml", ["V-API-14"]),
    ("componentDetails", "text", ["V-DET-01"]),
    ("componentDetails.coreFunctions", "一" * 250, []),
    ("componentDetails.coreFunctions", "一" * 251, ["V-DET-02"]),
    ("componentDetails.scenarios", "a\nb，“c”——d·e…【f】", []),
    ("componentDetails.scenarios", "<b>", ["V-DET-03"]),
    ("componentDetails.advantages", "ＡＢ", ["V-DET-04"]),
    ("componentDetails.advantages", "快😀", ["V-DET-04"]),
    ("componentDetails.faq", "a\x1fb", ["V-DET-05"]),
    ("componentDetails.faq", "c^d", ["V-DET-05"]),
    ("componentDetails.resources.securityTestReport", MISSING, ["V-DET-06"]),
    ("componentDetails.resources.applicationGuide", MISSING, []),
    ("componentDetails.resources", MISSING, ["V-DET-06"]),
]


@pytest.mark.parametrize(("path", "value", "expected"), CASES)
def test_a_changed_field_breaks_exactly_these_rules(path: str, value: Any, expected: list[str]) -> None:
    assert broken(valid_record(path, value)) == expected


def test_the_samples_break_no_rule() -> None:
    assert {record["name"]: broken(record) for record in sample_records() if broken(record)} == {}


def test_the_table_holds_every_rule_once_with_texts_in_both_languages() -> None:
    assert len({rule.id for rule in TABLE_1}) == len(TABLE_1) == 48
    assert all(rule.message.zh and rule.message.en and rule.mend.zh and rule.mend.en for rule in TABLE_1)
    assert all((rule.severity is Severity.WARNING) == rule.id.startswith("W-") for rule in TABLE_1)


def test_a_rule_comes_after_one_that_stands_before_it() -> None:
    seen: set[str] = set()
    for rule in TABLE_1:
        assert rule.after is None or rule.after in seen
        seen.add(rule.id)


def test_a_stage_runs_the_rules_of_the_earlier_ones_and_no_others() -> None:
    record = valid_record("apiInfo.rateLimit", 0) | {"remark": ""}
    record["extension"]["networkZone"] = None

    assert broken(record, Stage.CREATION) == ["V-REM-01"]
    assert broken(record, Stage.ONBOARDING) == ["V-REM-01", "V-API-11"]
    assert broken(record, Stage.LISTING) == ["V-REM-01", "V-API-11", "V-NET-01"]


def test_agents_and_others_may_do_without_an_api() -> None:
    for form in ("2", "5"):
        record = valid_record("apiInfo")
        record["technicalField"] = form

        assert broken(record) == []


def test_a_hosted_component_gets_its_target_servers_by_deployment() -> None:
    record = valid_record("apiInfo.targetServers")
    record["isHosting"] = 1

    assert broken(record) == []


def test_taken_values_are_reported_only_where_the_form_is_right() -> None:
    context = replace(CONTEXT, is_taken=lambda _kind, _value: True, has_version=lambda _version: True)
    taken = ["V-NAME-03", "V-VER-02", "V-API-03", "V-API-05", "V-API-16"]

    assert broken(valid_record(), context=context) == taken
    assert "V-NAME-03" not in broken(valid_record("name", ""), context=context)
    assert broken(valid_record("name", "名" * 201), context=context)[:2] == ["V-NAME-02", "V-NAME-03"]


def test_a_name_is_compared_in_its_normalised_form() -> None:
    asked = []
    context = replace(CONTEXT, is_taken=lambda kind, value: asked.append((kind, value)) or False)

    broken(valid_record("name", " Ａpi　 Ｃenter "), context=context)

    assert ("name", "api center") in asked


def test_api_names_are_distinct_within_the_component() -> None:
    record = valid_record()
    record["extension"]["additionalApis"] = [{"apiName": record["apiInfo"]["apiName"]}]

    assert broken(record) == ["V-API-03"]


def test_strict_mode_reads_the_standard_literally() -> None:
    strict = replace(CONTEXT, strict=True)
    record = valid_record("version", "5.1")
    record["componentDetails"] |= dict.fromkeys(("scenarios", "advantages", "faq"), "中文abc123")
    record["componentDetails"]["coreFunctions"] = "含标点。"

    assert broken(record, context=strict) == ["V-VER-01", "V-DET-02"]


def test_the_invalid_sample_is_refused_with_field_rule_clause_and_cure() -> None:
    breaches = check_record(invalid_record(), Stage.LISTING, CONTEXT)

    assert len(breaches) >= 30
    assert all(breach.path and breach.clause and breach.mend.en for breach in breaches)


@pytest.mark.parametrize("value", [None, 1, "x", [], {}, True, 1.5, {"a": []}])
def test_no_value_makes_a_rule_fail_instead_of_answer(value: Any) -> None:
    for rule in TABLE_1:
        holder = rule.field.rpartition(".")[0]
        record = valid_record()
        if not holder or isinstance(record.get(holder.split(".")[0]), dict):
            broken(valid_record(rule.field, value))
