"""A drafter and a releaser at the process designer, each with a browser of their own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from kernel.database import Database
from tests.factories.people import SamplePerson, make_person
from tests.integration.webapp.browser import Visitor
from webapp.modeler.skeleton import new_definition

KEY = "small-review"
LANE = 'zujian:nameEn="Work">'


def small_process(
    role: str | None = "reviewer", form: str = "work.json", handler: str | None = None
) -> dict[str, str]:
    """Return the files of a process with one user task, ready to deploy unless told otherwise."""
    files = {
        name: content.decode() for name, content in new_definition(KEY, "小型审查", "Small review").items()
    }
    diagram = files[f"{KEY}.bpmn"].replace('value="work.json"', f'value="{form}"')
    diagram = diagram.replace('isExecutable="true"', 'isExecutable="true" zujian:startRoles="reviewer"')
    if role:
        diagram = diagram.replace(LANE, f'{LANE[:-1]} zujian:role="{role}">')
    if handler:
        operator = f'<spiffworkflow:serviceTaskOperator id="{handler}"/>'
        task = diagram[diagram.index("<bpmn:userTask") : diagram.index("</bpmn:userTask>")]
        inside = task[task.index("<spiffworkflow:properties>") : task.index("</bpmn:extensionElements>")]
        service = task.replace("bpmn:userTask", "bpmn:serviceTask").replace(inside, operator)
        diagram = diagram.replace(task, service).replace("</bpmn:userTask>", "</bpmn:serviceTask>")
    return {**files, f"{KEY}.bpmn": diagram}


class Desk:
    """What the two administrators do, in short verbs."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app = app
        self.database = database
        self.drafter = self.visitor("drafter", "system_administrator")
        self.releaser = self.visitor("releaser", "security_administrator")

    def visitor(self, user_name: str, *roles: str) -> Visitor:
        """Register a person and sign them in."""
        person: SamplePerson = make_person(self.database, user_name, roles)
        visitor = Visitor(self.app.test_client())
        answer = visitor.sign_in(person)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return visitor

    def send(self, visitor: Visitor, path: str, body: dict[str, Any], method: str = "POST") -> TestResponse:
        """Send JSON as the editor's script does."""
        headers = {"X-CSRFToken": visitor.token, "Accept": "application/json"}
        return visitor.client.open(path, method=method, json=body, headers=headers)

    def save_new(self, files: dict[str, str] | None = None) -> dict[str, Any]:
        """Store a first draft as the drafter."""
        answer = self.send(self.drafter, f"/modeler/{KEY}/drafts", {"files": files or small_process()})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return dict(answer.json)

    def submitted(self, files: dict[str, str] | None = None) -> dict[str, Any]:
        """Store a draft and offer it for release."""
        draft = self.save_new(files)
        answer = self.send(self.drafter, draft["submit_url"], {"note": "第一版"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.json)

    def release(self, draft: dict[str, Any], visitor: Visitor | None = None) -> TestResponse:
        """Release a submitted draft as the second administrator."""
        who = visitor or self.releaser
        who.get(draft["page_url"])
        return who.post(f"/modeler/drafts/{draft['id']}/release", {"note": "同意"})
