"""A running component is attacked only where the operator released it, and the clean one passes."""

from __future__ import annotations

import pytest

from handlers.scanning import tools
from handlers.scanning.bench import Workbench
from handlers.scanning.child import network_can_be_cut
from handlers.scanning.dynamic import scan_dynamic
from handlers.scanning.error_probe import probe_error_codes
from handlers.scanning.pages import scan_pages
from handlers.scanning.results import ScanStatus
from tests.integration.scanning import services

HEADERS = {"Authorization": f"Bearer {services.TOKEN}"}


def test_an_api_that_keeps_to_its_document_passes(bench: Workbench) -> None:
    with services.component(planted=False) as (address, seen):
        result = scan_dynamic(bench, services.document(), address, HEADERS)

    assert (result.status, result.findings) == (ScanStatus.PASSED, ())
    assert result.looked_at["operations"] == 1
    assert result.looked_at["cases"] > 10
    assert result.network_cut == network_can_be_cut()
    assert len(seen) > 10
    assert result.report_digest is not None
    assert services.TOKEN not in bench.files.path(result.report_digest).read_text(encoding="utf-8")


def test_the_page_that_writes_what_it_is_asked_is_found(bench: Workbench) -> None:
    with services.component(planted=True) as (address, _seen):
        result = scan_pages(bench, f"{address}/page")

    assert result.status is ScanStatus.FAILED
    assert "WAPITI-xss" in {finding.rule for finding in result.findings}
    assert result.report_digest is not None


def test_pages_that_escape_and_set_their_headers_pass(bench: Workbench) -> None:
    with services.component(planted=False) as (address, _seen):
        result = scan_pages(bench, f"{address}/page")

    assert result.status is ScanStatus.PASSED
    assert result.looked_at["pages"] > 0


def test_nothing_is_sent_to_an_address_that_was_not_released(bench: Workbench) -> None:
    for result in (
        scan_dynamic(bench, services.document(), "http://192.0.2.1"),
        scan_pages(bench, "http://192.0.2.1"),
        probe_error_codes(bench, services.document(), "http://192.0.2.1"),
    ):
        assert result.status is ScanStatus.NOT_CHECKED
        assert "outside the networks" in result.summary.en


@pytest.mark.parametrize(
    "address", ["", "ftp://127.0.0.1", "http://user:pass@127.0.0.1", "http://127.0.0.1/?a=1"]
)
def test_a_malformed_address_is_not_attacked(bench: Workbench, address: str) -> None:
    assert scan_pages(bench, address).status is ScanStatus.NOT_CHECKED


@pytest.mark.parametrize("document", [b"", b"{}", b'{"openapi": "3.1.0", "paths": {}}'])
def test_without_a_usable_document_nothing_is_attacked(bench: Workbench, document: bytes) -> None:
    with services.component(planted=True) as (address, seen):
        result = scan_dynamic(bench, document, address)

    assert result.status is ScanStatus.NOT_CHECKED
    assert seen == []


def test_a_tool_that_is_not_installed_is_named_with_the_cure(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.prefix", "/nowhere")

    with pytest.raises(tools.ToolMissing):
        tools.wapiti()
    result = scan_pages(bench, "http://127.0.0.1:1")

    assert result.status is ScanStatus.NOT_CHECKED
    assert "install the package wapiti3" in result.summary.en
