"""Every kind of page that links lead to: on a phone, in the dark, accessible, without an error in scripts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.browser.conftest import Site, Tab, served
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.integration.webapp.conftest import shared_desk, stages
from tests.integration.webapp.test_crawl import endpoint_of, put_to_work

__all__ = ["shared_desk", "stages"]
pytestmark = pytest.mark.browser

# Who between them see every room.
PEOPLE = ("sysadmin", "auditadmin", "yunying1", "tigong1", "fabu1")
NOT_PAGES = ("static", "files.", "auth.sign_out", "catalogue.export")


@pytest.fixture
def site(shared_desk: CatalogueDesk) -> Iterator[Site]:
    """Serve a platform with the sample people and components, and a task that is being worked on."""
    put_to_work(shared_desk)
    with served(shared_desk.app, shared_desk.platform) as site:
        yield site


def test_every_kind_of_page_is_accessible_on_a_phone_in_the_dark(
    shared_desk: CatalogueDesk, open_tab: Callable[..., Tab]
) -> None:
    found: dict[str, Any] = {}
    seen: set[str] = set()
    for user_name in PEOPLE:
        tab = open_tab(390, 844, scheme="dark")
        tab.sign_in_as(user_name, shared_desk.people[user_name].password)
        walk(tab, shared_desk.app, seen, found)

    assert found == {}
    assert len(seen) > 40


def walk(tab: Tab, app: Flask, seen: set[str], found: dict[str, Any]) -> None:
    """Follow every link to a kind of page that nobody has seen yet, and note what is wrong there."""
    waiting = deque(links_on(tab))
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path)
        if endpoint in seen or endpoint.startswith(NOT_PAGES):
            continue
        seen.add(endpoint)
        answer = tab.page.request.get(tab.address + path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        tab.open(path)
        problems: list[Any] = [*tab.accessibility_violations(), *tab.sticking_out(), *tab.errors]
        if problems:
            found[f"{endpoint} {path}"] = problems
        tab.errors.clear()
        waiting.extend(links_on(tab))


def links_on(tab: Tab) -> list[str]:
    """Return the addresses of this site that the page links to."""
    targets = tab.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [
        target.removeprefix(tab.address).partition("#")[0]
        for target in map(str, targets)
        if target.startswith(tab.address + "/") and not urlsplit(target).path.startswith("/sign-out")
    ]
