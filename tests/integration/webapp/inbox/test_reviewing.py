"""What reviewers do beside deciding, through the pages: offered where it is possible, refused in words."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.factories.people import SamplePerson, make_person
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.inbox import approval
from tests.integration.webapp.inbox.test_inbox import first_task, signed_in_as, submit_material
from webapp.wiring import Platform

ACTION = re.compile(r'action="(/tasks/[0-9a-f-]{36}/actions/[a-z_]+)"')


@pytest.fixture
def initiator(platform: Platform) -> SamplePerson:
    approval.deploy(platform)
    return make_person(
        platform.database, "unit", ["releasing_unit"], unit="示例市发布单位（示例）", unit_kind="releasing"
    )


@pytest.fixture
def reviewer(platform: Platform) -> SamplePerson:
    return make_person(platform.database, "reviewer", ["reviewer"])


@pytest.fixture
def colleague(platform: Platform) -> SamplePerson:
    return make_person(platform.database, "colleague", ["reviewer"])


@pytest.fixture
def visitor(
    client: FlaskClient,
    initiator: SamplePerson,
    reviewer: SamplePerson,
    colleague: SamplePerson,
    platform: Platform,
) -> Visitor:
    """Bring an approval to the reviewer, who is signed in."""
    approval.start(platform, initiator)
    visitor = Visitor(client)
    visitor.sign_in(initiator)
    submit_material(visitor)
    return signed_in_as(visitor, reviewer)


def offered(visitor: Visitor, task: str) -> set[str]:
    return {url.rpartition("/")[2] for url in ACTION.findall(visitor.get(task).text)}


def test_the_page_offers_what_the_element_allows_and_the_reader_can_do(
    visitor: Visitor, initiator: SamplePerson
) -> None:
    task = first_task(visitor)

    assert offered(visitor, task) == {"return", "add_signatory", "transfer", "delegate", "copy"}
    assert offered(signed_in_as(visitor, initiator), task) == {"urge"}


def test_a_transferred_task_is_the_other_persons(visitor: Visitor, colleague: SamplePerson) -> None:
    task = first_task(visitor)

    answer = visitor.post(f"{task}/actions/transfer", {"person": str(colleague.id), "reason": "出差"})

    assert answer.status_code == 303
    assert first_task(signed_in_as(visitor, colleague), "mine") == task


def test_a_delegated_task_comes_back_with_an_opinion(
    visitor: Visitor, reviewer: SamplePerson, colleague: SamplePerson
) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")
    visitor.post(f"{task}/actions/delegate", {"person": str(colleague.id)})

    signed_in_as(visitor, colleague)
    assert offered(visitor, task) == {"resolve"}
    assert visitor.post(f"{task}/actions/resolve", {"reason": " "}).status_code == 422
    assert visitor.post(f"{task}/actions/resolve", {"reason": "建议同意"}).status_code == 303

    assert first_task(signed_in_as(visitor, reviewer), "mine") == task


def test_a_signatory_is_asked_first_and_can_be_done_without(
    visitor: Visitor, reviewer: SamplePerson, colleague: SamplePerson
) -> None:
    task = first_task(visitor)
    visitor.post(f"{task}/claim")
    visitor.post(f"{task}/actions/add_signatory", {"person": str(colleague.id), "place": "before"})

    theirs = first_task(signed_in_as(visitor, colleague), "mine")
    assert theirs != task
    signed_in_as(visitor, reviewer)
    assert offered(visitor, theirs) == {"remove_signatory"}
    assert visitor.post(f"{theirs}/actions/remove_signatory", {"reason": "无需会签"}).status_code == 303
    assert first_task(visitor, "mine") == task


def test_a_return_needs_its_reason_and_opens_the_earlier_step(
    visitor: Visitor, initiator: SamplePerson
) -> None:
    task = first_task(visitor)
    assert "填写材料" in visitor.get(task).text

    refused = visitor.post(f"{task}/actions/return", {"to": "fill", "reason": ""})
    assert refused.status_code == 422
    visitor.post(f"{task}/actions/return", {"to": "fill", "reason": "材料不全"})

    signed_in_as(visitor, initiator)
    again = first_task(visitor)
    assert again != task
    assert "材料不全" in visitor.get(again).text


def test_what_nobody_has_touched_is_taken_back(visitor: Visitor, initiator: SamplePerson) -> None:
    signed_in_as(visitor, initiator)
    done = first_task(visitor, "done")
    assert offered(visitor, done) == {"take_back"}

    visitor.post(f"{done}/actions/take_back", {"reason": "漏填"})

    assert "填写材料" in visitor.get(first_task(visitor, "mine")).text


def test_a_copy_and_an_urging_are_told(
    visitor: Visitor, initiator: SamplePerson, colleague: SamplePerson
) -> None:
    task = first_task(visitor)
    assert visitor.post(f"{task}/actions/copy", {"person": str(colleague.id)}).status_code == 303

    signed_in_as(visitor, initiator)
    assert visitor.post(f"{task}/actions/urge").status_code == 303
    assert visitor.post(f"{task}/actions/urge").status_code == 409
    assert "催办" in signed_in_as(visitor, colleague).get("/notices").text


def test_what_is_wrong_is_said_and_changes_nothing(visitor: Visitor, initiator: SamplePerson) -> None:
    task = first_task(visitor)

    assert visitor.post(f"{task}/actions/transfer").status_code == 422
    assert visitor.post(f"{task}/actions/transfer", {"person": "nobody"}).status_code == 422
    assert visitor.post(f"{task}/actions/transfer", {"person": str(initiator.id)}).status_code == 403
    assert visitor.post(f"{task}/actions/dance").status_code == 404
    assert first_task(visitor) == task


def test_everything_is_labelled_and_reached_without_script(visitor: Visitor) -> None:
    page = visitor.get(first_task(visitor)).text

    labelled = set(re.findall(r'<label class="label[^"]*" for="((?:person|reason)-\w+)"', page))
    assert labelled == set(re.findall(r'<(?:select|textarea)[^>]* id="((?:person|reason)-\w+)"', page))
    assert page.count('<details name="task-action"') == 5
