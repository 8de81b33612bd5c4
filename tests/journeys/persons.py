"""Somebody at the pages: reads what is shown, fills in fields, presses buttons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import html

from webapp.demo.supplies import Upload

SIGN_IN, ACCOUNT = "/sign-in", "/account"
REFUSAL = 400


class Refused(AssertionError):
    """The page said no; the text is what it said."""


@dataclass(slots=True)
class Login:
    """A user name with its password, which has to be changed now and then."""

    user_name: str
    password: str


class Person(ABC):
    """One person's browser; forms and buttons are named by CSS selectors."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self.address = ""
        self.status = 0
        self.tree: Any = None

    def visit(self, path: str) -> None:
        """Open a page, signing in where that is asked for.

        Raises:
            Refused: the page cannot be opened.
        """
        self._go(path)
        if self.address == SIGN_IN:
            self._sign_in()
            self._go(path)
        if self.address == ACCOUNT != urlsplit(path).path:
            self._change_password()
            self._go(path)
        self._expect_no_refusal()

    def shows(self, selector: str) -> list[Any]:
        """Return the elements of the page that a selector finds."""
        found: list[Any] = self.tree.cssselect(selector)
        return found

    def said_to_me(self) -> str:
        """Return what the page reports, on one line."""
        notices = self.shows(".notice.bad, .field-error, main h1")
        return " | ".join(" ".join(notice.text_content().split()) for notice in notices)

    def press(self, button: str) -> None:
        """Press a button that sends its form, and come to the page that answers.

        Raises:
            Refused: what was sent is refused, or there is no such button.
        """
        if not self.shows(button):
            raise Refused(f"{self.login.user_name} finds no {button} on {self.address}: {self.said_to_me()}")
        self._press(button)
        self._expect_no_refusal()

    def _expect_no_refusal(self) -> None:
        if self.status >= REFUSAL or self.shows("main > .notice.bad, .content > .notice.bad"):
            raise Refused(
                f"{self.login.user_name} at {self.address} is answered {self.status}: {self.said_to_me()}"
            )

    def _sign_in(self) -> None:
        self.put("#user_name", [self.login.user_name])
        self.put("#password", [self.login.password])
        self.press('form[action="/sign-in"] .button.primary')

    def _change_password(self) -> None:
        new = f"{self.login.password}x"
        for name, value in (("old", self.login.password), ("new", new), ("repeated", new)):
            self.put(f'form[action="/account/password"] [name="{name}"]', [value])
        self.press('form[action="/account/password"] button')
        self.login.password = new

    @abstractmethod
    def put(self, controls: str, values: Sequence[str]) -> None:
        """Fill in a field: text, choice, radio buttons or check boxes, whatever the selector finds."""

    @abstractmethod
    def attach(self, control: str, files: Sequence[Upload]) -> None:
        """Choose files for a field."""

    @abstractmethod
    def document(self, path: str) -> Any:
        """Return what a script of the page reads from an address, None where there is nothing."""

    @abstractmethod
    def _go(self, path: str) -> None:
        """Open an address and read the page."""

    @abstractmethod
    def _press(self, button: str) -> None:
        """Send the form of a button and read the page that answers."""

    def read(self, content: str) -> None:
        """Take in a page."""
        self.tree = html.fromstring(content)
