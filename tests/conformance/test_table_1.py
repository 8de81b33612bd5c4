"""Table 1, item by item, with the values of the acceptance texts, over the interface for programs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conformance.office import Office, api, details, good

EMBLEM = re.compile(r'class="emblem large".*?#([a-z-]+)"')
ONBOARDING, LISTING = "onboarding", "listing"


def refuses(office: Office, rule: str, *records: dict[str, Any], stage: str = "creation") -> bool:
    """Tell whether each of the records breaks the rule."""
    return all(rule in office.broken(record, stage) for record in records)


def accepts(office: Office, rule: str, *records: dict[str, Any], stage: str = "creation") -> bool:
    """Tell whether none of the records breaks the rule."""
    return all(rule not in office.broken(record, stage) for record in records)


@pytest.mark.requirement("T1-01")
def test_a_name_is_given_short_and_unique(office: Office) -> None:
    assert refuses(office, "V-NAME-01", good(name=""), good(name="  "), good(name=...))
    assert refuses(office, "V-NAME-02", good(name="监" * 201))
    assert office.broken(good(name="监管全景查询")) == set()

    (row,) = office.take_in(good(name="监管全景查询API"))
    assert row["accepted"]

    for twin in ("监管全景查询API", " 监管全景查询api ", "监管全景查询ＡＰＩ"):
        assert refuses(office, "V-NAME-03", good(name=twin)), twin
    assert accepts(office, "V-NAME-03", good(name="监管全景查询"))


@pytest.mark.requirement("T1-02")
def test_a_version_has_one_of_the_forms_and_is_new(office: Office) -> None:
    taken = ("5.0.0 build-13124", "5.0", "5.0.0.13124", "5.0.0-rc.1")
    assert accepts(office, "V-VER-01", *(good(version=version) for version in taken))
    wrong = ("v5", "01.0.0", "5", "1.0.0.0.1")
    assert refuses(office, "V-VER-01", *(good(version=version) for version in wrong))

    first, second, third = (
        office.take_in(good(version=version, apiInfo=..., technicalField="5"))[0]
        for version in ("5.0.0", "5.0", "5.0.1")
    )

    assert (first["accepted"], second["accepted"], third["accepted"]) == (True, False, True)
    assert {breach["rule"] for breach in second["breaches"]} == {"V-VER-02"}


@pytest.mark.requirement("T1-03")
def test_a_functional_area_is_an_integer_of_the_dictionary(office: Office) -> None:
    assert accepts(office, "V-FA-01", good(functionalAreas=0), good(functionalAreas=1))
    assert refuses(office, "V-FA-01", *(good(functionalAreas=wrong) for wrong in (999, "0", [0], ...)))


@pytest.mark.requirement("T1-04")
def test_a_use_requirement_is_one_of_two_and_understood_on_import(office: Office) -> None:
    assert refuses(office, "V-USE-01", good(useRequirements="必选"), good(useRequirements=...))
    assert accepts(office, "V-USE-01", good(useRequirements="强制"), good(useRequirements="推荐"))

    (row,) = office.take_in(good(useRequirements="强制类"))

    assert row["accepted"]
    assert office.detail(row["versionId"])["record"]["useRequirements"] == "强制"
    assert any("强制类" in notice["zh-CN"] for notice in row["notices"])


@pytest.mark.requirement("T1-05")
def test_a_technical_field_is_a_code_from_1_to_5(office: Office) -> None:
    assert accepts(office, "V-TF-01", *(good(technicalField=code) for code in "12345"))
    assert refuses(office, "V-TF-01", *(good(technicalField=wrong) for wrong in ("9", 1, ...)))


@pytest.mark.requirement("T1-06")
def test_a_charge_is_one_of_two_and_needs_its_tariff(office: Office) -> None:
    assert refuses(office, "V-CHG-01", good(isCharge="0"), good(isCharge="1,2"), good(isCharge=2))
    assert accepts(office, "V-CHG-01", good(isCharge="1"), good(isCharge="2"))

    assert accepts(office, "V-CHG-02", good(isCharge="1"))
    assert refuses(office, "V-CHG-02", good(isCharge="1"), stage=ONBOARDING)
    tariff = {**good()["extension"], "chargeStandard": {"price": "0.01", "unit": "次", "billingPeriod": "月"}}
    assert accepts(office, "V-CHG-02", good(isCharge="1", extension=tariff), stage=ONBOARDING)


@pytest.mark.requirement("T1-07")
def test_a_region_is_one_of_the_dictionary(office: Office) -> None:
    assert refuses(office, "V-REG-01", good(publicRegion="火星市"), good(publicRegion="990100"))
    assert accepts(office, "V-REG-01", good(publicRegion="示例市"), good(publicRegion="示例省"))


@pytest.mark.requirement("T1-10")
def test_an_introduction_is_given_and_not_too_long(office: Office) -> None:
    assert refuses(office, "V-REM-01", *(good(remark=wrong) for wrong in ("", " \u3000", "介" * 1001)))
    assert accepts(office, "V-REM-01", good(remark="介" * 1000))


@pytest.mark.requirement("T1-11")
def test_an_icon_is_one_that_the_platform_offers(office: Office) -> None:
    wrong = ("builtin:none", "https://example.cn/a.png", ...)
    assert refuses(office, "V-IMG-01", *(good(image=one) for one in wrong))

    (row,) = office.take_in(good(image="平台内置"))

    assert row["accepted"]
    page = office.page("fabu1", f"/components/{row['versionId']}")
    assert EMBLEM.findall(page) == ["package"]


@pytest.mark.requirement("T1-12")
def test_a_trial_address_is_a_web_address_or_absent(office: Office) -> None:
    assert refuses(office, "V-DEMO-01", good(demoAddress="not a url"), good(demoAddress="ftp://a.example/"))
    assert office.broken(good(demoAddress=...)) == set()

    assert office.broken(good(demoAddress="https://192.0.2.7/demo")) == {"W-DEMO-IP"}
    (row,) = office.take_in(good(demoAddress="https://192.0.2.7/demo"))
    assert row["accepted"]


@pytest.mark.requirement("T1-13")
def test_releasing_information_is_one_text(office: Office) -> None:
    assert refuses(office, "V-REL-01", good(releaseCompanyInfo=" "), good(releaseCompanyInfo=["单位"]))
    assert accepts(office, "V-REL-01", good())


@pytest.mark.requirement("T1-14")
def test_there_is_at_least_one_provider(office: Office) -> None:
    assert refuses(office, "V-SPI-01", good(serviceProviderInfo=[]), good(serviceProviderInfo=...))
    assert accepts(office, "V-SPI-01", good(serviceProviderInfo=["甲公司", "乙公司"]))


@pytest.mark.requirement("T1-15")
def test_an_api_component_has_one_api_object(office: Office) -> None:
    one = good()["apiInfo"]
    assert refuses(office, "V-API-01", good(technicalField="1", apiInfo=...), stage=ONBOARDING)
    assert refuses(office, "V-API-01", good(apiInfo=[one, one]), stage=ONBOARDING)
    assert accepts(office, "V-API-01", good(), good(technicalField="5", apiInfo=...), stage=ONBOARDING)


@pytest.mark.requirement("T1-15a")
def test_an_api_name_has_its_characters_and_is_unique(office: Office) -> None:
    wrong = ("查询 接口", "查询@接口", "查" * 201)
    assert refuses(office, "V-API-02", *(api(apiName=name) for name in wrong), stage=ONBOARDING)
    assert accepts(office, "V-API-02", api(apiName="查询接口_v2-（测试）(A)"), stage=ONBOARDING)

    assert office.take_in(api(apiName="查询接口"))[0]["accepted"]

    assert refuses(office, "V-API-03", api(apiName="查询接口"), stage=ONBOARDING)
    assert accepts(office, "V-API-03", api(apiName="查询接口二"), stage=ONBOARDING)


@pytest.mark.requirement("T1-15b")
def test_an_api_code_has_its_characters_and_is_unique(office: Office) -> None:
    assert refuses(office, "V-API-04", api(apiCode="Auth-Login"), api(apiCode="auth_login"), stage=ONBOARDING)
    assert accepts(office, "V-API-04", api(apiCode="auth-login-2"), stage=ONBOARDING)

    assert office.take_in(api(apiCode="auth-login"))[0]["accepted"]

    assert refuses(office, "V-API-05", api(apiCode="auth-login"), stage=ONBOARDING)


@pytest.mark.requirement("T1-15c")
def test_an_api_is_described_briefly(office: Office) -> None:
    wrong = (" ", "描" * 201)
    assert refuses(office, "V-API-06", *(api(apiDescription=text) for text in wrong), stage=ONBOARDING)
    assert accepts(office, "V-API-06", api(apiDescription="描" * 200), stage=ONBOARDING)


@pytest.mark.requirement("T1-15d")
def test_protocols_are_chosen_out_of_four(office: Office) -> None:
    four = ["HTTP/1.1", "HTTP/2", "HTTPS/1.1", "HTTPS/2"]
    assert refuses(office, "V-API-07", api(protocols=[]), api(protocols=["HTTP/3"]), stage=ONBOARDING)
    assert accepts(office, "V-API-07", api(protocols=four), stage=ONBOARDING)


@pytest.mark.requirement("T1-15e")
def test_weights_of_target_servers_sum_to_100(office: Office) -> None:
    def servers(*ranks: tuple[str, int]) -> dict[str, Any]:
        return api(targetServers=[{"host": host, "rank": rank} for host, rank in ranks])

    wrong = (
        servers(("a.example", 60), ("b.example", 30)),
        servers(),
        servers(("a.example", 101)),
        servers(("a.example", 60), ("A.example", 40)),
    )
    right = (servers(("a.example", 60), ("b.example", 40)), servers(("a.example", 100)))
    assert refuses(office, "V-API-08", *wrong, stage=ONBOARDING)
    assert accepts(office, "V-API-08", *right, stage=ONBOARDING)

    absent = {key: value for key, value in good()["apiInfo"].items() if key != "targetServers"}
    assert office.broken(good(apiInfo=absent), ONBOARDING) == set()
    assert refuses(office, "V-API-15", good(apiInfo=absent, isHosting=0), stage=LISTING)
    assert accepts(office, "V-API-15", good(apiInfo=absent, isHosting=1), stage=LISTING)


@pytest.mark.requirement("T1-15f")
def test_a_public_path_has_no_special_characters_and_is_held_by_one_component(office: Office) -> None:
    wrong = ("/a b", "/a?b", "/a/../b", "/" + "a" * 200)
    assert refuses(office, "V-API-09", *(api(publicPath=path) for path in wrong), stage=ONBOARDING)
    assert accepts(office, "V-API-09", api(publicPath="/" + "a" * 199), stage=ONBOARDING)

    assert office.take_in(api(publicPath="/a/b"))[0]["accepted"]

    assert refuses(office, "V-API-16", api(publicPath="/a/b"), stage=ONBOARDING)
    assert accepts(office, "V-API-16", api(publicPath="/a/c"), stage=ONBOARDING)


@pytest.mark.requirement("T1-15g")
def test_a_forward_path_has_no_special_characters(office: Office) -> None:
    wrong = ("/a#b", "/" + "a" * 200)
    assert refuses(office, "V-API-10", *(api(forwardPath=path) for path in wrong), stage=ONBOARDING)
    assert accepts(office, "V-API-10", api(forwardPath="/" + "a" * 199), stage=ONBOARDING)


@pytest.mark.requirement("T1-15j")
def test_a_request_content_type_is_one_of_four_and_default_where_absent(office: Office) -> None:
    assert refuses(office, "V-API-13", api(requestContentType="yaml"), stage=ONBOARDING)
    kinds = ("default", "xml", "json", "urlencoded")
    assert accepts(office, "V-API-13", *(api(requestContentType=one) for one in kinds), stage=ONBOARDING)

    absent = {key: value for key, value in good()["apiInfo"].items() if key != "requestContentType"}
    (row,) = office.take_in(good(apiInfo=absent))

    assert office.detail(row["versionId"])["record"]["apiInfo"]["requestContentType"] == "default"


@pytest.mark.requirement("T1-15k")
def test_a_response_type_is_one_of_four(office: Office) -> None:
    assert refuses(office, "V-API-14", api(responseTargetType="text"), stage=ONBOARDING)
    assert accepts(office, "V-API-14", api(responseTargetType="xml"), stage=ONBOARDING)


@pytest.mark.requirement("T1-16")
def test_details_are_there(office: Office) -> None:
    assert refuses(
        office, "V-DET-01", good(componentDetails=...), good(componentDetails="x"), stage=ONBOARDING
    )
    assert accepts(office, "V-DET-01", good(), stage=ONBOARDING)


def check_detail(office: Office, rule: str, key: str) -> None:
    """Look at one text of the details with the values that T1-16a names."""
    wrong = (" ", "功" * 251, "好用😀", "<script>")
    assert refuses(office, rule, *(details(**{key: text}) for text in wrong), stage=ONBOARDING)
    right = ("功" * 250, "支持 API 2.0，含统计、导出（Excel）等。")
    assert accepts(office, rule, *(details(**{key: text}) for text in right), stage=ONBOARDING)


@pytest.mark.requirement("T1-16a")
def test_core_functions_are_text_of_at_most_250_characters(office: Office) -> None:
    check_detail(office, "V-DET-02", "coreFunctions")


@pytest.mark.requirement("T1-16b")
def test_scenarios_are_text_of_at_most_250_characters(office: Office) -> None:
    check_detail(office, "V-DET-03", "scenarios")


@pytest.mark.requirement("T1-16c")
def test_advantages_are_text_of_at_most_250_characters(office: Office) -> None:
    check_detail(office, "V-DET-04", "advantages")


@pytest.mark.requirement("T1-16d")
def test_the_faq_is_text_of_at_most_250_characters(office: Office) -> None:
    check_detail(office, "V-DET-05", "faq")
