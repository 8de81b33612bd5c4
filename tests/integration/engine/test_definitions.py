"""Definitions: what is refused, versions, pins, drafts released by a second administrator."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.api import (
    DefinitionNotFound,
    DefinitionVersion,
    DeploymentRefused,
    DraftNotOpen,
    InstanceAlreadyOpen,
    SameAdministrator,
    StartNotAllowed,
)
from kernel.audit import events_of_stream
from kernel.errors import Conflict, Invalid, NotAllowed
from tests.integration.engine.desk import Desk, person
from tests.integration.engine.diagrams import chain, diagram, end, files, node, review_form, start, user_task
from tests.integration.engine.samples import (
    calling_process,
    review_process,
    single_service,
    single_task,
    task_with_listener,
)
from tests.unit.engine.dmn.table import definitions, table


def rules_of(desk: Desk, key: str, given: dict[str, bytes]) -> set[tuple[str | None, str]]:
    """Return element and rule of each error that a check finds."""
    with desk.database.read() as session:
        report = desk.engine.check_files(session, key, given)
    return {(problem.element_id, problem.rule) for problem in report.problems if problem.severity == "error"}


def test_a_sound_definition_is_checked_by_two_engines(desk: Desk) -> None:
    with desk.database.read() as session:
        report = desk.engine.check_files(session, "review-process", review_process())

    assert report.is_deployable
    assert report.soundness is not None
    assert report.second_opinion is not None


def test_what_the_platform_does_not_have_is_refused_with_the_element(desk: Desk) -> None:
    unknown_topic = single_service()
    unknown_topic["service.bpmn"] = unknown_topic["service.bpmn"].replace(b"checks.run", b"checks.gone")
    unknown_listener = task_with_listener()
    unknown_listener["listener.bpmn"] = unknown_listener["listener.bpmn"].replace(
        b"catalogue.transition", b"catalogue.gone"
    )

    assert rules_of(desk, "service", unknown_topic) == {("check", "topic.unknown")}
    assert rules_of(desk, "listener", unknown_listener) == {("review", "listener.unknown")}
    assert rules_of(desk, "single", single_task(role="wizard")) == {("review", "role.unknown")}
    assert rules_of(desk, "service", single_service(parameters="stage='dinner'")) == {
        ("check", "parameter.value")
    }
    assert rules_of(desk, "service", single_service(parameters="colour='red'")) == {
        ("check", "parameter.unknown")
    }
    assert rules_of(desk, "caller", calling_process(called="gone")) == {("part", "call.unknown-process")}


def test_forms_are_checked_with_the_diagram(desk: Desk) -> None:
    missing = single_task()
    del missing["forms/review.json"]
    loose = review_form()
    del loose["additionalProperties"]
    task = user_task("review", "reviewer", "review.json")
    with_loose = files(
        "single", diagram("single", start(), task, end(), *chain("begin", "review", "done")), review=loose
    )

    assert rules_of(desk, "single", missing) == {("review", "form.unknown")}
    assert rules_of(desk, "single", with_loose) == {("review", "form.additional-properties")}
    assert rules_of(desk, "single", {**single_task(), "script.py": b"1"}) == {(None, "files.unknown")}
    assert rules_of(desk, "other", {"other.bpmn": single_task()["single.bpmn"], **single_task()}) >= {
        (None, "files.unknown")
    }


def test_a_refused_definition_is_not_deployed_and_the_refusal_is_recorded(desk: Desk) -> None:
    with pytest.raises(DeploymentRefused) as refusal:
        desk.deploy("single", single_task(role="wizard"))

    assert refusal.value.findings[0].cure.en
    with desk.database.read() as session:
        assert desk.engine.definitions(session) == ()
        assert [event.outcome for event in events_of_stream(session, "system:commands")] == ["refused"]
    with pytest.raises(DefinitionNotFound):
        desk.start("single")


def test_the_same_files_are_the_same_version(desk: Desk) -> None:
    first = desk.deploy("single", single_task())
    again = desk.deploy("single", {**single_task(), "README.md": b"who uses it"})
    second = desk.deploy("single", single_task(attributes='zujian:deadline="5WD"'))

    assert first == again != second
    with desk.database.read() as session:
        versions = desk.engine.definition_versions(session, "single")
        kept = desk.engine.definition_version(session, first)
    assert [version.version for version in versions] == [2, 1]
    assert kept.files == single_task()


def test_a_running_instance_stays_on_its_version(desk: Desk) -> None:
    desk.deploy("single", single_task())
    old = desk.start("single")
    desk.deploy("single", single_task(attributes='zujian:withdraw="true"'))
    new = desk.start("single")

    assert (desk.instance(old.id).row.process_version, desk.instance(new.id).row.process_version) == (1, 2)
    with desk.database.read() as session:
        withdrawable = {
            task.instance_id: desk.engine.task(session, desk.reviewer, task.id).withdrawable
            for task in desk.inbox(desk.reviewer)
        }
    assert withdrawable == {old.id: False, new.id: True}


def test_a_called_process_is_pinned_when_the_instance_starts(desk: Desk) -> None:
    desk.deploy("single", single_task())
    desk.deploy("caller", calling_process())
    started = desk.start("caller")
    desk.deploy("single", single_task(form=False))

    done = desk.complete(desk.reviewer, {"outcome": "agree"})

    detail = desk.instance(started.id)
    assert done.instance_status == "completed"
    assert detail.variables["partResult"] == "finished"
    assert [(shown.process_key, shown.version) for shown in detail.diagrams] == [("caller", 1), ("single", 1)]
    assert ("single", "review") in {(facts.scope_process, facts.element_id) for facts in detail.elements}


def test_a_draft_is_released_by_a_second_administrator(desk: Desk) -> None:
    draft = desk.perform(lambda s: desk.engine.save_draft(s, desk.drafter, "single", single_task(), "初稿"))
    desk.perform(lambda s: desk.engine.submit_draft(s, desk.drafter, draft.id))
    both = replace(desk.drafter, permissions=frozenset({"definition.draft", "definition.deploy"}))

    with pytest.raises(NotAllowed):
        desk.perform(lambda s: desk.engine.release_draft(s, desk.drafter, draft.id))
    with pytest.raises(SameAdministrator):
        desk.perform(lambda s: desk.engine.release_draft(s, both, draft.id))
    version = desk.perform(lambda s: desk.engine.release_draft(s, desk.deployer, draft.id, "同意发布"))

    assert (version.version, version.deployed_by) == (1, desk.deployer.person_id)
    with desk.database.read() as session:
        released = desk.engine.draft(session, draft.id)
        (deployed,) = [
            event
            for event in events_of_stream(session, "system:definitions")
            if event.action == "definition.deployed"
        ]
    assert (released.status, released.released_version_id) == ("released", version.id)
    assert deployed.after is not None
    assert deployed.after["author"] == str(desk.drafter.person_id)
    with pytest.raises(DraftNotOpen):
        desk.perform(lambda s: desk.engine.release_draft(s, desk.deployer, draft.id))


def test_a_draft_may_be_broken_but_not_submitted(desk: Desk) -> None:
    broken = {"single.bpmn": b"<not-bpmn/>"}
    draft = desk.perform(lambda s: desk.engine.save_draft(s, desk.drafter, "single", broken))

    with pytest.raises(DeploymentRefused):
        desk.perform(lambda s: desk.engine.submit_draft(s, desk.drafter, draft.id))
    saved = desk.perform(
        lambda s: desk.engine.save_draft(
            s, desk.drafter, "single", single_task(), draft_id=draft.id, revision=1
        )
    )
    assert (saved.revision, saved.name.zh) == (2, "测试流程")
    with pytest.raises(Conflict):
        desk.perform(
            lambda s: desk.engine.save_draft(s, desk.drafter, "single", broken, draft_id=draft.id, revision=1)
        )


def test_a_rejected_draft_needs_a_reason_and_can_be_mended(desk: Desk) -> None:
    draft = desk.perform(lambda s: desk.engine.save_draft(s, desk.drafter, "single", single_task()))
    desk.perform(lambda s: desk.engine.submit_draft(s, desk.drafter, draft.id))

    with pytest.raises(Invalid):
        desk.perform(lambda s: desk.engine.reject_draft(s, desk.deployer, draft.id, ""))
    rejected = desk.perform(lambda s: desk.engine.reject_draft(s, desk.deployer, draft.id, "缺少时限"))
    mended = desk.perform(
        lambda s: desk.engine.save_draft(s, desk.drafter, "single", single_task(), draft_id=draft.id)
    )

    assert (rejected.status, rejected.decision_reason, mended.status) == ("rejected", "缺少时限", "draft")


def test_only_the_roles_of_the_process_start_it_by_hand(desk: Desk) -> None:
    desk.deploy("single", single_task())

    with pytest.raises(StartNotAllowed):
        desk.start("single", actor=desk.reviewer)
    with pytest.raises(StartNotAllowed):
        desk.start("single", actor=person("releasing_unit", region="990300"))
    with desk.database.read() as session:
        assert [option.key for option in desk.engine.start_options(session, desk.initiator)] == ["single"]
        assert desk.engine.start_options(session, desk.reviewer) == ()


def test_an_exclusive_process_is_refused_by_hand_while_one_is_open(desk: Desk) -> None:
    exclusive = single_task()
    exclusive["single.bpmn"] = exclusive["single.bpmn"].replace(
        b'isExecutable="true"', b'isExecutable="true" zujian:exclusive="true"'
    )
    desk.deploy("single", exclusive)
    first = desk.start("single", business_key="V1")

    with pytest.raises(InstanceAlreadyOpen) as refusal:
        desk.start("single", business_key="V1")
    desk.start("single", business_key="V2")

    assert refusal.value.case_number == first.case_number


def decision_process(level: str) -> dict[str, bytes]:
    """Return a process that decides by a table and then waits for a person."""
    decide = node(
        "businessRuleTask",
        "rate",
        extensions="<spiffworkflow:calledDecisionId>level</spiffworkflow:calledDecisionId>"
        '<zujian:output variable="level" expression="level"/>',
    )
    bpmn = diagram("rated", start(), user_task("ask"), decide, end(), *chain("begin", "ask", "rate", "done"))
    return {
        **files("rated", bpmn),
        "decisions/level.dmn": definitions(table("amount => level", f"- => '{level}'")),
    }


def test_a_decision_is_pinned_with_its_version(desk: Desk) -> None:
    desk.deploy("rated", decision_process("old"))
    before = desk.start("rated", {"amount": 1})
    desk.deploy("rated", decision_process("new"))
    after = desk.start("rated", {"amount": 1})

    for _ in (before, after):
        desk.complete(desk.reviewer, task_id=desk.inbox(desk.reviewer)[0].id)

    assert desk.instance(before.id).variables["level"] == "old"
    assert desk.instance(after.id).variables["level"] == "new"
    assert [each.version for each in desk_versions(desk, "rated")] == [2, 1]


def desk_versions(desk: Desk, key: str) -> tuple[DefinitionVersion, ...]:
    """List the versions of a process, newest first."""
    with desk.database.read() as session:
        return desk.engine.definition_versions(session, key)


def test_a_decision_that_cannot_be_executed_is_refused_at_deployment(desk: Desk) -> None:
    broken = decision_process("x")
    broken["decisions/level.dmn"] = definitions(table("amount => level", "a.b => 1"))

    assert rules_of(desk, "rated", broken) == {
        ("level", "expression.not-understood"),
        ("rate", "decision.unknown"),
    }
