"""The same processes on the whole platform: real engine, handlers, catalogue and people, in the odd branches.

The stories on the pure runtime show where each flow leads; these show that the platform agrees with what
the diagrams ask of it when something is returned, refused, withdrawn, revoked or late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest

from domain.assessments.queries import (
    AssessmentDetail,
    AssessmentRow,
    assessment_detail,
    assessments_of,
)
from domain.catalogue import queries
from domain.catalogue.states import State
from domain.changes.kinds import Status
from domain.changes.queries import changes_of, open_change_of
from domain.checks.queries import check_runs
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from domain.samples.components import SOURCE, sample_records, write_attachments
from engine.api import InstanceFilter, TaskRow
from kernel.actor import Actor, system_actor
from kernel.clock import ManualClock, now, use_clock
from kernel.errors import Conflict, Rejected
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.unattacked import no_attacks
from webapp.catalogue.importing import import_records
from webapp.catalogue.starting import (
    CHANGE,
    COMPLIANCE,
    CREATION,
    LISTING,
    PUBLISHING,
    CreationAsked,
    open_draft,
    start_on_version,
)
from webapp.demo import answers
from webapp.demo.driver import Driver
from webapp.demo.samples import at_local_services
from webapp.demo.stage import sample_cast, set_stage

pytestmark = pytest.mark.slow

# The assessment has lapsed by then, the authorisation of a year has not.
EXPIRED_AFTER_DAYS = 200

Said = Mapping[str, list[Mapping[str, Any]]]


class Theatre:
    """One platform with sample people, a supply of unhosted APIs, one for each test, and two others."""

    def __init__(self, driver: Driver, versions: Iterator[UUID], model: UUID, without_endpoint: UUID) -> None:
        self.driver = driver
        self.model, self.without_endpoint = model, without_endpoint
        self.platform = driver.platform
        self.cast = driver.cast
        self.versions = versions

    def component(self, said: Said | None = None, stops: tuple[str, ...] = ()) -> Component:
        """Take the next component; ``said`` are the answers by form in order, ``stops`` end the driving."""
        return Component(self, next(self.versions), said or {}, stops)


class Component:
    """One component version on its way, with what is said in its forms."""

    def __init__(self, theatre: Theatre, version_id: UUID, said: Said, stops: tuple[str, ...]) -> None:
        self.theatre = theatre
        self.version_id = version_id
        self.answered: Counter[str] = Counter()
        self.say(said, stops)

    def say(self, said: Said, stops: tuple[str, ...] = ()) -> Component:
        """Say something else from now on."""

        def answer(form: str, scene: answers.Scene) -> Mapping[str, Any]:
            self.answered[form] += 1
            mine = said.get(form, [])
            usual = answers.answer(form, scene)
            return {**usual, **mine.pop(0)} if mine else usual

        self.theatre.driver.answer = answer
        self.theatre.driver.stops = {form: Text("在此停下", "Stopped here") for form in stops}
        self.theatre.driver.parked.clear()
        return self

    def start(self, key: str, role: str, **options: str) -> Component:
        """Start a process by hand and answer everything up to a stop or an end."""
        detail = self.detail
        unit_id = {RELEASING_UNIT: detail.unit_id, PROVIDER: detail.provider_unit_id}.get(role)
        actor = self.theatre.cast.with_role(role, detail.region_code, unit_id)
        platform = self.theatre.platform
        perform(
            platform.database,
            "instance.start",
            actor,
            lambda session: start_on_version(session, platform.engine, actor, key, detail, options),
        )
        return self.go_on()

    def go_on(self) -> Component:
        """Answer everything up to a stop or an end."""
        self.theatre.driver.parked.clear()
        self.theatre.driver.answer_all(self.version_id, Counter())
        return self

    def created(self) -> Component:
        """Create, authorise and onboard, as far as it goes."""
        return self.start(CREATION, RELEASING_UNIT)

    def task(self) -> tuple[Actor, TaskRow]:
        """Return the open task and somebody who may do it."""
        self.theatre.driver.parked.clear()
        found = self.theatre.cast.next_task(self.theatre.platform, self.version_id, set())
        assert found is not None, "nothing is open"
        return found

    def task_data(self) -> Mapping[str, Any]:
        """Return what the form of the open task is filled with."""
        actor, row = self.task()
        with self.theatre.platform.database.read() as session:
            return self.theatre.platform.engine.task(session, actor, row.id).data

    @property
    def assessments(self) -> list[AssessmentRow]:
        """Return the assessments of the version, the newest first."""
        with self.theatre.platform.database.read() as session:
            return assessments_of(session, system_actor("platform"), self.version_id)

    @property
    def newest_assessment(self) -> AssessmentDetail:
        """Return the newest assessment of the version with its checks."""
        with self.theatre.platform.database.read() as session:
            return assessment_detail(session, system_actor("platform"), self.assessments[0].id)

    def outcomes_of(self, key: str) -> list[str | None]:
        """Return how the cases of a process on the version ended, None for one that is open."""
        wanted = InstanceFilter(subject_id=self.version_id, process_keys=(key,), limit=10)
        with self.theatre.platform.database.read() as session:
            page = self.theatre.platform.engine.instances(session, system_actor("platform"), wanted)
        return [row.outcome for row in page.rows]

    def withdraw(self, reason: str = "业务调整") -> Component:
        """Let the initiator end the open task with a reason."""
        _actor, row = self.task()
        platform, initiator = self.theatre.platform, self._releasing_person()
        perform(
            platform.database,
            "user_task.withdraw",
            initiator,
            lambda session: platform.engine.withdraw(session, initiator, row.id, reason),
        )
        return self.go_on()

    def revoke(self, reason: str = "更换提供方") -> Component:
        """Let the releasing unit revoke the authorisation."""
        platform, person = self.theatre.platform, self._releasing_person()
        payload = {"reason": reason}
        key = str(self.version_id)
        perform(
            platform.database,
            "message.send",
            person,
            lambda session: platform.engine.send_message(
                session, person, "authorisation.revoked", key, payload
            ),
        )
        return self.go_on()

    @property
    def detail(self) -> queries.VersionDetail:
        """Return the version as it is now."""
        with self.theatre.platform.database.read() as session:
            actor = self.theatre.cast.permitted("incident.resolve")
            return queries.version_detail(session, actor, self.version_id)

    def expect(self, state: State) -> Component:
        """Expect the version to be in a state."""
        assert self.detail.state is state
        return self

    def draft_of_the_same_name(self) -> UUID:
        """Reserve name and version number of this one for another component."""
        detail, person = self.detail, self._releasing_person()
        asked = CreationAsked(detail.name, detail.version, "新建")
        return perform(
            self.theatre.platform.database,
            "component.create",
            person,
            lambda session: open_draft(session, person, asked),
        )

    def _releasing_person(self) -> Actor:
        detail = self.detail
        return self.theatre.cast.with_role(RELEASING_UNIT, detail.region_code, detail.unit_id)


def own_unhosted(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sample as an unhosted API of one's own: what comes from outside would be admitted first."""
    own = {**deepcopy(dict(record)), "isHosting": 0}
    own["extension"]["buildMode"] = "新建"
    return own


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """A platform of its own, with every sample API declared unhosted and built in-house."""
    with no_attacks(), set_stage(None) as (platform, port):
        cast = sample_cast(platform)
        samples = [own_unhosted(record) for record in sample_records() if record["technicalField"] == "1"]
        for form in ("3", "5"):
            samples.append(own_unhosted(next(r for r in sample_records() if r["technicalField"] == form)))
        records = at_local_services(samples, port)
        for place in ("serviceAddress", "healthPath"):
            records[-1]["extension"].pop(place, None)
        with TemporaryDirectory(prefix="zujian-theatre-") as folder:
            write_attachments(records, Path(folder))
            importer = cast.permitted("component.import")
            report = import_records(platform, importer, records, SOURCE, attachments_root=Path(folder))
        versions = [row.version_id for row in report.rows if row.version_id is not None]
        assert len(versions) == len(records)
        yield Theatre(Driver(platform, cast, lambda _line: None), iter(versions[:-2]), *versions[-2:])


def test_a_failed_assessment_a_returned_review_and_a_failed_verification_are_each_mended(
    theatre: Theatre,
) -> None:
    component = theatre.component(
        {
            "examine": [{"outcome": "confirmed", "opinion": "源码和第三方报告均未提交"}],
            "onboarding-review": [{"outcome": "return", "opinion": "文档不全"}],
            "deploy-or-verify": [{"outcome": "fail", "opinion": "地址不可达"}],
        }
    )

    # A demonstration stops at a form that comes back for the fourth time; here it is meant to.
    component.created().go_on()

    component.expect(State.ONBOARDED)
    assert component.detail.row.round == 4
    # The reports that two operators accepted in the second round stand in the later ones, too.
    assert component.answered["examine"] == 2
    assert [row.standing for row in component.assessments] == ["passed", "passed", "passed", "failed"]
    # Its attacks are made once: the API risk check quotes them.
    risk = next(item for item in component.newest_assessment.items if item.item == "api_risk")
    assert (risk.status, risk.looked_at["quotedFrom"]) == ("passed", "dynamic")


def test_a_creation_that_is_withdrawn_ends_its_tasks_and_sets_name_and_version_free(theatre: Theatre) -> None:
    component = Component(theatre, theatre.model, {}, stops=("accept-mandate",)).created()
    assert component.task()[1].element_id == "accept_mandate"
    with pytest.raises(Conflict):
        component.draft_of_the_same_name()

    component.withdraw()

    component.expect(State.CANCELLED)
    assert component.outcomes_of(CREATION) == ["cancelled"]
    assert theatre.cast.next_task(theatre.platform, component.version_id, set()) is None
    assert component.draft_of_the_same_name() != component.version_id


def test_what_has_no_endpoint_is_onboarded_with_the_reason_of_its_exemption(theatre: Theatre) -> None:
    nearest = {
        "features": "离线规则包",
        "nearestType": "api",
        "reasonForChoice": "按接口取数规则组织",
        "withoutEndpoint": True,
        "withoutEndpointReason": "随应用离线分发",
    }
    component = Component(theatre, theatre.without_endpoint, {"nearest-type": [{"nearest": nearest}]}, ())

    component.created().expect(State.ONBOARDED)

    with theatre.platform.database.read() as session:
        runs = {run.check: run for run in check_runs(session, component.version_id)}
    assert [finding.evidence for finding in runs["health_exemption"].findings] == ["随应用离线分发"]
    assert "network" not in runs


def test_the_initiator_withdraws_during_the_tests_and_everything_is_cleaned_up(theatre: Theatre) -> None:
    component = theatre.component(stops=("operator-tests",)).created()
    component.expect(State.ASSESSING)

    component.withdraw()

    component.expect(State.CANCELLED)


def test_a_revoked_authorisation_sends_the_version_back_and_another_creation_takes_it_up(
    theatre: Theatre,
) -> None:
    component = theatre.component(stops=("operator-tests",)).created()

    component.revoke()
    component.expect(State.DRAFT)

    component.say({}).created()
    component.expect(State.ONBOARDED)


def test_a_refused_onboarding_ends_cancelled(theatre: Theatre) -> None:
    component = theatre.component({"onboarding-review": [{"outcome": "refuse", "opinion": "不符合架构要求"}]})

    component.created().expect(State.CANCELLED)


def test_overdue_rework_is_given_up_by_the_releasing_unit(theatre: Theatre) -> None:
    component = theatre.component(
        {
            "operator-tests": [{"outcome": "any_fail", "opinion": "越权访问"}],
            "overdue-rework": [{"outcome": "withdraw", "reason": "不再建设"}],
        },
        stops=("rework",),
    ).created()
    component.expect(State.REWORK)

    clock = ManualClock(now())
    clock.advance(timedelta(days=30, minutes=1))
    with use_clock(clock):
        component.go_on()

    component.expect(State.CANCELLED)


def test_a_listing_is_returned_refused_and_started_again(theatre: Theatre) -> None:
    component = theatre.component().created()
    component.say(
        {
            "approve-listing": [
                {"outcome": "return", "opinion": "图标不符"},
                {"outcome": "refuse", "opinion": "与规划不符"},
            ]
        }
    )

    component.start(LISTING, PROVIDER)
    component.expect(State.ONBOARDED)

    component.start(LISTING, PROVIDER)
    component.expect(State.LISTED)


def test_an_assessment_that_expired_and_fails_when_repeated_reopens_the_onboarding(theatre: Theatre) -> None:
    component = theatre.component().created().expect(State.ONBOARDED)
    component.say({"examine": [{"outcome": "confirmed", "opinion": "报告已过期"}]}, stops=("rework",))

    clock = ManualClock(now())
    clock.advance(timedelta(days=EXPIRED_AFTER_DAYS))
    with use_clock(clock):
        component.start(LISTING, PROVIDER)

        component.expect(State.REWORK)
        assert component.task()[1].process_key == "component-onboarding"
        # What stands against it came along with the message.
        findings = [row["finding"] for row in component.task_data()["answers"]]
        assert len(findings) == 4
        assert all("未检测" in finding for finding in findings)


def test_a_published_version_is_taken_out_of_the_market(theatre: Theatre) -> None:
    component = theatre.component().created()
    component.start(LISTING, PROVIDER).start(PUBLISHING, OPERATOR, action="publish")
    component.expect(State.PUBLISHED)

    component.say({"unpublishing-reason": [{"reason": "内容更新"}]})
    component.start(PUBLISHING, OPERATOR, action="unpublish")

    component.expect(State.LISTED)


def published(theatre: Theatre) -> Component:
    """Bring a component to the market."""
    component = theatre.component().created()
    return component.start(LISTING, PROVIDER).start(PUBLISHING, OPERATOR, action="publish")


def changed(component: Component, said: Said) -> Component:
    """Start a change of the policies."""
    return component.say(said).start(CHANGE, PROVIDER, changeType="策略")


def suspected(component: Component) -> Component:
    """Open a compliance case in which the provider promises to adapt the component."""
    adaptable = {"outcome": "adaptable", "plan": "调整调用策略"}
    effective = (now() + timedelta(days=60)).date().isoformat()
    component.say({"state-adaptability": [adaptable]}).start(
        COMPLIANCE,
        REVIEWER,
        regulationTitle="示例省公共数据条例（虚构）",
        regulationClause="第十二条",
        effectiveDate=effective,
    )
    assert component.outcomes_of(COMPLIANCE) == [None]
    return component


def window(days: int = 2) -> dict[str, Any]:
    """Return what a provider says about a change of the call rate."""
    start = now() + timedelta(days=days)
    return {
        "summary": "调低调用频率",
        "windowStart": start.isoformat(),
        "windowEnd": (start + timedelta(hours=4)).isoformat(),
        "impact": "高峰时段可能限流",
        "rollbackPlan": "恢复原值",
        "record": {"apiInfo": {"rateLimit": 7}},
    }


def test_a_change_holds_from_its_window_on_and_not_before(theatre: Theatre) -> None:
    component = changed(suspected(published(theatre)), {"change-policy": [window()]})
    before = component.detail.record["apiInfo"]["rateLimit"]
    with theatre.platform.database.read() as session:
        pending = open_change_of(session, component.version_id)
    assert pending is not None
    assert [(one.path, one.before, one.after) for one in pending.differences] == [
        ("apiInfo.rateLimit", before, 7)
    ]
    with pytest.raises(Rejected):
        component.start(CHANGE, PROVIDER, changeType="目录信息")

    clock = ManualClock(now())
    for hours in (48, 1, 1, 1):
        clock.advance(timedelta(hours=hours, minutes=1))
        with use_clock(clock):
            component.go_on()

    assert component.detail.record["apiInfo"]["rateLimit"] == 7
    component.expect(State.PUBLISHED)
    with theatre.platform.database.read() as session:
        assert open_change_of(session, component.version_id) is None
        assert changes_of(session, component.version_id)[0].status is Status.FINISHED
    # The compliance case that waited for it has heard of it and keeps the component.
    assert component.outcomes_of(COMPLIANCE) == ["kept"]


def test_a_refused_change_leaves_everything_as_it_was(theatre: Theatre) -> None:
    component = changed(
        published(theatre),
        {"change-policy": [window()], "review-change": [{"outcome": "refuse", "opinion": "影响过大"}]},
    )

    with theatre.platform.database.read() as session:
        ended = changes_of(session, component.version_id)[0]
    assert (ended.status, ended.ending_reason) == (Status.REFUSED, "影响过大")
    assert component.detail.record["apiInfo"]["rateLimit"] != 7
