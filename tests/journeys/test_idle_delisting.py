"""The idle delisting (P06b) on its pages, and the daily scan that begins it."""

from __future__ import annotations

from datetime import timedelta

from domain.catalogue.states import State
from tests.journeys.cases import cases_of, newest_case
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Theatre
from webapp.demo.usage import Usage

API = "统一认证中心"
IDLE, SCAN = "idle-delisting", "idle-scan"
# Six calendar months have 181 to 184 days.
NEARLY, REST, GRACE = 180, timedelta(days=6), 31


def called(theatre: Theatre, journey: Journey) -> None:
    """Take in a call of a version."""
    usage = Usage(theatre.platform, theatre.cast)
    usage.call([journey.version_id])
    assert not usage.refused


def candidates_found(theatre: Theatre) -> None:
    """Let six months pass, up to the moment at which the scan has opened its cases."""
    theatre.time_passes(days=NEARLY)
    assert not cases_of(theatre, IDLE)
    theatre.clock.ahead += REST
    while not cases_of(theatre, IDLE):
        assert theatre.platform.engine.run_due(theatre.platform.database, 1), "the scan found nothing"


@reaches(
    "idle-scan/scanned",
    "idle-delisting/no_longer",
    "idle-delisting/retained",
    "component-takedown/calls_found",
    "idle-delisting/delisted",
    "component-takedown/delisted",
)
def test_of_three_idle_versions_only_the_one_that_nobody_calls_again_is_delisted(theatre: Theatre) -> None:
    called_at_once, called_late, forgotten = (
        theatre.draft(API, isHosting=0, buildMode="新建").until(State.PUBLISHED) for _ in range(3)
    )

    candidates_found(theatre)
    called(theatre, called_at_once)
    called_at_once.go_on()
    newest_case(theatre, SCAN).expect_ends("idle-scan/scanned")
    called_at_once.expect_ends("idle-delisting/no_longer").expect(State.PUBLISHED)

    called_late.go_on().expect(State.DELISTING)
    forgotten.go_on().expect(State.DELISTING)
    # The log comes late: the call was made an hour before the delisting was asked for.
    called(theatre, called_late)
    theatre.time_passes(days=GRACE)
    called_late.expect_ends("idle-delisting/retained", "component-takedown/calls_found")
    called_late.expect(State.PUBLISHED)
    forgotten.expect_ends("idle-delisting/delisted", "component-takedown/delisted")
    forgotten.expect(State.DELISTED)
