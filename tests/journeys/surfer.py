"""A person with a real Chromium: clicks, types and uploads on pages whose scripts run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Locator

from tests.journeys.persons import Login, Person, Refused
from webapp.demo.supplies import Upload


class Surfer(Person):
    """Uses the pages in a tab of an own browser context; ``errors`` keeps what the scripts complain about."""

    def __init__(self, login: Login, browser: Browser, site: str) -> None:
        super().__init__(login)
        self._site = site
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN").new_page()
        self.page.set_default_timeout(10_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", _agree)

    def leave(self) -> None:
        """Close the browser; its scripts must not have complained."""
        self.page.context.close()
        assert self.errors == []

    def put(self, controls: str, values: Sequence[str]) -> None:
        """Fill in a field."""
        found = [one for one in self.page.locator(controls).all() if one.get_attribute("type") != "hidden"]
        if not found:
            raise Refused(f"{self.address} offers no {controls}")
        for control in found:
            _open_menus(control)
            self._put(control, values)

    def _put(self, control: Locator, values: Sequence[str]) -> None:
        kind = control.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            wanted = control.get_attribute("value") in values
            if control.is_checked() != wanted and (wanted or kind == "checkbox"):
                control.locator("xpath=ancestor::label").click()
            return
        (value,) = values
        if kind == "select-one":
            control.select_option(value)
        elif control.input_value() != value:
            control.fill(value)

    def attach(self, control: str, files: Sequence[Upload]) -> None:
        """Choose files for a field, and wait until its script has uploaded them."""
        chosen = self.page.locator(control)
        name = str(chosen.get_attribute("name")).removesuffix(".upload")
        kept = self.page.locator(f'[data-name="{name}"] [data-files] input[type=hidden]')
        for file in files:
            before = kept.all_inner_texts() and kept.last.input_value()
            chosen.set_input_files(
                {"name": file.name, "mimeType": "application/octet-stream", "buffer": file.content}
            )
            if self.page.locator(f'[data-name="{name}"] .drop.ready').count():
                self.page.wait_for_function(_STORED, arg=[name, before or ""])

    def document(self, path: str) -> Any:
        """Return what a script of the page reads from an address."""
        answer = self.page.request.get(self._site + path)
        return answer.json() if answer.ok else None

    def _go(self, path: str) -> None:
        answer = self.page.goto(self._site + path)
        assert answer is not None
        self._read(answer.status)

    def _press(self, button: str) -> None:
        pressed = self.page.locator(button).first
        _open_menus(pressed)
        with self.page.expect_navigation() as navigation:
            pressed.click()
        self._read(navigation.value.status)

    def _read(self, status: int) -> None:
        self.address, self.status = urlsplit(self.page.url).path, status
        self.read(self.page.content())


_STORED = """([name, before]) => {
  const kept = document.querySelectorAll(`[data-name="${name}"] [data-files] input[type=hidden]`);
  return kept.length > 0 && kept[kept.length - 1].value !== before;
}"""


def _open_menus(control: Locator) -> None:
    """Open what a control is folded into, the outer first."""
    folded = control.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("xpath=./summary").click()


def _agree(dialog: Dialog) -> None:
    dialog.accept()
