"""Models measured: what was declared must hold, within the tolerance, and what was not measured is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.samples.services.model import Model
from handlers.checks.model_files import read_model_file
from handlers.checks.models_measured import agrees, measure, percentile_95, read_samples, smoke
from handlers.checks.results import CheckResult, Finding, Status
from tests.unit.handlers.checks.serving import LOOPBACK, answering

SAMPLES = [
    {"input": {"calls": calls}, "output": {"label": "busy" if calls > 120 else "quiet"}}
    for calls in range(0, 240, 20)
]
DECLARED = {"p95Ms": 1000, "accuracy": 0.95}


def measured(
    planted: str = "", declared: dict[str, Any] | None = None, samples: list[Any] | None = None
) -> CheckResult:
    with answering(Model(set(planted.split())).respond) as address:
        return measure(
            LOOPBACK,
            f"{address}/infer",
            [{"calls": 1}],
            SAMPLES if samples is None else samples,
            declared or DECLARED,
            "model.performance",
        )


def tried(planted: str = "", sample: object = None) -> list[Finding]:
    with answering(Model(set(planted.split())).respond) as address:
        return smoke(
            LOOPBACK, f"{address}/infer", sample or {"input": {"calls": 130}, "output": {"label": "busy"}}
        )


def test_a_model_that_keeps_its_word_passes() -> None:
    assert measured().status is Status.PASSED


@pytest.mark.parametrize(
    ("planted", "declared", "rules"),
    [
        ("wrong", DECLARED, ["M-ACCURACY"]),
        ("slow", {"p95Ms": 10, "accuracy": 0.95}, ["M-LATENCY"]),
        ("unloaded", DECLARED, ["M-FAILED", "M-ACCURACY"]),
    ],
)
def test_a_model_that_does_not_is_found(planted: str, declared: dict[str, Any], rules: list[str]) -> None:
    result = measured(planted, declared)

    assert [finding.rule for finding in result.findings] == rules


def test_without_a_sample_set_the_accuracy_is_not_checked() -> None:
    result = measured(samples=[])

    assert result.status is Status.NOT_CHECKED
    assert "样本集" in result.summary.zh


@pytest.mark.parametrize(
    "declared", [{"p95Ms": "fast", "accuracy": 1}, {"p95Ms": 5}, {"p95Ms": True, "accuracy": 1}]
)
def test_what_was_not_declared_cannot_be_compared(declared: dict[str, Any]) -> None:
    assert [finding.rule for finding in measured(declared=declared).findings] == ["M-DECLARED"]


def test_the_smoke_inference_must_give_what_the_sample_says() -> None:
    assert tried() == []
    assert [finding.rule for finding in tried("wrong")] == ["M-SMOKE"]
    assert [finding.rule for finding in tried("unloaded")] == ["M-SMOKE"]
    assert [finding.rule for finding in tried(sample={"no": "input"})] == ["M-SAMPLE"]


def test_the_95th_percentile_is_the_value_that_95_of_100_do_not_exceed() -> None:
    assert percentile_95(range(1, 101)) == 95
    assert percentile_95([7.0]) == 7.0
    assert percentile_95(range(1, 21)) == 19


def test_an_answer_agrees_when_it_holds_what_was_wanted() -> None:
    assert agrees({"label": "busy", "score": 1}, {"label": "busy"})
    assert not agrees({"score": 1}, {"label": "busy"})
    assert not agrees(None, {"label": "busy"})


@pytest.mark.parametrize("content", [None, b"", b"{}", b"not json", b'[1, {"input": 1}]'])
def test_what_is_no_sample_set_gives_no_samples(content: bytes | None) -> None:
    assert read_samples(content) == []


def safetensors(header: object, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


@pytest.mark.parametrize(
    ("content", "declared", "rules"),
    [
        (
            safetensors({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, b"\0" * 8),
            "safetensors",
            [],
        ),
        (
            safetensors({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, b"\0" * 4),
            "safetensors",
            ["M-FORMAT"],
        ),
        (safetensors({"w": {"data_offsets": [5, 1]}}, b""), "safetensors", ["M-FORMAT"]),
        (b"\xff" * 100, "safetensors", ["M-FORMAT"]),
        (b"short", "safetensors", ["M-FORMAT"]),
        (b"\x80\x04\x95 a pickle", "other", ["M-PICKLE"]),
        (b"\x08\x07\x12\x07pytorch model", "onnx", []),
        (b"PK\x03\x04 something else", "onnx", ["M-FORMAT"]),
    ],
)
def test_a_model_file_is_read_and_never_run(
    tmp_path: Path, content: bytes, declared: str, rules: list[str]
) -> None:
    path = tmp_path / "model"
    path.write_bytes(content)

    assert [finding.rule for finding in read_model_file(path, declared)] == rules
