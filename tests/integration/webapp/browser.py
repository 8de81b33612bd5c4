"""A browser without script: follows forms as a person does, with the CSRF token of the page."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.people import SamplePerson

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """One person's browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page and remember its CSRF token."""
        response = self.client.get(path, **options)
        if found := TOKEN.search(response.get_data(as_text=True)):
            self.token = found.group(1)
        return response

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form of the last page."""
        values = {"csrf_token": self.token, **(data or {})}
        response = self.client.post(path, data=values, **options)
        if found := TOKEN.search(response.get_data(as_text=True)):
            self.token = found.group(1)
        return response

    def sign_in(self, person: SamplePerson, password: str | None = None) -> TestResponse:
        """Sign in through the form."""
        self.get("/sign-in")
        answer = self.post(
            "/sign-in", {"user_name": person.user_name, "password": password or person.password}
        )
        if answer.status_code == 303:
            self.get("/account")
        return answer
