"""Changes of listed components: what is pending stands beside what holds until it is approved and due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue import service as catalogue_service
from domain.catalogue.errors import NotEditable, RecordHasMoved, VersionNotFound
from domain.catalogue.semantics import Level
from domain.catalogue.states import State
from domain.changes import queries, service
from domain.changes.errors import ChangeAlreadyOpen, ChangeElsewhere, ChangeNotFound, NotChangeable
from domain.changes.kinds import Kind, Risk, Status
from domain.changes.service import Contract, Proposal
from domain.checks.names import HEALTH_EXEMPTION
from domain.checks.service import CheckRunInput, record_check_run
from domain.people.queries import actor_for
from domain.samples.people import sample_person_id
from kernel.actor import system_actor
from kernel.clock import now
from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.files import FileStore
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.factories.versions import listed_version, put_in_state
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.leaving import Leaving
from tests.unit.domain.records import valid_record

PLATFORM = system_actor("platform")
WINDOW = {
    "window_start": (now() + timedelta(days=3)).isoformat(),
    "window_end": (now() + timedelta(days=3, hours=2)).isoformat(),
}


@pytest.fixture
def version(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path) -> UUID:
    """Bring a version into the catalogue."""
    return listed_version(session, act_as("fabu2"), valid_record(), store, tmp_path)


@pytest.fixture
def opened(session: Session, act_as: ActAs, version: UUID) -> Callable[[Kind], UUID]:
    """Open changes of the version as its provider."""
    return lambda kind: service.open_change(session, act_as("tigong1"), version, kind)


def proposal(**given: Any) -> Proposal:
    """Return a proposal that says everything."""
    said = {"summary": "调整", "impact": "短暂抖动", "rollback_plan": "恢复原值", **WINDOW}
    return Proposal(**{**said, **given})


def problems_of(refused: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    """Return the rules that a refusal names, with their fields."""
    return {(problem.path, problem.rule) for problem in refused.value.problems}


def record_now(session: Session, version: UUID) -> dict[str, Any]:
    """Return the record as everybody sees it."""
    return dict(catalogue.version_detail(session, PLATFORM, version).record)


def test_a_pending_change_leaves_the_record_as_it_is_until_it_is_applied(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    before = record_now(session, version)
    change_id = opened(Kind.CATALOGUE)

    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(record={"remark": "新的简介，内容更准确。"})
    )
    found = service.assess_change(session, PLATFORM, change_id)

    assert record_now(session, version) == before
    row = queries.change(session, act_as("yunying1"), change_id)
    assert [(one.path, one.before, one.after) for one in row.differences] == [
        ("remark", before["remark"], "新的简介，内容更准确。")
    ]
    assert (found.passed, row.status, row.is_open) == (True, Status.SUBMITTED, True)

    service.apply_change(session, PLATFORM, change_id)
    service.finish_change(session, PLATFORM, change_id, Status.FINISHED)

    assert record_now(session, version) == {**before, "remark": "新的简介，内容更准确。"}
    assert queries.open_change_of(session, version) is None


def test_a_change_of_what_is_in_use_is_riskier(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.CATALOGUE)
    service.submit_change(session, act_as("tigong1"), change_id, proposal(record={"remark": "新的简介。"}))
    unused = service.assess_change(session, PLATFORM, change_id)

    Leaving(session, act_as, version).order()
    used = service.assess_change(session, PLATFORM, change_id)

    assert used.risk_score == unused.risk_score + 10
    assert "orders" in queries.change(session, act_as("yunying1"), change_id).factors


def test_a_listed_record_cannot_be_edited_past_its_review(
    session: Session, act_as: ActAs, version: UUID
) -> None:
    with pytest.raises(NotEditable):
        catalogue_service.save_record(session, act_as("tigong1"), version, {"remark": "绕过审核"})
    detail = catalogue.version_detail(session, PLATFORM, version)
    with pytest.raises(NotAllowed):
        catalogue_service.replace_record(
            session, act_as("tigong1"), version, {}, expected_digest=detail.record_digest, reason="x"
        )


def test_a_broken_rule_is_found_on_what_changes_and_nowhere_else(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.POLICY)
    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(record={"apiInfo": {"rateLimit": 2001}})
    )

    found = service.assess_change(session, PLATFORM, change_id)

    assert not found.passed
    assert [breach.rule_id for breach in found.breaches] == ["V-API-11"]


@pytest.mark.parametrize("is_exempt", [True, False])
def test_what_was_exempted_for_having_no_endpoint_gets_none_by_a_change(
    session: Session, act_as: ActAs, store: FileStore, tmp_path: Path, is_exempt: bool
) -> None:
    record = {**valid_record("apiInfo", None), "technicalField": "5"}
    record["extension"] = {**record["extension"], "serviceAddress": None, "documents": {}}
    version_id = listed_version(session, act_as("fabu2"), record, store, tmp_path)
    if is_exempt:
        record_check_run(
            session,
            CheckRunInput(
                version_id=version_id,
                check=HEALTH_EXEMPTION,
                status="passed",
                summary=Text("豁免", "Exempt"),
            ),
        )
    change_id = service.open_change(session, act_as("tigong1"), version_id, Kind.CONFIGURATION)
    given = {"extension": {"serviceAddress": "https://rules.svc.example"}}
    service.submit_change(session, act_as("tigong1"), change_id, proposal(record=given))

    found = service.assess_change(session, PLATFORM, change_id)

    broken = [(breach.rule_id, breach.path) for breach in found.breaches]
    assert broken == ([("X-ENDPOINT", "extension.serviceAddress")] if is_exempt else [])


def test_weights_that_do_not_sum_to_100_are_refused(
    session: Session, act_as: ActAs, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.CONFIGURATION)
    servers = [{"host": "a.svc.example:80", "rank": 60}, {"host": "b.svc.example:80", "rank": 41}]
    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(record={"apiInfo": {"targetServers": servers}})
    )

    found = service.assess_change(session, PLATFORM, change_id)

    assert [breach.rule_id for breach in found.breaches] == ["V-API-08"]
    assert found.risk_level is Risk.MEDIUM


PROPOSALS: list[tuple[Kind, dict[str, Any], set[tuple[str, str]]]] = [
    (Kind.CATALOGUE, {"record": {}}, {("record", "C-FIELD-02")}),
    (Kind.CATALOGUE, {"record": {"remark": "新"}, "summary": " "}, {("summary", "C-TEXT-01")}),
    (
        Kind.CATALOGUE,
        {"record": {"apiInfo": {"rateLimit": 5}}},
        {("record.apiInfo.rateLimit", "C-FIELD-01")},
    ),
    (Kind.POLICY, {"record": {"isHosting": 1}}, {("record.isHosting", "C-FIELD-01")}),
    (
        Kind.POLICY,
        {"record": {"apiInfo": {"rateLimit": 5}}, "impact": "", "rollback_plan": ""},
        {("impact", "C-TEXT-01"), ("rollbackPlan", "C-TEXT-01")},
    ),
    (
        Kind.POLICY,
        {"record": {"apiInfo": {"rateLimit": 5}}, "window_start": "2020-01-01T00:00"},
        {("windowStart", "C-WINDOW-02")},
    ),
    (
        Kind.POLICY,
        {"record": {"apiInfo": {"rateLimit": 5}}, "window_start": "yesterday"},
        {("windowStart", "C-WINDOW-01")},
    ),
    (
        Kind.POLICY,
        {"record": {"apiInfo": {"rateLimit": 5}}, "window_end": WINDOW["window_start"]},
        {("windowEnd", "C-WINDOW-03")},
    ),
    (Kind.VERSION, {"new_version": "v2"}, {("newVersion", "V-VER-01")}),
    (Kind.VERSION, {"new_version": "99.0.0"}, {("compatibilityPlan", "C-PLAN-01")}),
]


def test_a_proposal_is_refused_with_every_field_that_must_be_mended(
    session: Session, act_as: ActAs, opened: Callable[[Kind], UUID]
) -> None:
    for kind, given, expected in PROPOSALS:
        change_id = opened(kind)
        with pytest.raises(Invalid) as refused:
            service.submit_change(session, act_as("tigong1"), change_id, proposal(**given))
        assert problems_of(refused) == expected
        service.finish_change(session, PLATFORM, change_id, Status.REFUSED)


def test_a_number_that_is_taken_or_late_is_refused(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    own = catalogue.version_detail(session, PLATFORM, version).version
    change_id = opened(Kind.VERSION)

    with pytest.raises(Invalid) as refused:
        service.submit_change(session, act_as("tigong1"), change_id, proposal(new_version=own))
    assert problems_of(refused) == {("newVersion", "V-VER-02")}

    major = own.split(".")[0]
    with pytest.raises(Invalid) as refused:
        service.submit_change(
            session, act_as("tigong1"), change_id, proposal(new_version=f"{major}.0.0-rc.1")
        )
    assert problems_of(refused) == {("newVersion", "S-VER-01")}


def test_a_breaking_contract_under_the_same_major_number_is_refused_with_the_rule(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    major, minor, *_ = catalogue.version_detail(session, PLATFORM, version).row.canonical.split(".")
    change_id = opened(Kind.VERSION)
    new = f"{major}.{int(minor) + 1}.0"
    service.submit_change(session, act_as("tigong1"), change_id, proposal(new_version=new))

    broken = service.assess_change(session, PLATFORM, change_id, contract=Contract(Level.MAJOR))
    assert [breach.rule_id for breach in broken.breaches] == ["S-VER-02"]

    grown = service.assess_change(session, PLATFORM, change_id, contract=Contract(Level.MINOR))
    assert (grown.passed, grown.level) == (True, Level.MINOR)


def test_contracts_that_were_not_compared_are_kept_as_not_compared(
    session: Session, act_as: ActAs, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.VERSION)
    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(new_version="99.0.0", compatibility_plan="双版本并行")
    )

    service.assess_change(session, PLATFORM, change_id)

    row = queries.change(session, PLATFORM, change_id)
    assert row.contract is None
    assert "unknown_contract" in row.factors


def test_only_the_authorised_provider_opens_a_change(session: Session, act_as: ActAs, version: UUID) -> None:
    for who in ("tigong3", "fabu2", "yunying1", "shenhe1"):
        with pytest.raises((NotAllowed, VersionNotFound)):
            service.open_change(session, act_as(who), version, Kind.CATALOGUE)


def test_a_version_elsewhere_in_its_life_is_not_changed(
    session: Session, act_as: ActAs, version: UUID
) -> None:
    for state in set(State) - {State.LISTED, State.PUBLISHED}:
        put_in_state(session, version, state)
        with pytest.raises(NotChangeable):
            service.open_change(session, act_as("tigong1"), version, Kind.CATALOGUE)


def test_of_two_changes_of_one_version_one_is_refused(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    first = opened(Kind.CATALOGUE)

    with pytest.raises(ChangeAlreadyOpen):
        opened(Kind.POLICY)
    service.finish_change(session, PLATFORM, first, Status.REFUSED, "撤回")
    assert opened(Kind.POLICY) != first


def test_two_changes_at_the_same_moment_leave_one(
    database: Database, people: object, store: FileStore, tmp_path: Path
) -> None:
    with database.write() as session:

        def person(name: str) -> Any:
            found = sample_person_id(session, name)
            assert found is not None
            return actor_for(session, found)

        releasing, provider = person("fabu2"), person("tigong1")
        version = listed_version(session, releasing, valid_record(), store, tmp_path)

    def open_it(session: Session) -> UUID:
        return service.open_change(session, provider, version, Kind.CATALOGUE)

    perform(database, "change.open", provider, open_it)
    with pytest.raises(Conflict):
        perform(database, "change.open", provider, open_it)
    with database.read() as session:
        assert len(queries.changes_of(session, version)) == 1


def test_what_was_applied_is_restored_to_the_byte(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    before = catalogue.version_detail(session, PLATFORM, version)
    change_id = opened(Kind.POLICY)
    record = {"apiInfo": {"rateLimit": 7}, "extension": {"maxConcurrency": 3}}
    service.submit_change(session, act_as("tigong1"), change_id, proposal(record=record))
    service.assess_change(session, PLATFORM, change_id)
    service.apply_change(session, PLATFORM, change_id)
    assert service.apply_change(session, PLATFORM, change_id)

    service.restore_record(session, PLATFORM, change_id, "错误率升高")

    after = catalogue.version_detail(session, PLATFORM, version)
    assert (after.record_digest, after.record) == (before.record_digest, before.record)


def test_a_record_that_moved_meanwhile_is_not_overwritten(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.POLICY)
    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(record={"apiInfo": {"rateLimit": 7}})
    )
    detail = catalogue.version_detail(session, PLATFORM, version)
    catalogue_service.replace_record(
        session, PLATFORM, version, {**detail.record, "remark": "别的变更"},
        expected_digest=detail.record_digest, reason="另案",
    )  # fmt: skip

    with pytest.raises(RecordHasMoved):
        service.apply_change(session, PLATFORM, change_id)


def test_a_version_that_is_being_delisted_takes_no_change_any_more(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.POLICY)
    service.submit_change(
        session, act_as("tigong1"), change_id, proposal(record={"apiInfo": {"rateLimit": 7}})
    )
    put_in_state(session, version, State.DELISTING)

    with pytest.raises(NotEditable):
        service.apply_change(session, PLATFORM, change_id)


def test_an_ended_change_is_neither_submitted_nor_assessed_nor_ended_again(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.CATALOGUE)
    service.finish_change(session, PLATFORM, change_id, Status.REFUSED, "撤回")
    service.finish_change(session, PLATFORM, change_id, Status.FINISHED)

    with pytest.raises(ChangeElsewhere):
        service.submit_change(session, act_as("tigong1"), change_id, proposal(record={"remark": "新"}))
    with pytest.raises(ChangeElsewhere):
        service.assess_change(session, PLATFORM, change_id)
    with pytest.raises(ChangeNotFound):
        queries.change(session, PLATFORM, new_id())
    assert queries.change(session, PLATFORM, change_id).status is Status.REFUSED


def test_the_sunset_of_an_old_version_is_kept(
    session: Session, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    assert queries.sunset_of(session, version) is None

    service.record_sunset(session, PLATFORM, opened(Kind.VERSION), date(2027, 6, 1))

    assert queries.sunset_of(session, version) == "2027-06-01"


def test_a_new_version_is_held_by_the_change_that_brings_it(
    session: Session, act_as: ActAs, version: UUID, opened: Callable[[Kind], UUID]
) -> None:
    change_id = opened(Kind.VERSION)
    detail = catalogue.version_detail(session, PLATFORM, version)
    born = catalogue_service.open_draft(
        session, act_as("tigong1"), "", "98.0.0", detail.row.build_mode,
        component_id=detail.component_id, from_version_id=version,
    )  # fmt: skip
    assert born.version_id is not None
    service.note_new_version(session, change_id, born.version_id)

    held = queries.change_that_brings(session, born.version_id)
    assert held is not None
    assert held.id == change_id
    service.finish_change(session, PLATFORM, change_id, Status.FINISHED)
    assert queries.change_that_brings(session, born.version_id) is None


def test_a_new_version_begins_with_what_the_old_one_says_and_its_files(
    session: Session, act_as: ActAs, version: UUID
) -> None:
    old = catalogue.version_detail(session, PLATFORM, version)

    born = catalogue_service.open_draft(
        session, act_as("tigong1"), "", "98.0.0", old.row.build_mode,
        component_id=old.component_id, from_version_id=version,
    )  # fmt: skip

    assert born.version_id is not None
    new = catalogue.version_detail(session, PLATFORM, born.version_id)
    assert dict(new.record) == {**old.record, "version": "98.0.0"}
    assert {row.kind: row.file.digest for row in new.attachments} == {
        row.kind: row.file.digest for row in old.attachments
    }
    assert new.state is State.DRAFT


def test_a_further_version_that_is_not_the_newest_of_its_line_is_a_result_with_the_rule(
    session: Session, act_as: ActAs, version: UUID
) -> None:
    old = catalogue.version_detail(session, PLATFORM, version)
    major = old.row.canonical.split(".")[0]

    opened_draft = catalogue_service.open_draft(
        session, act_as("fabu2"), "", f"{major}.0.0-alpha", old.row.build_mode, component_id=old.component_id
    )

    assert not opened_draft.ok
    assert opened_draft.problem is not None
    assert old.row.canonical in opened_draft.problem.zh
