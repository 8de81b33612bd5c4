"""Handlers and listeners on the real domain: what they answer, what they store, what they refuse."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.catalogue import queries
from domain.gateway import queries as gateway
from domain.market.queries import MarketFilter, search
from domain.notices.queries import notices
from domain.people import queries as people
from domain.people.service import delegate_authority
from engine.api import TaskNotice
from handlers.checks.results import Severity
from kernel.actor import Actor, system_actor
from kernel.clock import now
from kernel.errors import Invalid, NotAllowed, Rejected
from kernel.files import store_file
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.integration.handlers.conftest import NAMES, ActAs, Bench
from tests.unit.handlers.checks import documents


def attach(bench: Bench, actor: Actor, version_id: UUID, kind: str, name: str, content: bytes) -> None:
    """Upload a file and attach it as the form's listener does."""
    stored = perform(
        bench.platform.database,
        "file.store",
        actor,
        lambda session: store_file(session, bench.platform.files, io.BytesIO(content), name, actor),
    )
    record = {"componentDetails": {"resources": {kind: stored.reference}}}
    bench.listen("catalogue.save_record", actor, versionId=str(version_id), record=record)


def record_of(bench: Bench, version_id: UUID) -> dict[str, Any]:
    with bench.platform.database.read() as session:
        return dict(queries.version_detail(session, system_actor(), version_id).record)


def test_every_topic_has_titles_in_both_languages(bench: Bench) -> None:
    registry = bench.platform.engine.registry
    handlers, listeners = registry.topics(), registry.listener_topics()

    titles = [*(each.title for each in handlers), *(each.title for each in listeners)]
    titles += [parameter.title for each in handlers for parameter in each.parameters]
    titles += [parameter.title for each in listeners for parameter in each.parameters]
    assert len(handlers) + len(listeners) > 20
    assert all(title.zh and title.en and title.zh != title.en for title in titles)


def test_preparation_of_a_sample_passes_and_is_stored_once_per_job(bench: Bench, version_id: UUID) -> None:
    job_id, preparation = new_id(), bench.preparation()

    first = bench.run("checks.preparation", job_id, versionId=str(version_id), preparation=preparation)
    stored = bench.runs(version_id)
    bench.run("checks.preparation", job_id, versionId=str(version_id), preparation=preparation)

    assert first["passed"] is True
    assert {run.id for run in bench.runs(version_id).values()} == {run.id for run in stored.values()}
    assert {name: run.status for name, run in stored.items()} == {
        "self_checks": "passed",
        "attachments": "passed",
        "openapi": "passed",
        "table_1": "passed",
        "preparation": "passed",
    }


def test_damaged_report_fails_the_preparation_and_is_named(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    attach(bench, act_as("fabu1"), version_id, "securityTestReport", "报告.pdf", documents.pdf()[:300])

    answer = bench.run("checks.preparation", versionId=str(version_id), preparation=bench.preparation())

    found = bench.runs(version_id)["attachments"]
    assert answer["passed"] is False
    assert answer["reviewRegions"] == {"province": "990000", "city": "990100"}
    assert [(finding.rule, finding.place) for finding in found.findings] == [
        ("F-CORRUPT", "securityTestReport")
    ]
    assert bench.runs(version_id)["preparation"].status == "failed"


def test_network_declaration_is_checked_down_to_the_health_endpoint(
    bench: Bench, version_id: UUID, served: int
) -> None:
    declaration = record_of(bench, version_id)["extension"]

    answer = bench.run("network.declaration", versionId=str(version_id), declaration=declaration)

    assert (answer["passed"], answer["reachable"]) == (True, True)
    assert bench.runs(version_id)["health"].status == "passed"


def test_over_broad_declaration_fails(bench: Bench, version_id: UUID) -> None:
    declaration = record_of(bench, version_id)["extension"]
    declaration["accessPolicies"] = [{"sourceCidr": "0.0.0.0/0", "port": 443, "protocol": "TCP"}]

    answer = bench.run("network.declaration", versionId=str(version_id), declaration=declaration)

    rules = {finding.rule for finding in bench.runs(version_id)["network.declaration"].findings}
    assert answer["passed"] is False
    assert "N-CIDR-BROAD" in rules


def test_address_that_may_not_be_probed_is_not_checked_and_never_passed(
    bench: Bench, version_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = record_of(bench, version_id)["extension"]
    declaration |= {"serviceAddress": "https://10.11.12.13", "ipAddressAcknowledged": True}

    answer = bench.run("network.declaration", versionId=str(version_id), declaration=declaration)

    runs = bench.runs(version_id)
    assert answer["passed"] is True
    assert answer["reachable"] is False
    assert (runs["health"].status, runs["network.reachability"].status) == ("not_checked", "not_checked")
    assert "not checked" in runs["network"].summary.en


def test_preregistration_records_a_route_that_is_not_enforced(bench: Bench, version_id: UUID) -> None:
    answer = bench.run("gateway.preregister", versionId=str(version_id), apiInfo={})
    later = bench.run("gateway.register_route", versionId=str(version_id))

    with bench.platform.database.read() as session:
        routes = gateway.routes(session, version_id)
    note = bench.runs(version_id)["route_registration"].findings[0]
    assert answer["passed"] is True
    assert (later["ok"], later["skipped"], later["difference"]) == (True, False, [])
    assert {route.stage for route in routes} == {"pre_release", "production"}
    assert not any(route.enforced for route in routes)
    assert (note.rule, note.severity, note.message.en) == (
        "G-NOT-ENFORCED",
        Severity.INFO.value,
        "Recorded, not enforced: no gateway connected",
    )


def test_preregistration_fails_when_the_service_is_silent_and_records_nothing(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    bench.listen(
        "catalogue.save_record",
        act_as("fabu1"),
        versionId=str(version_id),
        record={"extension": {"serviceAddress": "http://localhost:1"}},
    )

    answer = bench.run("gateway.preregister", versionId=str(version_id), apiInfo={})

    with bench.platform.database.read() as session:
        assert gateway.routes(session, version_id) == []
    assert answer["passed"] is False
    assert bench.runs(version_id)["health"].findings[0].rule == "H-NO-ANSWER"


def test_path_inside_the_path_of_another_component_fails(
    bench: Bench, act_as: ActAs, versions: dict[str, UUID]
) -> None:
    first, second = (versions[name] for name in NAMES)
    bench.run("gateway.preregister", versionId=str(first), apiInfo={})
    inside = record_of(bench, first)["apiInfo"]["publicPath"] + "/v9"
    bench.listen(
        "catalogue.save_record",
        act_as("fabu1"),
        versionId=str(second),
        record={"apiInfo": {"publicPath": inside}},
    )

    answer = bench.run("gateway.preregister", versionId=str(second), apiInfo={})

    assert answer["passed"] is False
    assert bench.runs(second)["gateway.routes"].findings[0].rule == "G-NESTED"


def test_api_risk_says_plainly_that_nothing_was_attacked(bench: Bench, version_id: UUID) -> None:
    answer = bench.run("checks.api_risk", versionId=str(version_id))

    runs = bench.runs(version_id)
    assert answer["passed"] is True
    assert runs["api_risk"].status == "not_checked"
    assert [finding.rule for finding in runs["api_risk"].findings] == ["A-DYNAMIC"]
    assert runs["api_risk.declared"].status == "passed"


def test_draft_is_opened_once_and_a_taken_name_is_an_answer(bench: Bench, versions: dict[str, UUID]) -> None:
    fresh = bench.run("catalogue.open_draft", name="全新组件", version="1.0.0", buildMode="新建")
    taken = bench.run("catalogue.open_draft", name=NAMES[0], version="9.0.0", buildMode="新建")

    assert fresh["ok"] is True
    assert fresh["record"]["name"] == "全新组件"
    assert (taken["ok"], taken["versionId"]) == (False, None)
    assert taken["problem"]["en"]


def test_existing_draft_is_taken_up_again(bench: Bench, version_id: UUID) -> None:
    answer = bench.run(
        "catalogue.open_draft",
        name=NAMES[0],
        version="1.3.0",
        buildMode="解耦与重构",
        versionId=str(version_id),
    )

    assert (answer["ok"], answer["versionId"]) == (True, str(version_id))


def test_basics_are_checked_and_recorded(bench: Bench, version_id: UUID) -> None:
    answer = bench.run("catalogue.check_basics", versionId=str(version_id))

    assert answer["passed"] is True
    assert isinstance(answer["duplicateScore"], float)
    assert bench.runs(version_id)["basics"].status == "passed"


def test_only_the_right_role_may_state_a_result(bench: Bench, act_as: ActAs, version_id: UUID) -> None:
    stated = {"versionId": str(version_id), "check": "operator_tests", "passed": True, "note": "三项通过"}

    with pytest.raises(NotAllowed):
        bench.listen("checks.record_statement", act_as("fabu1"), **stated)
    bench.listen(
        "checks.record_statement",
        act_as("yunying1"),
        **stated,
        details={"functional": {"result": "passed", "evidence": "附件"}},
    )

    run = bench.runs(version_id)["operator_tests"]
    assert run.is_statement
    assert [(one.message.en, one.evidence, one.severity) for one in run.findings] == [
        ("Functional test: passed", "附件", "info")
    ]


def test_provider_without_anybody_to_accept_is_refused(bench: Bench, act_as: ActAs) -> None:
    with bench.platform.database.read() as session:
        units = {unit.name: unit.id for unit in people.units(session)}
    actor = act_as("fabu2")

    for refused in (units["示例科技03有限公司（示例）"], actor.unit_id, new_id(), "nonsense"):
        with pytest.raises(Invalid) as refusal:
            bench.listen("catalogue.check_provider", actor, providerUnitId=str(refused))
        assert [problem.path for problem in refusal.value.problems] == ["providerUnitId"]
    bench.listen("catalogue.check_provider", actor, providerUnitId=str(units["示例科技07有限公司（示例）"]))


def test_a_third_party_is_who_acts_by_the_authority_of_a_department(bench: Bench, act_as: ActAs) -> None:
    with bench.platform.database.read() as session:
        company = people.unit_by_name(session, "示例科技07有限公司（示例）")
    department = act_as("fabu2")
    assert company is not None

    def refused(kind: str) -> list[str]:
        given = {"providerUnitId": str(company.id), "providerType": kind}
        try:
            bench.listen("catalogue.check_provider", department, **given)
        except Invalid as refusal:
            return [problem.path for problem in refusal.problems]
        return []

    assert (refused("own"), refused("third_party")) == ([], ["providerType"])
    today = now().date()
    with bench.platform.database.write() as session:
        delegate_authority(
            session,
            department,
            company.id,
            "990100",
            "接入交通类组件",
            today.isoformat(),
            (today + timedelta(days=30)).isoformat(),
        )
    assert (refused("own"), refused("third_party")) == (["providerType"], [])


def test_forbidden_transition_refuses_the_whole_command(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    with pytest.raises(Rejected):
        bench.listen("catalogue.transition", act_as("yunying1"), versionId=str(version_id), event="PUBLISH")


def test_metadata_gets_the_same_receipt_every_time(bench: Bench, version_id: UUID) -> None:
    before = bench.run("directory.receipt", versionId=str(version_id))
    first = bench.run("directory.push", versionId=str(version_id))
    second = bench.run("directory.push", versionId=str(version_id))
    after = bench.run("directory.receipt", versionId=str(version_id))

    assert (before["present"], after["present"]) == (False, True)
    assert first["receipt"] == second["receipt"]
    assert first["receipt"].startswith("local:")


def test_missing_manual_and_api_document_fail_the_preparation(bench: Bench, act_as: ActAs) -> None:
    opened = bench.run("catalogue.open_draft", name="全新接口", version="1.0.0", buildMode="新建")
    version_id = UUID(opened["versionId"])
    bench.listen(
        "catalogue.save_record",
        act_as("fabu1"),
        versionId=str(version_id),
        record={"technicalField": "1", "isHosting": 0},
    )

    answer = bench.run("checks.preparation", versionId=str(version_id), preparation=bench.preparation())

    runs = bench.runs(version_id)
    missing = {finding.place for finding in runs["attachments"].findings if finding.rule == "F-PRESENT"}
    assert answer["passed"] is False
    assert {"securityTestReport", "userManual", "apiDocument"} <= missing
    assert runs["openapi"].status == "not_checked"


def test_draft_cannot_be_published_and_nothing_of_the_attempt_stays(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    answer = bench.run("market.publish", versionId=str(version_id), settings={"publicScope": 1})

    with bench.platform.database.read() as session:
        found = search(session, act_as("yunying1"), MarketFilter(text=NAMES[0]))
    assert answer["ok"] is False
    assert answer["problem"]["en"]
    assert found.total == 0


def test_listing_is_refused_without_a_security_assessment(bench: Bench, version_id: UUID) -> None:
    answer = bench.run("catalogue.check_listing", versionId=str(version_id))

    runs = bench.runs(version_id)
    assert (answer["passed"], answer["expired"]) == (False, False)
    assert answer["reviewRegions"] == {"province": "990000", "city": "990100"}
    assert [finding.rule for finding in runs["earlier_checks"].findings] == ["L-SECURITY"]
    assert runs["listing"].status == "failed"


def test_notice_reaches_the_units_of_the_component_and_nobody_else(
    bench: Bench, act_as: ActAs, version_id: UUID
) -> None:
    bench.run(
        "notices.send", versionId=str(version_id), template="onboarding_confirmed", to=["releasing_unit"]
    )

    with bench.platform.database.read() as session:
        reached = notices(session, act_as("fabu2")).rows
        others = notices(session, act_as("tigong4")).rows
    assert [row.title.zh for row in reached] == [f"组件已接入：{NAMES[0]} 1.3.0"]
    assert reached[0].link is not None
    assert others == ()


def test_open_task_is_told_to_its_candidates(bench: Bench, act_as: ActAs) -> None:
    notice = TaskNotice(
        kind="opened",
        task_id=new_id(),
        name=Text("接入审核", "Onboarding review"),
        process_name=Text("组件接入", "Component onboarding"),
        instance=bench.facts(),
        candidate_role="reviewer",
        candidate_unit_id=None,
        region_code="990100",
        assignee_id=None,
        due_at=None,
        at=now(),
    )

    perform(
        bench.platform.database,
        "test",
        system_actor(),
        lambda session: bench.platform.engine.registry.notify(session, notice),
    )

    with bench.platform.database.read() as session:
        reached = notices(session, act_as("shenhe1")).rows
        others = notices(session, act_as("yunying1")).rows
    assert [row.title.en for row in reached] == ["To do: Onboarding review"]
    assert others == ()
