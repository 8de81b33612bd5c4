"""What becomes of a change when its version is taken down, told by where its case has got to."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import State
from domain.changes import service
from domain.changes.kinds import Kind, Status
from domain.changes.queries import changes_of
from kernel.actor import system_actor
from tests.integration.engine.diagrams import chain, diagram, end, files, review_form, start, user_task
from tests.integration.handlers.conftest import NAMES, Bench
from webapp.wiring import Platform

PLATFORM = system_actor("platform", frozenset({"definition.deploy"}))
KEY = "change-in-miniature"


def changing(platform: Platform, version_id: UUID, about: UUID) -> None:
    """Open a change of a version; its case is about that version, or about the new one already."""
    task = user_task("show", "provider", "form.json")
    bpmn = diagram(KEY, start(), task, end(), *chain("begin", "show", "done"))
    engine = platform.engine
    with platform.database.write() as session:
        of_version = ComponentVersion.id == version_id
        session.execute(update(ComponentVersion).where(of_version).values(state=State.LISTED))
        engine.deploy_files(session, PLATFORM, KEY, files(KEY, bpmn, form=review_form()))
        change_id = service.open_change(session, PLATFORM, version_id, Kind.VERSION)
        case = engine.start_instance(
            session,
            PLATFORM,
            KEY,
            {},
            title=KEY,
            subject_type="component_version",
            subject_id=about,
            region_code="990100",
            check_role=False,
        )
        service.attach_case(session, change_id, case.id)


@pytest.mark.parametrize(
    ("is_new_version", "status"), [(False, Status.REFUSED), (True, Status.PREPARING)], ids=["ends", "goes on"]
)
def test_a_change_ends_with_its_case_and_goes_on_with_it(
    platform: Platform, bench: Bench, versions: dict[str, UUID], is_new_version: bool, status: Status
) -> None:
    old, new = versions[NAMES[0]], versions[NAMES[1]]
    changing(platform, old, new if is_new_version else old)

    bench.run("takedown.end_other_cases", versionId=str(old), reason="重大安全隐患")

    with platform.database.read() as session:
        assert [change.status for change in changes_of(session, old)] == [status]
