"""Drafting: check, save with a revision, submit."""

from __future__ import annotations

import pytest

from tests.integration.webapp.modeler.desk import KEY, Desk, small_process


def problems(desk: Desk, files: dict[str, str], language: str = "zh-CN") -> list[dict[str, str]]:
    desk.drafter.client.set_cookie("language", language)
    answer = desk.send(desk.drafter, "/modeler/check", {"key": KEY, "files": files})
    assert answer.status_code == 200
    return list(answer.json["problems"])


def test_a_sound_process_passes_the_check(desk: Desk) -> None:
    answer = desk.send(desk.drafter, "/modeler/check", {"key": KEY, "files": small_process()})

    assert answer.json["problems"] == []
    assert answer.json["deployable"] is True


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(small_process(role="wizard"), id="unknown role"),
        pytest.param(small_process(form="missing.json"), id="unknown form"),
        pytest.param(small_process(handler="nobody.knows"), id="unknown handler"),
    ],
)
def test_what_the_platform_does_not_know_is_refused_at_its_element(desk: Desk, files: dict[str, str]) -> None:
    found = problems(desk, files)

    errors = [problem for problem in found if problem["severity"] == "error"]
    assert errors
    assert "do_work" in {problem["element_id"] for problem in errors}
    assert all(problem["message"] and problem["cure"] for problem in errors)


def test_a_bad_expression_is_refused_at_its_element(desk: Desk) -> None:
    files = small_process()
    files[f"{KEY}.bpmn"] = files[f"{KEY}.bpmn"].replace(
        '<bpmn:userTask id="do_work"', '<bpmn:userTask id="do_work" zujian:prefill="open(\'/etc/passwd\')"'
    )

    found = problems(desk, files)

    assert [problem["element_id"] for problem in found if problem["severity"] == "error"] == ["do_work"]


def test_a_construct_that_is_not_executed_is_refused_at_its_element(desk: Desk) -> None:
    files = small_process()
    files[f"{KEY}.bpmn"] = files[f"{KEY}.bpmn"].replace("bpmn:userTask", "bpmn:businessRuleTask")

    found = problems(desk, files)

    assert "do_work" in {problem["element_id"] for problem in found if problem["severity"] == "error"}


def test_problems_are_told_in_the_language_of_the_page(desk: Desk) -> None:
    files = small_process(role="wizard")

    chinese, english = problems(desk, files, "zh-CN"), problems(desk, files, "en")

    assert chinese[0]["message"] != english[0]["message"]
    assert english[0]["message"].isascii() or "“" in english[0]["message"]


def test_a_broken_form_is_refused(desk: Desk) -> None:
    files = {**small_process(), "forms/work.json": '{"type": "object", "properties": '}

    found = problems(desk, files)

    assert any(problem["severity"] == "error" for problem in found)


def test_a_draft_is_saved_and_opened_again(desk: Desk) -> None:
    files = small_process()
    draft = desk.save_new(files)

    opened = desk.drafter.client.get(f"/modeler/drafts/{draft['id']}/document.json").json

    assert opened["files"] == files
    assert opened["editable"] is True
    assert opened["draft"]["revision"] == draft["revision"]
    assert "catalogue.transition" in {listener["key"] for listener in opened["catalogue"]["listeners"]}


def test_saving_an_outdated_revision_is_refused(desk: Desk) -> None:
    draft = desk.save_new()
    newer = small_process()
    first = desk.send(desk.drafter, draft["save_url"], {"files": newer, "revision": draft["revision"]}, "PUT")

    second = desk.send(
        desk.drafter, draft["save_url"], {"files": newer, "revision": draft["revision"]}, "PUT"
    )

    assert first.status_code == 200
    assert second.status_code == 409


def test_a_draft_with_errors_can_be_saved_but_not_submitted(desk: Desk) -> None:
    draft = desk.save_new(small_process(role="wizard"))

    answer = desk.send(desk.drafter, draft["submit_url"], {"note": "试一下"})

    assert answer.status_code == 422
    assert answer.json["errors"]


def test_only_a_system_administrator_may_draft(desk: Desk) -> None:
    answer = desk.send(desk.releaser, f"/modeler/{KEY}/drafts", {"files": small_process()})

    assert answer.status_code == 403


def test_a_reviewer_may_not_look_at_definitions(desk: Desk) -> None:
    reviewer = desk.visitor("lin", "reviewer")

    assert reviewer.get("/modeler").status_code == 403


def test_a_new_process_opens_in_the_editor_with_its_files(desk: Desk) -> None:
    desk.drafter.get("/modeler")
    answer = desk.drafter.post("/modeler/new", {"key": KEY, "name": "小型审查", "name_en": "Small review"})
    page = desk.drafter.get(answer.location)
    document = desk.drafter.client.get(f"/modeler/{KEY}/document.json?new=1&name=小型审查&name_en=Small")

    assert answer.status_code == 303
    assert page.status_code == 200
    assert set(document.json["files"]) == {f"{KEY}.bpmn", "forms/work.json"}


def test_a_key_that_cannot_name_a_process_is_refused(desk: Desk) -> None:
    desk.drafter.get("/modeler")

    assert desk.drafter.post("/modeler/new", {"key": "../etc"}).status_code == 422
