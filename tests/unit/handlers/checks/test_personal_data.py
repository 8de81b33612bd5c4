"""Personal data: recognised by check digit, form and name, and seen to be masked."""

from __future__ import annotations

from typing import Any

import pytest

from domain.samples.services.data_service import DataService
from handlers.checks.masked import check_masking
from handlers.checks.personal_data import covered, kind_of_field, kinds_in
from handlers.checks.results import CheckResult, Status

FIELDS: list[dict[str, Any]] = [
    {
        "name": "name",
        "level": "3",
        "category": "个人信息",
        "isSensitive": True,
        "maskingRule": "mask",
        "sample": "示**",
    },
    {
        "name": "idCard",
        "level": "3",
        "category": "个人信息",
        "isSensitive": True,
        "maskingRule": "mask",
        "sample": "99****",
    },
    {
        "name": "phone",
        "level": "3",
        "category": "个人信息",
        "isSensitive": True,
        "maskingRule": "mask",
        "sample": "138*",
    },
    {"name": "district", "level": "1", "category": "公共", "isSensitive": False},
    {"name": "visits", "level": "1", "category": "公共", "isSensitive": False},
]
POLICIES = [{"subject": "政务服务中心", "fields": "全部", "purpose": "办事"}]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("990100199001011234", {"id_card"}),
        ("号码 990100199001011234。", {"id_card"}),
        ("990100199001011235", set()),  # wrong check digit
        ("990100199013011234", set()),  # no such month
        ("990100********1234", set()),
        ("13800000001", {"phone"}),
        ("+86 13800000001", {"phone"}),
        ("23800000001", set()),
        ("138****0001", set()),
        ("6222020000000000000", {"bank_card"}),
        ("6222020000000000001", set()),
        ("0000000000000000", set()),
        ("普通文本 20261129", set()),
    ],
)
def test_personal_data_is_recognised_by_its_form_and_check_digit(text: str, kinds: set[str]) -> None:
    assert kinds_in(text) == kinds


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("idCard", "id_card"),
        ("ID_NUMBER", "id_card"),
        ("身份证号", "id_card"),
        ("mobile_phone", "phone"),
        ("联系电话", "phone"),
        ("bankCardNo", "bank_card"),
        ("姓名", "name"),
        ("name", "name"),
        ("家庭地址", "address"),
        ("fileName", None),
        ("serviceAddress", None),
        ("visits", None),
    ],
)
def test_personal_fields_are_recognised_by_their_names(name: str, kind: str | None) -> None:
    assert kind_of_field(name) == kind


def rows(planted: str = "") -> Any:
    _status, body = DataService(set(planted.split())).respond("POST", "/query", {"district": "示例区"}, {})
    return body["rows"]


def checked(
    document: Any, fields: list[dict[str, Any]] | None = None, policies: object = POLICIES
) -> CheckResult:
    permissions = {"fields": FIELDS if fields is None else fields, "policies": policies}
    return check_masking(permissions, document, "data.masking", None)


def changed(name: str, **values: Any) -> list[dict[str, Any]]:
    return [{**row, **values} if row["name"] == name else row for row in FIELDS]


def test_a_service_that_masks_what_is_declared_passes() -> None:
    assert checked(rows()).status is Status.PASSED, checked(rows()).findings


@pytest.mark.parametrize(
    ("result", "rules"),
    [
        (checked(rows("unmasked")), {"K-UNMASKED"}),
        (checked(rows("extra-field")), {"K-UNKNOWN"}),
        (checked(rows(), changed("idCard", isSensitive=False)), {"K-SENSITIVE"}),
        (checked(rows(), changed("idCard", maskingRule="none")), {"K-RULE"}),
        (checked(rows(), changed("idCard", sample="990100199001011234")), {"K-UNMASKED"}),
        (checked(rows(), changed("visits", level="9")), {"K-DECLARED"}),
        (checked(rows(), changed("visits", category=" ")), {"K-DECLARED"}),
        (checked(rows(), policies=[]), {"K-DECLARED"}),
        (checked([{"visits": "13800000001"}]), {"K-SENSITIVE"}),
    ],
)
def test_what_is_not_declared_or_not_masked_is_found(result: CheckResult, rules: set[str]) -> None:
    assert result.status is Status.FAILED
    assert {finding.rule for finding in result.findings} == rules


def test_without_a_sample_masking_is_not_checked() -> None:
    assert checked(None).status is Status.NOT_CHECKED


def test_evidence_holds_no_number_in_clear() -> None:
    assert "1990" not in covered("990100199001011234")
    for finding in checked(rows("unmasked")).findings:
        assert kinds_in(finding.evidence) == set()
