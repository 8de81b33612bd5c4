"""What a submitted form becomes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from webapp.forms import parse

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["network"],
    "properties": {
        "name": {"type": "string"},
        "limit": {"type": "integer"},
        "score": {"type": "number"},
        "level": {"type": "integer", "enum": [1, 2]},
        "hosted": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "protocols": {"type": "array", "items": {"type": "string", "enum": ["HTTP", "HTTPS"]}},
        "network": {"type": "object", "properties": {"zone": {"type": "string"}}},
        "options": {"type": "object", "properties": {"note": {"type": "string"}}},
        "servers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "host": {"type": "string"},
                    "key": {"type": "string", "x-widget": "hidden"},
                },
            },
        },
        "report": {"type": "string", "x-widget": "file"},
        "papers": {"type": "array", "items": {"type": "string", "x-widget": "file"}},
        "versionId": {"type": "string", "x-widget": "hidden"},
        "holder": {"type": "string", "readOnly": True},
        "token": {"type": "string", "x-widget": "secret"},
    },
}


def submit(
    *pairs: tuple[str, str],
    uploads: dict[str, str] | None = None,
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    files = [
        (name, FileStorage(BytesIO(b"content"), filename=filename))
        for name, filename in (uploads or {}).items()
    ]
    return parse(
        SCHEMA, MultiDict(pairs), MultiDict(files), lambda upload: f"file:{upload.filename}", before or {}
    )


def test_each_text_becomes_its_type_and_empty_fields_are_left_out() -> None:
    data = submit(("name", " 地图 "), ("limit", "20"), ("score", "0.5"), ("level", "2"), ("tags", "a\n\n b "))

    assert data == {
        "name": "地图",
        "limit": 20,
        "score": 0.5,
        "level": 2,
        "tags": ["a", "b"],
        "network": {},
    }


def test_what_cannot_be_read_stays_as_typed_so_that_validation_can_name_it() -> None:
    assert submit(("limit", "many"), ("level", "9"))["limit"] == "many"
    assert submit(("limit", "many"), ("level", "9"))["level"] == "9"


def test_an_unticked_box_is_false_only_where_the_form_showed_it() -> None:
    assert "hosted" not in submit()
    assert submit(("hosted._shown", "1"))["hosted"] is False
    assert submit(("hosted._shown", "1"), ("hosted", "1"))["hosted"] is True


def test_a_required_group_stays_and_an_optional_empty_one_goes() -> None:
    data = submit(("options.note", ""), ("network.zone", "互联网区"))

    assert data == {"network": {"zone": "互联网区"}}


def test_rows_keep_their_order_without_holes_and_their_hidden_values() -> None:
    before = {"servers": [{"host": "old", "key": "k0"}, {"host": "b", "key": "k1"}]}

    data = submit(("servers.0.host", "a"), ("servers.1.host", "b"), ("servers.7.host", "c"), before=before)

    assert data["servers"] == [{"host": "a", "key": "k0"}, {"host": "b", "key": "k1"}, {"host": "c"}]


def test_rows_are_added_and_removed_without_script() -> None:
    added = submit(("servers.0.host", "a"), ("row.add", "servers"))
    removed = submit(("servers.0.host", "a"), ("servers.1.host", "b"), ("row.remove", "servers.0"))
    nowhere = submit(("row.remove", "name.0"), ("row.add", "name.x.y"))

    assert added["servers"] == [{"host": "a"}, {}]
    assert removed["servers"] == [{"host": "b"}]
    assert nowhere == {"network": {}}


def test_hidden_and_read_only_values_come_from_the_server_never_from_the_browser() -> None:
    before = {"versionId": "the one", "holder": "somebody"}

    data = submit(("versionId", "another"), ("holder", "me"), before=before)

    assert data["versionId"] == "the one"
    assert data["holder"] == "somebody"


def test_a_file_is_kept_replaced_or_removed() -> None:
    assert submit(("report", "file:old"))["report"] == "file:old"
    assert submit(("report", "file:old"), uploads={"report.upload": "new.pdf"})["report"] == "file:new.pdf"
    assert "report" not in submit(("report", "file:old"), ("report.remove", "file:old"))


def test_several_files_are_kept_added_and_removed() -> None:
    data = submit(
        ("papers", "file:1"),
        ("papers", "file:2"),
        ("papers.remove", "file:1"),
        uploads={"papers.upload": "3.pdf"},
    )

    assert data["papers"] == ["file:2", "file:3.pdf"]


def test_a_typed_secret_leaves_the_form_as_its_reference() -> None:
    form = MultiDict([("token", " s3cret "), ("token.kept", "secret:before")])

    data = parse(SCHEMA, form, MultiDict(), lambda _upload: "", {}, lambda typed: f"secret:{len(typed)}")

    assert data["token"] == "secret:8"


def test_a_secret_that_nothing_seals_is_dropped_and_the_one_kept_before_stays() -> None:
    assert "token" not in submit(("token", "s3cret"))
    assert submit(("token", "s3cret"), ("token.kept", "secret:before"))["token"] == "secret:before"


MOMENT: dict[str, Any] = {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}


def test_a_time_is_typed_in_shanghai_and_handed_on_with_its_zone() -> None:
    read = parse(MOMENT, MultiDict([("at", "2026-12-01T22:30")]), MultiDict(), lambda _file: "", {})

    assert read == {"at": "2026-12-01T22:30:00+08:00"}


def test_what_is_no_time_stays_as_it_was_typed() -> None:
    assert parse(MOMENT, MultiDict([("at", "morgen")]), MultiDict(), lambda _file: "", {}) == {"at": "morgen"}
    assert parse(MOMENT, MultiDict([("at", " ")]), MultiDict(), lambda _file: "", {}) == {}
