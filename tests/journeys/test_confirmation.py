"""The confirmation of a record that nobody touched for long, on its page, and the scan that asks for it."""

from __future__ import annotations

from domain.catalogue.states import State
from tests.journeys.cases import newest_case
from tests.journeys.ends import reaches
from tests.journeys.theatre import Theatre

API = "统一认证中心"


@reaches(
    "catalogue-confirmation/confirmed",
    "catalogue-confirmation/outdated",
    "catalogue-review-scan/scanned",
)
def test_one_record_is_confirmed_and_another_found_outdated(theatre: Theatre) -> None:
    right, wrong = (theatre.draft(API, isHosting=0, buildMode="新建").until(State.LISTED) for _ in range(2))
    outdated = {"outcome": "outdated", "reason": "服务地址已变更"}

    theatre.time_passes(days=182)

    right.go_on().expect_ends("catalogue-confirmation/confirmed")
    wrong.say({"confirm-record": [outdated]}).go_on().expect_ends("catalogue-confirmation/outdated")
    newest_case(theatre, "catalogue-review-scan").expect_ends("catalogue-review-scan/scanned")
