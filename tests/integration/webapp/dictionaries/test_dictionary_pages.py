"""The pages of the dictionaries, followed by people without script."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.catalogue_desk import CatalogueDesk, as_file, record

PAGE = "/dictionaries/functionalAreas"
FIELD = re.compile(r'<input[^>]* name="((?:code|zh|en|position)-\d+)" value="([^"]*)"')
ACTIVE = re.compile(r'name="(active-\d+)"[^>]* checked')
DECISION = re.compile(r'action="([^"]*/editions/[^"]*)"')


def form_of(visitor: Visitor) -> dict[str, Any]:
    """Read the form as a browser would send it unchanged."""
    page = visitor.get(PAGE).get_data(as_text=True)
    return {**dict(FIELD.findall(page)), **dict.fromkeys(ACTIVE.findall(page), "on")}


def released(catalogue_desk: CatalogueDesk, **changes: str) -> Visitor:
    """Draft with the changed fields as one administrator, release as another; return the latter."""
    drafter, releaser = catalogue_desk.visitor("sysadmin"), catalogue_desk.visitor("secadmin")
    form = form_of(drafter)
    answer = drafter.post(PAGE, {**form, **changes, "purpose": "新增水务"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = DECISION.search(releaser.get(PAGE).get_data(as_text=True))
    assert address is not None
    releaser.post(address[1], {"decision": "release"})
    return releaser


def test_a_value_is_drafted_released_and_can_be_imported(catalogue_desk: CatalogueDesk) -> None:
    releaser = released(catalogue_desk, **{"code-9": "9", "zh-9": "水务", "en-9": "Water"})
    importer = catalogue_desk.visitor("fabu1")
    importer.get("/components/import")

    page = releaser.get(PAGE).get_data(as_text=True)
    answer = importer.post(
        "/components/import",
        {"file": (BytesIO(as_file([record(functionalAreas=9)])), "a.json")},
        content_type="multipart/form-data",
    ).get_data(as_text=True)

    assert "水务" in page
    assert "已发布" in page
    assert "已导入为草稿" in answer


def test_what_is_wrong_stands_beside_its_line(catalogue_desk: CatalogueDesk) -> None:
    drafter = catalogue_desk.visitor("sysadmin")
    form = form_of(drafter)

    answer = drafter.post(PAGE, {**form, "code-9": "8", "zh-9": "水务", "zh-0": "改名", "purpose": "试"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "与前面的值重复" in page
    assert "标准规定的值不能改名、停用或删除：0" in page


def test_only_administrators_see_the_dictionaries(catalogue_desk: CatalogueDesk) -> None:
    assert catalogue_desk.visitor("fabu1").get(PAGE).status_code == 403
    auditor = catalogue_desk.visitor("auditadmin")

    page = auditor.get(PAGE).get_data(as_text=True)

    assert 'name="purpose"' not in page
    assert "锁定" in page
