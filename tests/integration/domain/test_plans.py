"""Emergency plans: what each grade must say, fifteen natural days, versions by their digest."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalogue.states import State
from domain.emergency import queries, service
from domain.emergency.errors import FilingAlreadyOpen
from domain.orders import service as orders
from domain.orders.errors import NewOrdersClosed
from domain.orders.registering import Granted
from domain.people.queries import unit_by_name
from kernel.clock import SHANGHAI, ManualClock, use_clock
from kernel.files import FileStore, store_file
from kernel.ids import new_id
from kernel.language import Text
from tests.integration.domain.conftest import ActAs
from tests.integration.domain.leaving import PLATFORM, Leaving, in_catalogue

GRADE: dict[str, Any] = {
    "criteria": "影响范围与时长",
    "notifications": [{"contact": "值班长", "channel": "电话", "minutes": 15}],
    "measures": "切换备用线路",
    "recoveryMinutes": 60,
}
GRADES = ("general", "severe", "major")


def plan(**grades: Any) -> dict[str, Any]:
    """Return a complete plan with some grades changed."""
    return {"grades": {**{grade: copy.deepcopy(GRADE) for grade in GRADES}, **grades}}


@pytest.fixture
def listed(session: Session, act_as: ActAs, store: FileStore, tmp_path: Path) -> Leaving:
    """A published version."""
    return in_catalogue(session, act_as, store, tmp_path)


def open_filing(listed: Leaving, start: datetime, cause: str = "listing") -> UUID:
    """Open the filing of a case and return the case."""
    instance_id = new_id()
    service.open_filing(
        listed.session, PLATFORM, listed.version, listed.version.component_id, instance_id, cause, start
    )
    return instance_id


def submit(
    listed: Leaving, store: FileStore, instance_id: UUID, content: dict[str, Any], file: bytes = b"%PDF-1"
) -> list[str]:
    """Hand in a plan with its file; return the places of what it lacks."""
    stored = store_file(listed.session, store, BytesIO(file), "预案.pdf", listed.actor("tigong1"))
    _id, problems = service.submit_plan(
        listed.session,
        listed.actor("tigong1"),
        listed.version,
        instance_id,
        content,
        stored.id,
        stored.digest,
    )
    return [problem.path for problem in problems]


@pytest.mark.requirement("R-10.3a3", "R-10.3a4", "R-10.3a5")
def test_a_plan_says_for_each_grade_by_what_whom_how_and_until_when(
    listed: Leaving, store: FileStore, clock: ManualClock
) -> None:
    case = open_filing(listed, clock.now())

    for grade in GRADES:
        gone = plan()
        del gone["grades"][grade]
        assert f"plan.grades.{grade}.criteria" in submit(listed, store, case, gone)
        for field, wrong in (
            ("criteria", " "),
            ("notifications", []),
            ("measures", ""),
            ("recoveryMinutes", 0),
            ("recoveryMinutes", True),
        ):
            half = submit(listed, store, case, plan(**{grade: {**GRADE, field: wrong}}))
            assert half == [f"plan.grades.{grade}.{field}"]
        for part, wrong in (("contact", ""), ("channel", None), ("minutes", 0)):
            row = {**GRADE["notifications"][0], part: wrong}
            half = submit(listed, store, case, plan(**{grade: {**GRADE, "notifications": [row]}}))
            assert half == [f"plan.grades.{grade}.notifications.0.{part}"]
    filing = queries.latest_filing(listed.session, listed.version_id)
    assert filing is not None
    assert filing.first_valid_at is None
    assert submit(listed, store, case, plan()) == []


@pytest.mark.requirement("R-10.3a1")
def test_a_plan_is_kept_with_its_file_as_versions_by_digest(
    listed: Leaving, store: FileStore, clock: ManualClock
) -> None:
    case = open_filing(listed, clock.now())
    _id, without = service.submit_plan(
        listed.session, listed.actor("tigong1"), listed.version, case, plan(), None, None
    )
    assert [problem.path for problem in without] == ["plan.file"]

    submit(listed, store, case, plan())
    submit(listed, store, case, plan())
    submit(listed, store, case, plan(), file=b"%PDF-2")

    kept = queries.plans(listed.session, listed.version_id)
    assert [row.number for row in kept] == [3, 2, 1]
    assert len({row.digest for row in kept}) == 3
    assert [row.is_valid for row in kept] == [True, True, False]
    assert all(row.file_id for row in kept[:2])


@pytest.mark.requirement("R-10.3a2")
def test_the_fifteenth_natural_day_ends_at_midnight_in_shanghai(listed: Leaving, store: FileStore) -> None:
    listing = datetime(2026, 3, 1, 10, tzinfo=SHANGHAI)
    clock = ManualClock(listing)
    with use_clock(clock):
        case = open_filing(listed, listing)
        filing = queries.latest_filing(listed.session, listed.version_id)
        assert filing is not None
        assert filing.due_at == datetime(2026, 3, 17, tzinfo=SHANGHAI)

        clock.advance(datetime(2026, 3, 16, 23, 59, 59, tzinfo=SHANGHAI) - listing)
        service.mark_overdue(listed.session, PLATFORM, listed.version, case)
        assert queries.latest_filing(listed.session, listed.version_id).state == "PENDING"  # type: ignore[union-attr]
        assert submit(listed, store, case, plan()) == []
        clock.advance(timedelta(days=30))
        service.mark_overdue(listed.session, PLATFORM, listed.version, case)
        filed = service.file_plan(listed.session, PLATFORM, listed.version, case)
        assert (filed.state, filed.is_on_time) == ("FILED", True)


@pytest.mark.requirement("R-10.3a2")
def test_the_sixteenth_day_is_late_marked_and_delists_nothing(listed: Leaving, store: FileStore) -> None:
    listing = datetime(2026, 3, 1, 10, tzinfo=SHANGHAI)
    clock = ManualClock(datetime(2026, 3, 17, tzinfo=SHANGHAI))
    with use_clock(clock):
        case = open_filing(listed, listing)
        overdue = service.mark_overdue(listed.session, PLATFORM, listed.version, case)
        assert overdue.state == "OVERDUE"
        assert listed.version.state is State.PUBLISHED

        service.restrict(listed.session, PLATFORM, listed.version, case, "逾期")
        assert queries.is_restricted(listed.session, listed.version_id)
        holder = unit_by_name(listed.session, "示例市政务服务中心")
        assert holder is not None
        granted = Granted(
            version_id=listed.version_id,
            number="DD-9",
            holder_unit_id=holder.id,
            application="一网通办",
            purpose="核验",
            granted_on="2026-03-17",
        )
        with pytest.raises(NewOrdersClosed):
            orders.register_order(
                listed.session, listed.actor("yunying1"), listed.version, granted, closed=Text("逾期", "late")
            )
        assert submit(listed, store, case, plan()) == []
        filed = service.file_plan(listed.session, PLATFORM, listed.version, case)
        assert (filed.state, filed.is_on_time) == ("FILED", False)
        assert not queries.is_restricted(listed.session, listed.version_id)


def test_a_version_has_one_filing_at_a_time(listed: Leaving, clock: ManualClock) -> None:
    open_filing(listed, clock.now())

    with pytest.raises(FilingAlreadyOpen):
        open_filing(listed, clock.now(), "yearly")
