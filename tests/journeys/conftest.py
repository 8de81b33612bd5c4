"""The theatre of a module, with people who read HTML or, where the environment asks, surf with Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.conftest import Site, served
from tests.integration.scanning.conftest import tool_cache
from tests.integration.webapp.conftest import Stage, staged, stages
from tests.journeys.ends import declared_by
from tests.journeys.persons import Login, Person
from tests.journeys.reader import Reader
from tests.journeys.surfer import Surfer
from tests.journeys.theatre import Opener, Theatre, theatre_on
from webapp.wiring import Platform

KIND = os.environ.get("ZUJIAN_TEST_JOURNEYS_ON", "sqlite")
IN_BROWSER = os.environ.get("ZUJIAN_TEST_JOURNEYS") == "browser"

__all__ = ["stages", "tool_cache"]


@pytest.fixture(scope="module")
def theatre(
    request: pytest.FixtureRequest,
    stages: dict[str, Stage],
    tool_cache: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Theatre]:
    """Open a theatre for the journeys of a module."""
    stage = staged(request, KIND, stages, tmp_path_factory)
    folder: Path = tmp_path_factory.mktemp("theatre") / "data"
    in_browser = IN_BROWSER or getattr(request.module, "IN_BROWSER", False)
    opener = _surfing(request.getfixturevalue("browser")) if in_browser else _reading
    with theatre_on(stage, folder, tool_cache, opener) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _reaches_what_it_declares(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a journey that does not reach every end that it declares."""
    declared = declared_by(request.function)
    if not declared:
        yield
        return
    theatre: Theatre = request.getfixturevalue("theatre")
    theatre.ended_with.clear()
    yield
    assert declared == theatre.ended_with


def _reading(_stack: ExitStack) -> Opener:
    return lambda app, _platform, login: Reader(login, app)


def _surfing(browser: Browser) -> Callable[[ExitStack], Opener]:
    """Start the server of the pages when the first person comes, and close everybody's tabs in the end."""

    def opener(stack: ExitStack) -> Opener:
        sites: list[Site] = []

        def open_browser(app: Flask, platform: Platform, login: Login) -> Person:
            if not sites:
                sites.append(stack.enter_context(served(app, platform)))
            surfer = Surfer(login, browser, sites[0].address)
            stack.callback(surfer.leave)
            return surfer

        return open_browser

    return opener
