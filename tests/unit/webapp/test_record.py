"""A record in words: codes resolved, nothing inner shown to everybody, odd values borne."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from domain.catalogue.dictionary_rules import KINDS
from webapp import languages
from webapp.catalogue.record import emblem, groups, public_groups


@pytest.fixture(autouse=True)
def _in_a_page() -> Any:
    app = Flask("webapp")
    languages.init_app(app)
    with app.test_request_context("/"):
        # As an administrator has left them: the words of the standard, read once for the request.
        g.dictionary_words = {key: kind.codes for key, kind in KINDS.items()}
        yield


def shown(parts: Any) -> dict[str, Any]:
    """Return every label with its value."""
    return {label: value for part in parts for label, value in part.items}


RECORD = {
    "name": "示例组件",
    "image": "builtin:map",
    "technicalField": "1",
    "isHosting": 0,
    "serviceProviderInfo": ["甲", "乙"],
    "apiInfo": {"targetServers": [{"host": "a.example:8443", "rank": 100}], "rateLimit": 200},
    "extension": {"layer": "能力层", "serviceAddress": "https://inner.example", "networkZone": "互联网区"},
}


def test_codes_become_words() -> None:
    values = shown(groups(RECORD))

    assert values["技术领域"] == "接口服务"
    assert values["是否托管"] == "非托管"
    assert values["调用频率"] == "每秒 200 次"
    assert values["提供方"] == ["甲", "乙"]
    assert values["目标服务器"] == ["a.example:8443（权重 100）"]


def test_how_a_component_is_run_is_not_for_everybody() -> None:
    assert "服务地址" in shown(groups(RECORD))
    assert "服务地址" not in shown(public_groups(RECORD))
    assert shown(public_groups(RECORD))["网络区域"] == "互联网区"


def test_a_record_that_breaks_the_rules_is_still_shown() -> None:
    odd = {"technicalField": "9", "isHosting": "0", "apiInfo": "none", "extension": None, "name": ["x"]}

    values = shown(groups(odd))

    assert values["技术领域"] == "9"
    assert values["是否托管"] == "0"


def test_an_unknown_icon_is_a_parcel() -> None:
    assert emblem(RECORD) == "map"
    assert emblem({"image": "平台内置"}) == "package"


def test_a_tariff_reads_as_a_price() -> None:
    tariff = {"unit": "条", "price": "0.05", "currency": "CNY", "billingPeriod": "月"}
    charged = {**RECORD, "isCharge": "1", "extension": {"chargeStandard": tariff}}
    half_filled = {**RECORD, "isCharge": "2", "extension": {"chargeStandard": {"currency": "CNY"}}}

    assert shown(groups(charged))["是否收费"] == "收费 · 0.05 CNY/条 · 按月结算"
    assert shown(groups(half_filled))["是否收费"] == "不收费"
