"""Release: by a second administrator, never by the author; the versions and what changed between them."""

from __future__ import annotations

from kernel import audit
from kernel.audit import AuditSearch
from tests.integration.webapp.modeler.desk import KEY, Desk, small_process


def test_a_second_administrator_releases_a_draft_as_a_new_version(desk: Desk) -> None:
    draft = desk.submitted()

    answer = desk.release(draft)

    assert answer.status_code == 303
    assert answer.location.endswith(f"/modeler/{KEY}/versions/1")
    assert "小型审查" in desk.releaser.get("/modeler").text
    with desk.database.read() as session:
        assert audit.search(session, AuditSearch(action_prefix="definition", outcome="done"))


def test_the_author_may_not_release_and_the_attempt_is_recorded(desk: Desk) -> None:
    draft = desk.submitted()

    answer = desk.release(draft, desk.drafter)

    assert answer.status_code == 403
    assert desk.drafter.get(f"/modeler/{KEY}").status_code == 404
    with desk.database.read() as session:
        assert audit.search(session, AuditSearch(outcome="refused"))


def test_a_draft_is_turned_down_with_a_reason_that_its_author_reads(desk: Desk) -> None:
    draft = desk.submitted()
    desk.releaser.get(draft["page_url"])

    answer = desk.releaser.post(f"/modeler/drafts/{draft['id']}/rejection", {"reason": "期限过短"})

    assert answer.status_code == 303
    assert "期限过短" in desk.drafter.get("/modeler").text


def test_turning_down_without_a_reason_is_refused(desk: Desk) -> None:
    draft = desk.submitted()
    desk.releaser.get(draft["page_url"])

    desk.releaser.post(f"/modeler/drafts/{draft['id']}/rejection", {"reason": " "})

    assert "待发布" in desk.releaser.get("/modeler").text


def test_the_review_page_shows_what_the_draft_changes(desk: Desk) -> None:
    desk.release(desk.submitted())
    changed = small_process()
    changed[f"{KEY}.bpmn"] = changed[f"{KEY}.bpmn"].replace(
        '<bpmn:userTask id="do_work"', '<bpmn:userTask id="do_work" zujian:deadline="5WD"'
    )
    draft = desk.submitted(changed)

    page = desk.releaser.get(draft["page_url"]).text
    diagram = desk.releaser.client.get(f"/modeler/drafts/{draft['id']}/diagram.json").json

    assert "办理期限" in page
    assert "5WD" in page
    assert diagram["elements"] == {"do_work": {"state": "changed", "visits": 1, "duration_text": ""}}


def test_a_version_page_offers_its_files_as_they_were_deployed(desk: Desk) -> None:
    files = small_process()
    desk.release(desk.submitted(files))

    page = desk.releaser.get(f"/modeler/{KEY}/versions/1")
    file = desk.releaser.client.get(f"/modeler/{KEY}/versions/1/files/{KEY}.bpmn")
    form = desk.releaser.client.get(f"/modeler/{KEY}/versions/1/files/forms/work.json")

    assert page.status_code == 200
    assert file.get_data(as_text=True) == files[f"{KEY}.bpmn"]
    assert form.status_code == 200
    assert desk.releaser.client.get(f"/modeler/{KEY}/versions/1/files/forms/other.json").status_code == 404
    assert desk.releaser.get(f"/modeler/{KEY}/versions/9").status_code == 404
