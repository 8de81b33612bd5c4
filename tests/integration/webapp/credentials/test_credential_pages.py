"""The pages of credentials: one's own list, the only sight, and replacing one."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.credentials import service
from domain.credentials.purposes import AGENT_INITIAL
from domain.credentials.vault import make_key_file
from kernel.actor import system_actor
from tests.integration.webapp.catalogue_desk import CatalogueDesk

NAME = "统一网络资源服务"


@pytest.fixture
def credential_id(catalogue_desk: CatalogueDesk) -> UUID:
    """Store a credential of a sample component that the sample user may see once."""
    platform = catalogue_desk.platform
    make_key_file(platform.settings.credentials_key_path)
    with platform.database.write() as session:
        return service.store(
            session,
            platform.vault,
            system_actor(),
            "hush-hush",
            version_id=catalogue_desk.version_id(NAME),
            purpose=AGENT_INITIAL,
            must_change=True,
            holders=[catalogue_desk.people["shiyong"].person_id],
        )


def test_a_user_sees_a_credential_once_and_no_cache_keeps_it(
    catalogue_desk: CatalogueDesk, credential_id: UUID
) -> None:
    visitor = catalogue_desk.visitor("shiyong")
    listed = visitor.get("/credentials")

    shown = visitor.post(f"/credentials/{credential_id}/reveal")
    again = visitor.post(f"/credentials/{credential_id}/reveal", follow_redirects=True)

    assert NAME in listed.text
    assert "首次登录须修改" in listed.text
    assert "hush-hush" not in listed.text
    assert "hush-hush" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "hush-hush" not in again.text
    assert "凭证只显示一次" in again.text


def test_a_stranger_is_told_that_there_is_no_such_credential(
    catalogue_desk: CatalogueDesk, credential_id: UUID
) -> None:
    visitor = catalogue_desk.visitor("yunying1")
    visitor.get("/credentials")

    answer = visitor.post(f"/credentials/{credential_id}/reveal", follow_redirects=True)

    assert "hush-hush" not in answer.text
    assert "没有这个凭证" in answer.text


def test_the_page_of_the_version_tells_who_has_seen_it_and_never_what_it_is(
    catalogue_desk: CatalogueDesk, credential_id: UUID
) -> None:
    user = catalogue_desk.visitor("shiyong")
    user.get("/credentials")
    user.post(f"/credentials/{credential_id}/reveal")

    page = catalogue_desk.visitor("yunying1").get(f"/components/{catalogue_desk.version_id(NAME)}")

    assert "1 人（1 人）" in page.text
    assert "hush-hush" not in page.text
