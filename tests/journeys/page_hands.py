"""The hands of people who have nothing but the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from domain.assessments.service.reports import ReportInput
from domain.catalogue.queries import VersionDetail
from engine.api import TaskDetail, TaskRow
from kernel.actor import Actor
from kernel.files import find_file
from tests.journeys.persons import Person
from tests.journeys.saying import FILES, RowsSaid, Said, said
from webapp.demo.supplies import Supplies, Typed, Upload
from webapp.forms.schema import Schema
from webapp.wiring import Platform

FORM = "#task-form"


@dataclass(frozen=True)
class Pockets(Supplies):
    """Keeps files and secrets at hand until their fields are filled in on the page."""

    held: dict[str, Upload | str] = field(default_factory=dict)

    def upload(self, file: Upload) -> str:
        """Return what stands for the file in the answer."""
        return self._kept("file", file)

    def seal(self, typed: Typed) -> str:
        """Return what stands for the secret in the answer."""
        return self._kept("secret", typed.secret)

    def _kept(self, kind: str, thing: Upload | str) -> str:
        reference = f"{kind}:{uuid4()}"
        self.held[reference] = thing
        return reference


@dataclass(frozen=True, slots=True)
class PageHands:
    """Does on the pages what the demonstration's people do; ``person_of`` knows everybody's browser."""

    platform: Platform
    person_of: Callable[[Actor], Person]
    held: dict[str, Upload | str] = field(default_factory=dict)

    def supplies(self, actor: Actor, row: TaskRow) -> Supplies:
        """Return the pockets of the person."""
        return Pockets(self.platform, actor, row.instance_id, self.held)

    def complete(self, actor: Actor, task: TaskDetail, data: Mapping[str, Any]) -> None:
        """Open the task, claim it where it is nobody's, fill in its form and submit it."""
        person = self.person_of(actor)
        person.visit(f"/tasks/{task.row.id}")
        if person.shows("#claim-form"):
            person.press("#claim-form button")
        self.fill(person, FORM, task.form_schema, data)
        person.press(f'button.primary[form="{FORM[1:]}"]')

    def withdraw(self, actor: Actor, row: TaskRow, reason: str) -> None:
        """Open the task of somebody else and withdraw the case with a reason."""
        person = self.person_of(actor)
        person.visit(f"/tasks/{row.id}")
        person.put("#withdraw-reason", [reason])
        person.press('form[action$="/withdraw"] button')

    def start(self, actor: Actor, detail: VersionDetail, key: str, options: Mapping[str, Any]) -> None:
        """Start a process from the page of its version, or from the form that it asks to fill in."""
        person = self.person_of(actor)
        person.visit(f"/components/{detail.id}")
        form = f'form[action="/components/{detail.id}/cases/{key}"]'
        if not person.shows(form):
            self._start_with_form(person, detail.id, key, options)
            return
        for name, value in options.items():
            offered = f'{form} [name="{name}"]'
            if person.shows(f"{offered}[type=hidden]"):
                form = f'{form}:has([name="{name}"][value="{value}"])'
            else:
                person.put(offered, [value])
        person.press(f"{form} button")

    def _start_with_form(self, person: Person, version_id: UUID, key: str, data: Mapping[str, Any]) -> None:
        person.visit(f"/components/{version_id}/use")
        address = f"/components/{version_id}/start/{key}"
        assert person.shows(f'a[href="{address}"]'), f"{person.login.user_name} is offered no {key}"
        person.visit(address)
        form = f'form[action="{address}"]'
        for name, value in data.items():
            person.put(f'{form} [name="{name}"]', [str(value)])
        person.press(f"{form} button.primary")

    def revoke(self, actor: Actor, detail: VersionDetail, reason: str) -> None:
        """Take the mandate back on the page of the version."""
        person = self.person_of(actor)
        person.visit(f"/components/{detail.id}")
        form = f'form[action="/components/{detail.id}/revocation"]'
        person.put(f'{form} [name="reason"]', [reason])
        person.press(f"{form} button")

    def hand_in_report(self, actor: Actor, version_id: UUID, report: ReportInput, file: Upload) -> None:
        """Hand in a third-party report on the page of the assessments of a version."""
        person = self.person_of(actor)
        person.visit(f"/assessments/versions/{version_id}")
        form = f'form[action="/assessments/versions/{version_id}/reports"]'
        for name, value in asdict(report).items():
            person.put(f'{form} [name="{name}"]', [str(value)])
        person.attach(f'{form} [name="file"]', [file])
        person.press(f"{form} .button.primary")

    def fill(self, person: Person, form: str, schema: Schema, data: Mapping[str, Any]) -> None:
        """Fill in everything that is said, on the controls that the page offers for it."""
        everything = list(said(schema, data))
        for one in everything:
            if isinstance(one, RowsSaid):
                _make_rows(person, form, one)
        for one in everything:
            if isinstance(one, Said):
                self._put(person, form, one)

    def _put(self, person: Person, form: str, one: Said) -> None:
        controls = f'{form} [name="{one.path}"]'
        if one.kind in FILES:
            kept = {control.get("value") for control in person.shows(f"{controls}[type=hidden]")}
            new = [reference for reference in one.values if reference not in kept]
            if new:
                person.attach(f'{form} [name="{one.path}.upload"]', self._files(new))
        elif one.kind == "secret":
            person.put(controls, [str(self.held[value]) for value in one.values])
        else:
            person.put(controls, one.values)

    def _files(self, references: Sequence[str]) -> list[Upload]:
        return [self._file(reference) for reference in references]

    def _file(self, reference: str) -> Upload:
        """Return a file that the person has at hand, be it a copy of one that is stored already."""
        held = self.held.get(reference)
        if isinstance(held, Upload):
            return held
        with self.platform.database.read() as session:
            stored = find_file(session, reference)
            with self.platform.files.open(stored.digest) as content:
                return Upload(stored.name, content.read())


def _make_rows(person: Person, form: str, rows: RowsSaid) -> None:
    """Add rows to a table, or remove its last ones, until it has as many as are said."""
    buttons = f'{form} button[name="row.{{}}"][value="{rows.path}{{}}"]'
    while (shown := _rows_shown(person, form, rows.path)) != rows.count:
        act, which = ("add", "") if shown < rows.count else ("remove", f".{shown - 1}")
        person.press(buttons.format(act, which))


def _rows_shown(person: Person, form: str, path: str) -> int:
    marks = person.shows(f'{form} input[name^="{path}."][name$="._row"]')
    return sum(1 for mark in marks if mark.get("name").count(".") == path.count(".") + 2)
