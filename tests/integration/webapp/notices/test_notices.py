"""Notices: who sees them, and that reading them is remembered for each person."""

from __future__ import annotations

from domain.notices.service import send
from kernel.actor import system_actor
from kernel.language import Text
from tests.integration.webapp.catalogue_desk import CatalogueDesk


def tell_reviewers(desk: CatalogueDesk, link: str | None = None) -> None:
    """Send a notice to the reviewers of the province."""
    title, body = (
        Text("有新的审核任务", "A review waits"),
        Text("请在五个工作日内办理。", "Five working days."),
    )
    with desk.platform.database.write() as session:
        send(session, system_actor(), title, body, role="reviewer", region_code="990100", link=link)


def test_a_notice_reaches_those_who_hold_the_role(catalogue_desk: CatalogueDesk) -> None:
    tell_reviewers(catalogue_desk)

    reviewer = catalogue_desk.visitor("shenhe1").get("/notices")
    other = catalogue_desk.visitor("jiandu").get("/notices")

    assert "有新的审核任务" in reviewer.text
    assert "通知，1 条未读" in reviewer.text
    assert "没有通知" in other.text


def test_reading_a_notice_leads_to_its_link_and_counts_for_one_person(catalogue_desk: CatalogueDesk) -> None:
    tell_reviewers(catalogue_desk, "/tasks")
    visitor, colleague = catalogue_desk.visitor("shenhe1"), catalogue_desk.visitor("shenhe2")
    page = visitor.get("/notices").text
    address = page.split('action="/notices/')[2].partition('"')[0]

    answer = visitor.post(f"/notices/{address}", {"next": "/tasks"})

    assert answer.location == "/tasks"
    assert "条未读" not in visitor.get("/notices").text
    assert "通知，1 条未读" in colleague.get("/notices").text


def test_all_notices_are_marked_as_read_at_once(catalogue_desk: CatalogueDesk) -> None:
    tell_reviewers(catalogue_desk)
    tell_reviewers(catalogue_desk)
    visitor = catalogue_desk.visitor("shenhe1")
    visitor.get("/notices")

    visitor.post("/notices/read")

    assert "没有通知" in visitor.get("/notices?unread=1").text


def test_a_notice_leads_nowhere_else(catalogue_desk: CatalogueDesk) -> None:
    tell_reviewers(catalogue_desk)
    visitor = catalogue_desk.visitor("shenhe1")
    page = visitor.get("/notices").text
    address = page.split('action="/notices/')[2].partition('"')[0]

    answer = visitor.post(f"/notices/{address}", {"next": "https://elsewhere.example/"})

    assert answer.location == "/notices"
