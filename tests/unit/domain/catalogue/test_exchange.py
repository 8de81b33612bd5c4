"""Records in workbooks: out and back without loss, each problem with its cell, nothing hostile let in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.catalogue.dictionary_rules import KINDS
from domain.catalogue.exchange import CodeList, WorkbookRecords, read_workbook, write_workbook
from domain.catalogue.exchange.guard import MAX_FILE_BYTES
from domain.catalogue.exchange.table import COLUMNS, SHEET
from domain.samples.components import sample_records
from kernel.errors import Invalid

WORDS = {key: kind.codes for key, kind in KINDS.items()}
LISTS = [CodeList(key, list(kind.codes.items())) for key, kind in KINDS.items()]
COLUMN = {column.key: place for place, column in enumerate(COLUMNS, start=1)}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=40)
RECORD = st.fixed_dictionaries(
    {
        "name": TEXT,
        "version": st.sampled_from(["5.0", "5.0.0 build-13124", "1.2.3-rc.1+b.7"]),
        "remark": TEXT,
    },
    optional={
        "componentId": st.uuids().map(str),
        "functionalAreas": st.sampled_from(sorted(KINDS["functionalAreas"].codes)),
        "technicalField": st.sampled_from("12345"),
        "isHosting": st.sampled_from([0, 1]),
        "isCharge": st.sampled_from("12"),
        "image": st.sampled_from(sorted(KINDS["image"].codes)),
        "serviceProviderInfo": st.lists(TEXT, min_size=1, max_size=3),
        "apiInfo": st.fixed_dictionaries(
            {
                "apiName": TEXT,
                "protocols": st.lists(st.sampled_from(["HTTP/2", "HTTPS/1.1"]), min_size=1, unique=True),
                "rateLimit": st.integers(1, 2000),
                "targetServers": st.lists(
                    st.fixed_dictionaries({"host": TEXT, "rank": st.integers(0, 100)}), min_size=1, max_size=3
                ),
            }
        ),
        "extension": st.fixed_dictionaries(
            {"layer": st.sampled_from(["能力层", "应用层"])},
            optional={
                "chargeStandard": TEXT | st.fixed_dictionaries({"price": st.integers(0, 9), "unit": TEXT}),
                "priority": st.integers(0, 9),
                "further": st.lists(TEXT, min_size=1, max_size=2),
            },
        ),
    },
)


def filled(change: Callable[[Any], None], records: list[dict[str, Any]] | None = None) -> WorkbookRecords:
    """Write the first sample, change the sheet by hand, read it."""
    book = openpyxl.load_workbook(BytesIO(write_workbook(records or sample_records()[:1], WORDS, LISTS)))
    change(book[SHEET])
    stream = BytesIO()
    book.save(stream)
    return read_workbook(stream.getvalue(), WORDS)


def repacked(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    """Add parts to a good workbook."""
    stream = BytesIO(write_workbook(sample_records()[:1], WORDS, LISTS))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        change(package)
    return stream.getvalue()


def rule_of(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_workbook(content, WORDS)
    return refused.value.problems[0].rule


def test_the_samples_come_back_as_they_went() -> None:
    back = read_workbook(write_workbook(sample_records(), WORDS, LISTS), WORDS)

    assert list(back.records) == sample_records()
    assert back.broken == {}


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(RECORD, min_size=1, max_size=4))
def test_any_record_comes_back_as_it_went(records: list[dict[str, Any]]) -> None:
    back = read_workbook(write_workbook(records, WORDS, LISTS), WORDS)

    assert list(back.records) == records


def test_what_people_type_is_understood() -> None:
    def typed(sheet: Any) -> None:
        for key, value in (
            ("functionalAreas", "政府业务"),
            ("technicalField", 1),
            ("isHosting", "0"),
            ("isCharge", "2 Free of charge"),
            ("version", 5),
            ("apiInfo.protocols", "HTTPS/1.1、HTTPS/2"),
            ("apiInfo.targetServers", "a.example:8443 = 60\nb.example,40"),
            ("serviceProviderInfo", "甲公司\n\n 乙公司 "),
        ):
            sheet.cell(4, COLUMN[key]).value = value

    record = filled(typed).records[0]

    assert (record["functionalAreas"], record["technicalField"], record["isHosting"]) == (1, "1", 0)
    assert (record["isCharge"], record["version"]) == ("2", "5")
    assert record["apiInfo"]["protocols"] == ["HTTPS/1.1", "HTTPS/2"]
    assert record["apiInfo"]["targetServers"] == [
        {"host": "a.example:8443", "rank": 60},
        {"host": "b.example", "rank": 40},
    ]
    assert record["serviceProviderInfo"] == ["甲公司", "乙公司"]


def test_a_wrong_code_stays_for_the_rules_to_name() -> None:
    def typed(sheet: Any) -> None:
        sheet.cell(4, COLUMN["publicScope"]).value = 2
        sheet.cell(4, COLUMN["useRequirements"]).value = "必选"

    record = filled(typed).records[0]

    assert (record["publicScope"], record["useRequirements"]) == (2, "必选")


def test_formulas_errors_and_dates_are_refused_at_their_cells() -> None:
    def typed(sheet: Any) -> None:
        sheet.cell(4, COLUMN["remark"]).value = '=HYPERLINK("http://192.0.2.1/","x")'
        sheet.cell(4, COLUMN["version"]).value = date(2026, 5, 1)
        sheet.cell(4, COLUMN["image"]).value = "#REF!"
        sheet.cell(4, COLUMN["image"]).data_type = "e"

    read = filled(typed)

    assert {breach.rule_id: read.cell(0, breach.path) for breach in read.broken[0]} == {
        "XLSX-FORMULA": "组件!D4",
        "XLSX-TYPE": "组件!C4",
        "XLSX-ERROR": "组件!E4",
    }


def test_a_text_that_looks_like_a_formula_is_written_as_a_text() -> None:
    record = {"name": "=1+1", "version": "1.0", "remark": "+cmd|' /C calc'!A0"}

    content = write_workbook([record], WORDS, LISTS)

    cell = openpyxl.load_workbook(BytesIO(content))[SHEET].cell(4, COLUMN["name"])
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    assert read_workbook(content, WORDS).records[0] == record


def test_empty_rows_are_passed_over_and_keep_the_numbers() -> None:
    def move(sheet: Any) -> None:
        sheet.insert_rows(4, 3)

    read = filled(move)

    assert (read.rows, read.cell(0, "apiInfo.targetServers.0.host"), read.cell(0, "apiInfo")) == (
        (7,),
        f"{SHEET}!{openpyxl.utils.get_column_letter(COLUMN['apiInfo.targetServers'])}7",
        f"{SHEET}!{openpyxl.utils.get_column_letter(COLUMN['apiInfo.apiName'])}7",
    )


def test_the_template_offers_the_codes_and_explains_itself_in_both_languages() -> None:
    book = openpyxl.load_workbook(BytesIO(write_workbook([], WORDS, LISTS)))
    sheet, help_sheet, codes = (book[name] for name in book.sheetnames)
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    column = openpyxl.utils.get_column_letter(COLUMN["functionalAreas"])

    assert rules[f"{column}4"].endswith("$A$2:$A$10")
    assert codes["A2"].value == "0 基础服务"
    assert [sheet.cell(row, 2).value for row in (1, 2, 3)] == ["name", "组件名称 *", "Name"]
    assert "Fill in one component a row" in " ".join(str(cell.value) for cell in help_sheet["A"])
    assert rule_of(write_workbook([], WORDS, LISTS)) == "workbook.empty"


def test_a_column_that_is_unknown_twice_or_missing_is_named() -> None:
    def unknown(sheet: Any) -> None:
        sheet.cell(1, len(COLUMNS) + 1).value = "price"

    def twice(sheet: Any) -> None:
        for row in (1, 2, 3):
            sheet.cell(row, len(COLUMNS) + 1).value = "name"

    def missing(sheet: Any) -> None:
        sheet.delete_cols(COLUMN["version"])

    for change, words in ((unknown, "price"), (twice, "name"), (missing, "version")):
        with pytest.raises(Invalid) as refused:
            filled(change)
        assert words in refused.value.message.en


def test_hostile_workbooks_are_refused_before_they_are_read() -> None:
    bomb = b"<a>" + b"0" * (45 * 1024 * 1024)
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    link = b'<Relationships><Relationship Id="r" Type="x" TargetMode="External" Target="file:///x"/></Relationships>'

    assert rule_of(repacked(lambda p: p.writestr("xl/worksheets/sheet9.xml", bomb))) == "workbook.bomb"
    assert rule_of(repacked(lambda p: p.writestr("xl/vbaProject.bin", b"x"))) == "workbook.content"
    assert (
        rule_of(repacked(lambda p: p.writestr("xl/externalLinks/externalLink1.xml", b"x")))
        == "workbook.content"
    )
    assert rule_of(repacked(lambda p: p.writestr("xl/embeddings/a.bin", b"x"))) == "workbook.content"
    assert rule_of(repacked(lambda p: p.writestr("xl/a.xml", entity))) == "workbook.dtd"
    assert rule_of(repacked(lambda p: p.writestr("xl/_rels/a.rels", link))) == "workbook.content"
    assert rule_of(repacked(lambda p: p.writestr("../../etc/x.xml", b"x"))) == "workbook.path"
    assert (
        rule_of(repacked(lambda p: [p.writestr(f"a{n}.xml", b"x") for n in range(300)] and None))
        == "workbook.parts"
    )
    assert rule_of(b"PK\x03\x04" + b"0" * 100) == "workbook.format"
    assert rule_of(b"PK\x03\x04" + b"0" * MAX_FILE_BYTES) == "workbook.size"


def test_a_sheet_of_too_many_rows_is_refused() -> None:
    def long(sheet: Any) -> None:
        for row in range(4, 1010):
            sheet.cell(row, COLUMN["name"]).value = "x"

    with pytest.raises(Invalid) as refused:
        filled(long)
    assert refused.value.problems[0].rule == "workbook.rows"


def test_a_damaged_sheet_is_refused_not_raised() -> None:
    stream = BytesIO(write_workbook(sample_records()[:1], WORDS, LISTS))
    damaged = BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(damaged, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[:-40] if part == "xl/worksheets/sheet1.xml" else content)

    assert rule_of(damaged.getvalue()) == "workbook.format"
