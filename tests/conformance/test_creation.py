"""Creating a component: who may, under which name, and where hosting, files and identifiers lead."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import RFC_4122, UUID

import pytest
from werkzeug.test import TestResponse

from domain.catalogue import queries, service
from domain.catalogue.states import State
from domain.orders import queries as order_queries
from domain.orders import service as orders
from domain.orders.registering import Granted
from kernel import audit
from kernel.audit import AuditSearch
from kernel.errors import NotAllowed, Rejected
from kernel.unit_of_work import perform
from tests.conformance.lives import Life, Town
from tests.conformance.office import details, good
from tests.conformance.onboarding_case import PLATFORM
from tests.factories.versions import put_in_state
from tests.integration.webapp.browser import Visitor
from webapp.catalogue import starting
from webapp.catalogue.starting import CreationAsked

REPORTS = ("functionalTestReport", "securityTestReport", "performanceTestReport")


def asked_to_create(visitor: Visitor, name: str) -> TestResponse:
    """Send the form that opens a draft, whether or not its page could be opened."""
    visitor.get("/account")
    form = {"name": name, "version": "1.0.0", "build_mode": "解耦与重构", "mode": "steps"}
    return visitor.post("/components/new", form)


@pytest.mark.requirement("R-9.1a1")
def test_a_creation_is_started_by_a_releasing_unit_alone(town: Town) -> None:
    for other in ("tigong1", "shiyong", "yunying1"):
        assert town.visitor(other).get("/components/new").status_code == 403, other
        assert asked_to_create(town.visitor(other), f"示例{other}组件").status_code == 403, other
        asked = CreationAsked(f"示例{other}组件", "1.0.0", "解耦与重构")
        with town.platform.database.write() as session, pytest.raises(NotAllowed):
            starting.start_creation(session, town.platform.engine, town.actor(other), asked)

    answer = asked_to_create(town.visitor("fabu1"), "示例发布单位组件")

    assert answer.status_code == 303
    page = town.visitor("fabu1").get(answer.location.removesuffix("/steps")).text
    assert "示例发布单位组件" in page


@pytest.mark.requirement("R-9.1a2a")
def test_a_name_is_checked_while_one_types_and_two_at_once_get_it_once(town: Town) -> None:
    first = asked_to_create(town.visitor("fabu1"), "示例唯一名称组件")
    visitor = town.visitor("fabu1")
    form = visitor.get("/components/new").text
    typed = {
        name: visitor.get(f"/components/new/name?name={name}").text
        for name in ("示例唯一名称组件", "示例无人用过")
    }
    barrier = Barrier(2)

    def create(user_name: str) -> bool:
        actor = town.actor(user_name)
        barrier.wait()
        asked = CreationAsked("示例同时创建组件", "1.0.0", "解耦与重构")
        try:
            perform(
                town.platform.database,
                "component.open_draft",
                actor,
                lambda session: starting.open_draft(session, actor, asked),
            )
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(create, ("fabu1", "fabu2")))

    assert first.status_code == 303
    assert 'hx-get="/components/new/name"' in form
    assert "组件名称已存在" in typed["示例唯一名称组件"]
    assert "可以使用" in typed["示例无人用过"]
    assert sorted(made) == [False, True]


@pytest.mark.requirement("T1-09")
def test_hosting_is_0_or_1_and_decides_where_the_component_is_deployed(town: Town) -> None:
    for wrong in (2, "1", None, ...):
        assert "V-HOS-01" in town.broken(good(isHosting=wrong)), wrong
    for right in (0, 1):
        assert "V-HOS-01" not in town.broken(good(isHosting=right))

    hosted = town.component("示例托管组件", "tuo-guan", isHosting=1).until("artefact")
    unhosted = town.component("示例非托管组件", "fei-tuo-guan", isHosting=0).until("network-declaration")

    assert (hosted.waits_at, unhosted.waits_at) == ("upload_artefact", "declare_network")


@pytest.mark.requirement("T1-16e")
def test_three_reports_are_due_the_guide_is_not_and_every_download_is_on_record(town: Town) -> None:
    files = good()["componentDetails"]["resources"]
    for report in REPORTS:
        without = {kind: path for kind, path in files.items() if kind != report}
        assert "V-DET-06" in town.broken(details(resources=without), "listing"), report
    unguided = {kind: files[kind] for kind in REPORTS}
    assert "V-DET-06" not in town.broken(details(resources=unguided), "listing")

    life = town.component("示例附件组件", "fu-jian")
    attached = next(each for each in life.detail.attachments if each.kind == "securityTestReport").file
    address = f"/files/{attached.id}?version={life.version_id}"
    with town.visitor("yunying1").client.get(address) as answer:
        taken, kind = answer.data, answer.mimetype
    refused = town.visitor("shiyong").get(address)

    assert refused.status_code == 404
    assert (attached.size, attached.digest) == (len(taken), hashlib.sha256(taken).hexdigest())
    assert attached.media_type == kind == "application/pdf"
    with town.platform.database.read() as session:
        events = audit.search(session, AuditSearch(action_prefix="file.download"))
    assert [(event.action, event.actor_name) for event in events] == [
        ("file.download", town.actor("shiyong").name),
        ("file.downloaded", town.actor("yunying1").name),
    ]


@pytest.mark.requirement("R-4.1")
def test_component_version_api_and_order_have_uuids_that_no_renaming_changes(town: Town) -> None:
    life = town.component("示例改名前组件", "gai-ming-qian")
    with town.platform.database.write() as session:
        put_in_state(session, life.version_id, State.PUBLISHED)
        detail = queries.version_detail(session, PLATFORM, life.version_id)
        holder = town.actor("shiyong").unit_id
        assert holder is not None
        granted = Granted(
            version_id=life.version_id,
            number="DD-4-1",
            holder_unit_id=holder,
            application="一网通办",
            purpose="身份核验",
            granted_on="2026-01-01",
        )
        orders.register_order(session, town.actor("yunying1"), detail, granted)
    before = identifiers(town, life)
    with town.platform.database.write() as session:
        put_in_state(session, life.version_id, State.DRAFT)
        api = {**life.detail.record["apiInfo"], "apiName": "改名后接口", "apiCode": "gai-ming-hou"}
        renamed = {"name": "示例改名后组件", "apiInfo": api}
        service.save_record(session, town.actor("fabu1"), life.version_id, renamed)

    after = identifiers(town, life)

    assert life.detail.name == "示例改名后组件"
    assert before == after
    for kind, identifier in after.items():
        assert (identifier.variant, identifier.version in (5, 7)) == (RFC_4122, True), kind
    assert len(set(after.values())) == len(after) == 4


def identifiers(town: Town, life: Life) -> dict[str, UUID]:
    """Return the identifiers of component, version, API and order."""
    shown = town.detail(str(life.version_id))
    (order,) = life.read(lambda session: order_queries.of_version(session, life.version_id))
    given = {name: UUID(shown[name]) for name in ("componentId", "versionId", "apiId")}
    return {**given, "order": order.id}
