"""Dictionaries: drafted by one administrator, released by another, read by the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.dictionary_rules import KINDS, Entry
from domain.catalogue.errors import (
    DictionaryDraftOpen,
    EditionDecided,
    FourEyesOnDictionary,
)
from domain.catalogue.models import DictionaryEdition
from domain.catalogue.rules import Stage, check_record
from domain.samples.components import sample_records
from domain.samples.people import SamplePerson
from kernel import audit
from kernel.audit import AuditSearch
from kernel.errors import Invalid, NotAllowed
from kernel.language import Text
from tests.integration.domain.conftest import ActAs

WATER = Entry("9", Text("水务", "Water"))


def edition(session: Session, act_as: ActAs, key: str, entries: Iterable[Entry]) -> None:
    """Draft and release an edition."""
    drafted = service.draft_dictionary(session, act_as("sysadmin"), key, list(entries), "调整")
    service.decide_dictionary(session, act_as("secadmin"), drafted, release=True)


def in_force(session: Session, key: str) -> tuple[Entry, ...]:
    return queries.dictionary_entries(session)[key]


def broken(session: Session, record: dict[str, Any]) -> set[str]:
    return {breach.rule_id for breach in check_record(record, Stage.CREATION, queries.rule_context(session))}


def sample(**changes: Any) -> dict[str, Any]:
    return {**sample_records()[9], **changes}


def refused(session: Session, act_as: ActAs, key: str, entries: Iterable[Entry]) -> set[str]:
    with pytest.raises(Invalid) as caught:
        service.draft_dictionary(session, act_as("sysadmin"), key, list(entries), "调整")
    return {problem.rule for problem in caught.value.problems}


@pytest.mark.usefixtures("people")
def test_a_released_value_is_accepted_by_the_rules(session: Session, act_as: ActAs) -> None:
    record = sample(functionalAreas=9)
    assert "V-FA-01" in broken(session, record)

    drafted = service.draft_dictionary(
        session, act_as("sysadmin"), "functionalAreas", [*in_force(session, "functionalAreas"), WATER], "新增"
    )
    assert "V-FA-01" in broken(session, record)
    service.decide_dictionary(session, act_as("secadmin"), drafted, release=True)

    assert "V-FA-01" not in broken(session, record)
    assert "V-FA-01" in broken(session, sample(functionalAreas="9"))


@pytest.mark.usefixtures("people")
def test_who_drafts_cannot_release_and_the_database_refuses_it_too(session: Session, act_as: ActAs) -> None:
    entries = [*in_force(session, "functionalAreas"), WATER]
    with pytest.raises(NotAllowed):
        service.draft_dictionary(session, act_as("secadmin"), "functionalAreas", entries, "新增")
    drafted = service.draft_dictionary(session, act_as("sysadmin"), "functionalAreas", entries, "新增")
    with pytest.raises(NotAllowed):
        service.decide_dictionary(session, act_as("sysadmin"), drafted, release=True)
    row = session.get_one(DictionaryEdition, drafted)
    row.drafted_by = act_as("secadmin").person_id or row.drafted_by
    session.flush()

    with pytest.raises(FourEyesOnDictionary):
        service.decide_dictionary(session, act_as("secadmin"), drafted, release=True)
    with pytest.raises(IntegrityError):
        session.execute(update(DictionaryEdition).values(decided_by=row.drafted_by, status="released"))


@pytest.mark.usefixtures("people")
def test_a_second_draft_waits_and_a_decided_one_stays_decided(session: Session, act_as: ActAs) -> None:
    entries = [*in_force(session, "networkZone"), Entry("专网区", Text("专网区", "Private zone"))]
    drafted = service.draft_dictionary(session, act_as("sysadmin"), "networkZone", entries, "新增")

    with pytest.raises(DictionaryDraftOpen):
        service.draft_dictionary(session, act_as("sysadmin"), "networkZone", entries, "再来")
    with pytest.raises(Invalid):
        service.decide_dictionary(session, act_as("secadmin"), drafted, release=False, reason=" ")
    service.decide_dictionary(session, act_as("secadmin"), drafted, release=False, reason="暂不需要")

    with pytest.raises(EditionDecided):
        service.decide_dictionary(session, act_as("secadmin"), drafted, release=True)
    assert len(in_force(session, "networkZone")) == 2


@pytest.mark.usefixtures("people")
def test_a_value_of_the_standard_is_neither_renamed_nor_retired_nor_removed(
    session: Session, act_as: ActAs
) -> None:
    for key in KINDS:
        first, *rest = in_force(session, key)
        renamed = Entry(first.code, Text("改名", first.text.en), is_locked=True)
        retired = Entry(first.code, first.text, is_active=False, is_locked=True)

        assert first.is_locked, key
        assert "dictionary.locked" in refused(session, act_as, key, [renamed, *rest])
        assert "dictionary.locked" in refused(session, act_as, key, [retired, *rest])
        assert "dictionary.locked" in refused(session, act_as, key, [*rest, WATER])


@pytest.mark.usefixtures("people")
def test_a_dictionary_that_the_standard_closes_gets_no_further_code(session: Session, act_as: ActAs) -> None:
    for key in (key for key, kind in KINDS.items() if not kind.is_open):
        entries = [*in_force(session, key), Entry("7", Text("七", "Seven"))]

        assert refused(session, act_as, key, entries) == {"dictionary.closed"}, key


@pytest.mark.usefixtures("people")
def test_a_malformed_value_is_refused_with_its_rule(session: Session, act_as: ActAs) -> None:
    known = in_force(session, "functionalAreas")
    for entry, rule in (
        (Entry("01", Text("甲", "A")), "dictionary.code"),
        (Entry("x", Text("甲", "A")), "dictionary.code"),
        (Entry("9", Text("", "A")), "dictionary.word"),
        (Entry("9", Text("甲", "B\n")), "dictionary.word"),
        (Entry("8", Text("甲", "A")), "dictionary.repeated"),
        (Entry("9", Text("城市治理", "A")), "dictionary.repeated"),
    ):
        assert refused(session, act_as, "functionalAreas", [*known, entry]) == {rule}


@pytest.mark.usefixtures("people")
def test_a_value_in_use_is_retired_but_not_removed(session: Session, act_as: ActAs) -> None:
    report = service.import_components(session, act_as("fabu1"), [sample(functionalAreas=2)], source="test")
    version_id = report.rows[0].version_id
    kept = [entry for entry in in_force(session, "functionalAreas") if entry.code != "2"]
    retired = Entry("2", Text("城市治理", "City governance"), is_active=False)

    assert refused(session, act_as, "functionalAreas", kept) == {"dictionary.used"}
    edition(session, act_as, "functionalAreas", [*kept, retired])

    assert 2 not in queries.dictionary_codes(session, "functionalAreas")
    assert queries.dictionary_words(session)["functionalAreas"][2].zh == "城市治理"
    assert "V-FA-01" in broken(session, sample(functionalAreas=2, name="另一个组件"))
    assert version_id is not None
    assert "V-FA-01" not in {b.rule_id for b in queries.check_version(session, version_id, Stage.CREATION)}


@pytest.mark.usefixtures("people")
def test_an_unused_value_of_ours_can_be_removed_and_reordered(session: Session, act_as: ActAs) -> None:
    entries = [entry for entry in in_force(session, "functionalAreas") if entry.code != "8"]

    edition(session, act_as, "functionalAreas", reversed(entries))

    assert queries.dictionary_codes(session, "functionalAreas") == (7, 6, 5, 4, 3, 2, 1, 0)


@pytest.mark.usefixtures("people")
def test_each_edition_is_numbered_and_on_the_trail(session: Session, act_as: ActAs) -> None:
    edition(session, act_as, "functionalAreas", [*in_force(session, "functionalAreas"), WATER])
    edition(
        session, act_as, "functionalAreas", [e for e in in_force(session, "functionalAreas") if e.code != "9"]
    )

    rows = queries.dictionary_editions(session, "functionalAreas")
    events = audit.search(session, AuditSearch(stream="system:dictionaries"))
    actions = [event.action for event in events]

    assert [(row.number, row.status) for row in rows] == [(2, "released"), (1, "released")]
    assert sorted(actions) == ["dictionary.drafted"] * 2 + ["dictionary.released"] * 2


def test_the_shipped_values_hold_before_any_edition(
    session: Session, people: dict[str, SamplePerson]
) -> None:
    assert people
    assert queries.dictionary_codes(session, "isCharge") == ("1", "2")
    assert queries.dictionary_codes(session, "isHosting") == (0, 1)
    assert queries.dictionary_codes(session, "technicalField") == ("1", "2", "3", "4", "5")
