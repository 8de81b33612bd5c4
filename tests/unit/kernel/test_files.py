"""The content-addressed store."""

import io
from pathlib import Path

import pytest

from kernel.errors import Invalid, NotFound
from kernel.files import FileStore, media_type_of, references_in, safe_name
from kernel.ids import new_id


def test_equal_contents_share_their_bytes(tmp_path: Path) -> None:
    store = FileStore(tmp_path)

    first, second = store.put(io.BytesIO(b"%PDF-1.7 report")), store.put(io.BytesIO(b"%PDF-1.7 report"))

    assert first == second
    assert first.media_type == "application/pdf"
    assert store.path(first.digest).read_bytes() == b"%PDF-1.7 report"
    assert [path.name for path in tmp_path.iterdir()] == [first.digest[:2]]


def test_a_stream_over_the_limit_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        FileStore(tmp_path).put(io.BytesIO(b"x" * 11), max_bytes=10)

    assert refusal.value.problems[0].rule == "file.size"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        FileStore(tmp_path).put(io.BytesIO(b""))


def test_a_digest_never_becomes_a_path(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        FileStore(tmp_path).open("../../etc/passwd".ljust(64, "0"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\报告\\功能测试报告.pdf", "功能测试报告.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("..", "file"),
    ],
)
def test_the_name_is_only_a_label(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"openapi": "3.1.0"}', "application/json"),
        ("中文".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"PK\x03\x04rest", "application/zip"),
    ],
)
def test_the_media_type_is_found_in_the_content(head: bytes, expected: str) -> None:
    assert media_type_of(head) == expected


def test_references_are_found_at_every_depth_and_nothing_else_is() -> None:
    first, second = new_id(), new_id()
    data = {
        "paper": f"file:{first}",
        "more": [{"scan": f"file:{second}"}, f"file:{first}"],
        "text": str(second),
    }

    assert references_in({**data, "odd": "file:nonsense", "number": 5, "none": None}) == {first, second}
    assert references_in(None) == set()
