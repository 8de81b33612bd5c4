"""Cases that began on older diagrams go on in the shipped ones, also past the step that names the reviewers.

The older diagrams are the shipped ones without the region of review, as they were before the scope of a
component decided who reviews it. Where no step has said the region, that of the case stands in.
"""

from __future__ import annotations

from functools import cache

from engine.bpmn.compiler import compile_process_files
from engine.bpmn.model import Net
from tests.processes.onboarding_case import (
    adapted,
    agreed,
    applied,
    cleared,
    connected,
    onboarding,
    prepared,
    verified,
)
from tests.processes.story import shipped_files
from tests.processes.test_component_creation import creation, filled
from tests.processes.test_component_listing import confirmed, listing

REGION_IS_SET = b'<zujian:output variable="reviewRegion" expression="get(reviewRegions, level)"/>'
REGION_IS_READ = b' zujian:region="reviewRegion"'


def older(diagram: bytes) -> bytes:
    """Return a diagram as it was before it knew where a component is reviewed."""
    without = diagram.replace(REGION_IS_SET, b"").replace(REGION_IS_READ, b"")
    lines = without.splitlines(keepends=True)
    return b"".join(line for line in lines if b'"reviewRegion"' not in line and b"review_region" not in line)


@cache
def older_net() -> Net:
    """Compile the older diagrams."""
    return compile_process_files({name: older(text) for name, text in shipped_files().items()})


def test_an_onboarding_past_the_choice_of_reviewers_is_reviewed_in_its_own_region() -> None:
    story = prepared(onboarding(net=older_net())).expect_waiting_at("adapt").migrate()

    applied(cleared(connected(adapted(story))))

    assert story.task("review_onboarding").region is None
    verified(agreed(story)).expect_ended_with("onboarded")


def test_an_onboarding_that_comes_to_the_choice_later_is_reviewed_where_the_scope_says() -> None:
    story = prepared(onboarding(net=older_net()).migrate())

    applied(cleared(connected(adapted(story))))

    assert story.task("review_onboarding").region == "990100"


def test_a_listing_under_approval_takes_a_further_signatory() -> None:
    story = confirmed(listing(net=older_net())).migrate()

    assert story.add_signatory("approve_listing", "乙").region is None


def test_a_creation_under_review_takes_a_further_signatory() -> None:
    story = filled(creation(review=True, net=older_net())).migrate()

    assert story.add_signatory("review_duplication", "乙").region is None
