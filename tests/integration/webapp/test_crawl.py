"""A crawler that visits every page as every role in both languages."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from domain.people.permissions import permissions_of
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from webapp.permissions import PUBLIC, SIGNED_IN, required_action

PEOPLE = {
    "fabu1": "releasing_unit",
    "tigong1": "provider",
    "yunying1": "operator",
    "shenhe1": "reviewer",
    "shiyong": "user",
    "jiandu": "supervisor",
    "sysadmin": "system_administrator",
    "secadmin": "security_administrator",
    "auditadmin": "audit_administrator",
}
PAGES_PER_KIND = 2
CATALOGUE = Path(__file__).resolve().parents[3] / "webapp/translations/en/LC_MESSAGES/messages.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
SPOKEN = "//text()[not(ancestor::script)] | //@aria-label | //@placeholder | //@title | //@data-confirm"


@dataclass
class Crawl:
    """What one walk through the site found."""

    visited: list[str] = field(default_factory=list)
    refused: list[tuple[str, int]] = field(default_factory=list)
    untranslated: set[tuple[str, str]] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def chinese_texts() -> set[str]:
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream)
    ids = (message.id if isinstance(message.id, str) else message.id[0] for message in catalogue)
    return {text for text in ids if HAN.search(text)}


@pytest.mark.parametrize("user_name", list(PEOPLE))
def test_every_page_answers_in_the_readers_language_and_leads_nowhere_forbidden(
    catalogue_desk: CatalogueDesk, chinese_texts: set[str], user_name: str
) -> None:
    put_to_work(catalogue_desk)
    visitor = catalogue_desk.visitor(user_name)

    chinese = crawl(catalogue_desk.app, visitor.client, PEOPLE[user_name], set())
    visitor.post("/language", {"language": "en"})
    english = crawl(catalogue_desk.app, visitor.client, PEOPLE[user_name], chinese_texts)

    assert len(chinese.visited) >= 4
    assert chinese.refused == english.refused == []
    assert english.untranslated == set()
    assert chinese.forbidden == english.forbidden == set()


def put_to_work(desk: CatalogueDesk) -> None:
    """Start a case and claim its first task, so that there is something to read everywhere."""
    visitor = desk.visitor("fabu1")
    version = desk.version_id("城市地图服务")
    answer = visitor.post(f"/components/{version}/cases/component-creation")
    assert answer.status_code == 303, answer.text
    desk.platform.engine.run_due(desk.platform.database)
    claimable = html.fromstring(visitor.get("/tasks?view=claimable").text)
    task = urlsplit(claimable.xpath("//li[contains(@class, 'task-row')]//a/@href")[0]).path
    assert visitor.post(f"{task}/claim").status_code == 303


def crawl(app: Flask, client: FlaskClient, role: str, chinese_texts: set[str]) -> Crawl:
    """Follow every link, a few of each kind of page."""
    found, waiting, seen = Crawl(), deque(["/"]), {"/"}
    counts: dict[str, int] = {}
    while waiting:
        path = waiting.popleft()
        endpoint = endpoint_of(app, path)
        counts[endpoint] = counts.get(endpoint, 0) + 1
        if counts[endpoint] > PAGES_PER_KIND:
            continue
        if not may_visit(app, endpoint, role):
            found.forbidden.add(path)
            continue
        with client.get(path, follow_redirects=True, buffered=True) as answer:
            found.visited.append(path)
            if answer.status_code >= 400:
                found.refused.append((path, answer.status_code))
            if answer.mimetype != "text/html":
                continue
            page = html.fromstring(answer.get_data(as_text=True))
        spoken = {str(text).strip() for text in page.xpath(SPOKEN)}
        found.untranslated |= {(path, text) for text in spoken & chinese_texts}
        for link in links_of(page):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return found


def links_of(page: html.HtmlElement) -> list[str]:
    """Return the addresses of this site that the page links to."""
    found = []
    for target in page.xpath("//a/@href"):
        parts = urlsplit(str(target))
        if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def endpoint_of(app: Flask, path: str) -> str:
    """Return the endpoint that answers the path."""
    adapter = app.url_map.bind("localhost")
    endpoint, _values = adapter.match(urlsplit(path).path, method="GET")
    return str(endpoint)


def may_visit(app: Flask, endpoint: str, role: str) -> bool:
    """Tell whether the table of permissions lets the role in."""
    action = required_action(app, endpoint)
    return action in (PUBLIC, SIGNED_IN) or action in permissions_of([role])
