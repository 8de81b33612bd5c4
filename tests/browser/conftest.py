"""A real browser on a real server: every page must also be free of console errors."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from waitress import wasyncore

from kernel.settings import Settings
from tests.factories.people import SamplePerson
from webapp import create_app
from webapp.cli.serve import bound_socket, page_server
from webapp.wiring import Platform, build_platform

REPOSITORY = Path(__file__).resolve().parents[2]
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True, slots=True)
class Site:
    """A running application."""

    address: str
    platform: Platform


@dataclass(slots=True)
class Tab:
    """One person's page; ``errors`` collects what the console and the scripts complain about."""

    page: Page
    address: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to an address of the site and wait for its scripts."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, person: SamplePerson) -> None:
        """Sign in through the form."""
        self.sign_in_as(person.user_name, person.password)

    def sign_in_as(self, user_name: str, password: str) -> None:
        """Sign in through the form by name and password."""
        self.open("/sign-in")
        self.page.fill("#user_name", user_name)
        self.page.fill("#password", password)
        with self.page.expect_navigation():
            self.page.click("form .button.primary")
        self.page.wait_for_load_state("networkidle")

    def accessibility_violations(self) -> list[tuple[str, list[str]]]:
        """Return axe's violations: rule and the places that break it."""
        self.page.evaluate(AXE.read_text("utf-8"))
        result: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            (found["id"], [node["html"][:160] for node in found["nodes"]]) for found in result["violations"]
        ]

    def wait_until(self, condition: str) -> None:
        """Wait up to five seconds for a condition; the page's own policy forbids it to poll in the page."""
        for _ in range(50):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never came true: {condition}")

    def scrolls_sideways(self) -> bool:
        """Tell whether the page is wider than its window."""
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return bool(self.page.evaluate(width) > 0)

    def sticking_out(self) -> list[str]:
        """Return the last elements that reach beyond the window, where the page is wider than it."""
        if not self.scrolls_sideways():
            return []
        beyond: list[str] = self.page.eval_on_selector_all(
            "body *",
            "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
            ".slice(-3).map(one => one.outerHTML.slice(0, 160))",
        )
        return beyond or ["something that is not seen"]


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    """Serve an application on an empty database of its own."""
    path = tmp_path / "zujian.sqlite3"
    shutil.copyfile(sqlite_template, path)
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=f"sqlite:///{path}",
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )
    platform = build_platform(settings)
    with served(create_app(settings, platform), platform) as site:
        yield site
    platform.close()


@contextmanager
def served(app: Flask, platform: Platform) -> Iterator[Site]:
    """Serve an application on this machine, with the product's own server."""
    with bound_socket("127.0.0.1", 0) as listening:
        server = page_server(app, listening)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.effective_port}", platform)
        # Its loop ends when nothing is left to listen to, and only its own thread may close what it reads.
        server.trigger.pull_trigger(partial(wasyncore.close_all, server._map, ignore_all=True))
        thread.join()
        server.task_dispatcher.shutdown()


@pytest.fixture
def open_tab(browser: Browser, site: Site) -> Iterator[Callable[..., Tab]]:
    """Open tabs, each with cookies of its own; at the end none may have seen an error."""
    tabs: list[Tab] = []

    def open_one(
        width: int = 1440, height: int = 900, *, scheme: str = "light", locale: str = "zh-CN"
    ) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale
        )
        tab = Tab(context.new_page(), site.address)
        tab.page.on("console", lambda message: _keep(tab, message.type, message.text))
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tabs.append(tab)
        return tab

    yield open_one
    for tab in tabs:
        tab.page.context.close()
    assert [error for tab in tabs for error in tab.errors] == []


def _keep(tab: Tab, kind: str, text: str) -> None:
    # A refused form answers 422; the browser's own line about it is no error of ours.
    if kind == "error" and "status of 422" not in text:
        tab.errors.append(text)
