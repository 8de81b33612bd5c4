"""Notices reach persons and roles, within their territory."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.notices import queries, service
from domain.people.queries import unit_by_name
from domain.samples.people import CITY, SamplePerson
from kernel.actor import system_actor
from kernel.errors import NotAllowed, NotFound
from kernel.language import Text
from tests.integration.domain.conftest import ActAs

PLATFORM = system_actor("platform")
TITLE, BODY = Text("标题", "Title"), Text("正文", "Body")


def test_a_notice_to_a_role_reaches_that_unit_and_region(session: Session, act_as: ActAs) -> None:
    unit = unit_by_name(session, "示例科技07有限公司（示例）")
    assert unit is not None
    service.send(session, PLATFORM, TITLE, BODY, role="provider", unit_id=unit.id, region_code=CITY)
    service.send(session, PLATFORM, TITLE, BODY, role="reviewer", region_code=CITY)

    counts = {
        who: queries.unread_count(session, act_as(who))
        for who in ("tigong1", "tigong3", "shenhe1", "shenhe3")
    }
    assert counts == {"tigong1": 1, "tigong3": 0, "shenhe1": 1, "shenhe3": 0}


def test_reading_is_kept_per_person(session: Session, act_as: ActAs, people: dict[str, SamplePerson]) -> None:
    for _ in range(3):
        service.send(session, PLATFORM, TITLE, BODY, role="operator", region_code=CITY, link="/tasks/1")
    page = queries.notices(session, act_as("yunying1"), limit=2)
    assert page.next is not None
    assert len(queries.notices(session, act_as("yunying1"), after=page.next).rows) == 1

    assert service.mark_read(session, act_as("yunying1"), page.rows[0].id) == 1
    assert queries.unread_count(session, act_as("yunying1")) == 2
    assert service.mark_read(session, act_as("yunying1")) == 2
    assert queries.notices(session, act_as("yunying1"), unread_only=True).rows == ()
    assert queries.unread_count(session, act_as("yunying2")) == 3


def test_a_notice_to_a_person_is_theirs_alone(
    session: Session, act_as: ActAs, people: dict[str, SamplePerson]
) -> None:
    notice_id = service.send(session, PLATFORM, TITLE, BODY, to_person=people["fabu2"].person_id)

    assert queries.unread_count(session, act_as("fabu2")) == 1
    with pytest.raises(NotFound):
        service.mark_read(session, act_as("fabu3"), notice_id)


def test_only_the_platform_sends_and_links_stay_inside(session: Session, act_as: ActAs) -> None:
    with pytest.raises(NotAllowed):
        service.send(session, act_as("yunying1"), TITLE, BODY, role="operator", region_code=CITY)
    for link in ("https://evil.example", "//evil.example", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="inside the platform"):
            service.send(session, PLATFORM, TITLE, BODY, role="operator", region_code=CITY, link=link)
    with pytest.raises(ValueError, match="names a person"):
        service.send(session, PLATFORM, TITLE, BODY, role="operator")
