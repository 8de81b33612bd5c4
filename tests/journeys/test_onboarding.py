"""The onboarding of a component (P02) on its pages, to each of its ends."""

from __future__ import annotations

from domain.catalogue.states import State
from domain.people.permissions import RELEASING_UNIT
from kernel.unit_of_work import perform
from tests.journeys.ends import reaches
from tests.journeys.theatre import Journey, Said, Theatre
from webapp.catalogue.starting import CREATION, ONBOARDING, SUBJECT, first_variables

API, AGENT = "统一认证中心", "政策咨询智能体"
GIVEN_UP = {"outcome": "withdraw", "reason": "不再建设"}
FAILED = {"outcome": "any_fail", "opinion": "可越权访问他人数据"}


def authorised(theatre: Theatre, sample: str = API) -> Journey:
    """Bring an unhosted component to the start of its onboarding, by services."""
    with theatre.by_services():
        return theatre.draft(sample, isHosting=0, buildMode="新建").say(stops=("start-onboarding",)).created()


@reaches("component-onboarding/onboarded")
def test_a_component_is_onboarded(theatre: Theatre) -> None:
    journey = authorised(theatre).say().go_on()

    journey.expect(State.ONBOARDED).expect_ends("component-onboarding/onboarded")


@reaches("component-onboarding/ended_before_start")
def test_the_releasing_unit_cancels_before_the_start(theatre: Theatre) -> None:
    journey = authorised(theatre).withdraw()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_before_start")


@reaches("component-onboarding/ended_in_preparation")
def test_the_provider_withdraws_while_preparing(theatre: Theatre) -> None:
    journey = authorised(theatre).say({"preparation": [GIVEN_UP]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_preparation")


@reaches("component-onboarding/ended_in_adaptation")
def test_the_provider_withdraws_while_adapting(theatre: Theatre) -> None:
    journey = authorised(theatre).say({"adaptation": [GIVEN_UP]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_adaptation")


@reaches("component-onboarding/ended_in_tests")
def test_the_initiator_withdraws_during_the_tests(theatre: Theatre) -> None:
    journey = authorised(theatre).say(stops=("operator-tests",)).go_on()

    journey.withdraw().expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_tests")


@reaches("component-onboarding/ended_in_trial")
def test_the_initiator_withdraws_during_the_trial_of_a_replacement(theatre: Theatre) -> None:
    journey = asked_for_trial(theatre).say(stops=("trial-run",)).go_on().expect_waiting_at("trial_run")

    journey.withdraw().expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_trial")


def asked_for_trial(theatre: Theatre) -> Journey:
    """Start the onboarding as another process would that replaces a suspended component."""
    journey = theatre.draft(API, isHosting=0, buildMode="新建")
    with theatre.by_services():
        journey.start(CREATION, RELEASING_UNIT, callerCaseId="a case that replaces a component")
    detail = journey.expect(State.AUTHORIZED).detail
    caller = theatre.cast.with_role(RELEASING_UNIT, detail.region_code, detail.unit_id)
    perform(
        theatre.platform.database,
        "instance.start",
        caller,
        lambda session: theatre.platform.engine.start_instance(
            session,
            caller,
            ONBOARDING,
            {**first_variables(detail), "providerType": "own", "trialRequired": True},
            business_key=str(detail.id),
            subject_type=SUBJECT,
            subject_id=detail.id,
            region_code=detail.region_code,
            unit_id=detail.unit_id,
            check_role=False,
        ),
    )
    return journey


@reaches("component-onboarding/ended_before_review")
def test_the_provider_withdraws_instead_of_applying_for_the_review(theatre: Theatre) -> None:
    journey = authorised(theatre).say({"apply-review": [GIVEN_UP]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_before_review")


@reaches("component-onboarding/ended_by_review")
def test_the_review_refuses(theatre: Theatre) -> None:
    refused = {"outcome": "refuse", "opinion": "不符合架构要求"}
    journey = authorised(theatre).say({"onboarding-review": [refused]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_by_review")


@reaches("component-onboarding/ended_in_rework")
def test_the_provider_withdraws_during_the_rework(theatre: Theatre) -> None:
    journey = authorised(theatre).say({"operator-tests": [FAILED], "rework": [GIVEN_UP]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_rework")


@reaches("component-onboarding/ended_in_agent_access")
def test_the_provider_of_an_agent_withdraws_instead_of_giving_access(theatre: Theatre) -> None:
    journey = authorised(theatre, AGENT).say({"agent-access": [GIVEN_UP]}).go_on()

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_agent_access")


@reaches("component-onboarding/ended_in_verification")
def test_the_initiator_withdraws_during_the_verification(theatre: Theatre) -> None:
    journey = authorised(theatre).say(stops=("deploy-or-verify",)).go_on()

    journey.withdraw().expect(State.CANCELLED).expect_ends("component-onboarding/ended_in_verification")


# The last of the module: time passes.
@reaches("component-onboarding/ended_overdue")
def test_overdue_rework_is_given_up_by_the_releasing_unit(theatre: Theatre) -> None:
    said: Said = {"operator-tests": [FAILED], "overdue-rework": [GIVEN_UP]}
    journey = authorised(theatre).say(said, stops=("rework",)).go_on().expect(State.REWORK)

    journey.time_passes(days=30, minutes=1)

    journey.expect(State.CANCELLED).expect_ends("component-onboarding/ended_overdue")
