"""The page of an instance and the documents of its diagrams."""

from __future__ import annotations

from uuid import uuid4

from kernel import audit
from kernel.audit import AuditSearch
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.cases import Case
from tests.integration.webapp.modeler.desk import KEY


def signed_in(case: Case) -> Visitor:
    visitor = Visitor(case.app.test_client())
    assert visitor.sign_in(case.worker).status_code == 303
    return visitor


def test_a_participant_sees_the_course_of_the_case(case: Case) -> None:
    page = signed_in(case).get(f"/instances/{case.instance_id}").text

    assert case.case_number in page
    assert "同意接入。" in page
    assert "完整审计" not in page


def test_the_diagram_document_tells_the_path(case: Case) -> None:
    document = signed_in(case).client.get(f"/instances/{case.instance_id}/diagrams/{KEY}").json

    assert document["bpmn_xml"].startswith("<?xml")
    assert document["elements"]["do_work"]["state"] == "done"
    assert document["elements"]["do_work"]["visits"] == 1
    assert document["flows"] == {"started_to_do_work": 1, "do_work_to_finished": 1}


def test_a_case_of_others_and_a_diagram_of_others_are_not_found(case: Case) -> None:
    stranger = case.visitor("stranger", "provider")

    assert stranger.get(f"/instances/{case.instance_id}").status_code == 404
    assert stranger.get(f"/instances/{uuid4()}").status_code == 404
    assert signed_in(case).get(f"/instances/{case.instance_id}/diagrams/other").status_code == 404


def test_reading_ones_own_case_leaves_no_event_but_a_supervisors_reading_does(
    case: Case,
    supervisor: Visitor,
) -> None:
    signed_in(case).get(f"/instances/{case.instance_id}")
    supervisor.get(f"/instances/{case.instance_id}")

    with case.database.read() as session:
        reads = audit.search(session, AuditSearch(outcome="read"))
    assert [read.actor_name for read in reads] == ["示例jiandu"]
