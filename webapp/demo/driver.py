"""Driving one component to the market: run what is due, answer the next task, start what follows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import State
from domain.checks import names
from domain.checks.queries import check_runs
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from domain.people.queries import unit
from engine.api import TaskDetail, TaskRow
from kernel.actor import Actor
from kernel.language import Text
from webapp.catalogue.starting import CREATION, LISTING, PUBLISHING
from webapp.demo import answers, assessing, kinds
from webapp.demo.cast import Cast
from webapp.demo.closing_table import Result
from webapp.demo.filling import SENTENCE, CannotBeFilled, Schema, filled, merged
from webapp.demo.hands import Hands, ServiceHands
from webapp.demo.supplies import Supplies, Upload
from webapp.wiring import Platform

# Runs that conclude a step from its parts; counting both would count twice.
CONCLUSIONS = {names.BASICS, names.PREPARATION, names.NETWORK, names.PREREGISTRATION, names.LISTING}
MAX_VISITS = 3
LEFT_LYING = Text("暂不办理", "Left lying")
NOT_YET = Text("准入的安全评估待人工复核", "The assessment of its admission waits to be examined")
PUBLISHED = Text("已发布", "Published")
# Which process a person starts by hand from a state, and who does.
STARTED_FROM: Mapping[State, tuple[str, str, dict[str, str]]] = {
    State.DRAFT: (CREATION, RELEASING_UNIT, {}),
    State.ONBOARDED: (LISTING, PROVIDER, {}),
    State.LISTED: (PUBLISHING, OPERATOR, {"action": "publish"}),
}

Said = Callable[[Text], None]
Answer = Callable[[str, answers.Scene], Mapping[str, Any]]


@dataclass(slots=True)
class Driver:
    """Drives one component after the other on one platform.

    ``stops`` name a form, or process and form, where a component goes no further; ``left_lying`` names by
    version the one (process and form) that its people let wait.
    """

    platform: Platform
    cast: Cast
    say: Said
    answer: Answer = answers.answer
    token: str = ""
    stops: Mapping[str, Text] = field(default_factory=dict)
    parked: set[UUID] = field(default_factory=set)
    left_lying: dict[UUID, str] = field(default_factory=dict)
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        """Act through the services until somebody gives other hands."""
        self.hands = ServiceHands(self.platform)

    def drive(self, version_id: UUID) -> Result:
        """Take one version as far as it goes, and say how it fared."""
        began = time.monotonic()
        visits: Counter[str] = Counter()
        steps, stopped = self.answer_all(version_id, visits)
        started: set[State] = set()
        while stopped is None:
            detail = self._detail(version_id)
            if detail.state not in STARTED_FROM or detail.state in started:
                break
            started.add(detail.state)
            self._start(detail, *STARTED_FROM[detail.state])
            more, stopped = self.answer_all(version_id, visits)
            steps += more
        return self._result(version_id, stopped, steps, time.monotonic() - began)

    def answer_all(self, version_id: UUID, visits: Counter[str]) -> tuple[int, Text | None]:
        """Run jobs and answer tasks until nothing is open; return the steps, and why it stopped early."""
        steps = 0
        while True:
            steps += self.run_jobs()
            found = self.cast.next_task(self.platform, version_id, self.parked)
            if found is None:
                return steps, None
            stopped = self._answer(*found, self._detail(version_id), visits)
            if stopped is LEFT_LYING:
                self.parked.add(found[1].id)
                continue
            if stopped is not None:
                self.parked.add(found[1].id)
                return steps, stopped
            steps += 1

    def take_up(self, version_id: UUID) -> None:
        """Let the people of a version do what they have left lying so far."""
        self.left_lying.pop(version_id, None)
        self.parked.clear()

    def start_by(self, role: str, version_id: UUID, key: str, options: Mapping[str, Any]) -> None:
        """Start a process on a version, by the first person who holds the role there."""
        self._start(self._detail(version_id), key, role, options)

    def run_jobs(self) -> int:
        """Run every job that is due; return how many there were."""
        ran = 0
        while count := self.platform.engine.run_due(self.platform.database):
            ran += count
        return ran

    def _start(self, detail: VersionDetail, key: str, role: str, options: Mapping[str, Any]) -> None:
        unit_id = {RELEASING_UNIT: detail.unit_id, PROVIDER: detail.provider_unit_id}.get(role)
        actor = self.cast.with_role(role, detail.region_code, unit_id)
        self.say(Text(f"{actor.name}：发起 {key}", f"{actor.name}: starts {key}"))
        self.hands.start(actor, detail, key, options)

    def _answer(self, actor: Actor, row: TaskRow, detail: VersionDetail, visits: Counter[str]) -> Text | None:
        """Answer one task, or return what stands against it."""
        with self.platform.database.read() as session:
            task = self.platform.engine.task(session, actor, row.id)
        form = PurePosixPath(task.form_name or "").stem
        for name in (form, f"{task.scope_process}/{form}"):
            if name in self.stops:
                return self.stops[name]
        if self.left_lying.get(detail.id) == f"{task.scope_process}/{form}":
            return LEFT_LYING
        if assessing.is_about_an_admission(task):
            return NOT_YET
        if visits[form] == MAX_VISITS:
            return Text(f"在“{row.name.zh}”反复退回", f"Sent back to “{row.name.en}” again and again")
        self.say(Text(f"{actor.name}：{row.name.zh}", f"{actor.name}: {row.name.en}"))
        try:
            data = self._data(actor, task, detail, form, visits)
        except CannotBeFilled as error:
            return Text(f"表单 {form} 无法填写：{error}", f"The form {form} cannot be filled: {error}")
        visits[form] += 1
        self.hands.complete(actor, task, data)
        return None

    def _data(
        self, actor: Actor, task: TaskDetail, detail: VersionDetail, form: str, visits: Counter[str]
    ) -> dict[str, Any]:
        scene = answers.Scene(
            component=detail.name,
            provider_unit_id=self._provider_unit(detail),
            capability_class=detail.row.capability_class or "",
            earlier_visits=visits[form],
            process=task.scope_process,
            version=detail.version,
            technical_field=detail.row.technical_field or "",
            address=str((detail.record.get("extension") or {}).get("serviceAddress") or ""),
            token=self.token,
            has_api=bool(detail.record.get("apiInfo")),
        )
        supplies = self.hands.supplies(actor, task.row)

        def supplied(name: str, schema: Schema) -> Any:
            if schema.get("x-widget") == "file":
                return self._file(supplies, detail, name)
            return answers.text_for(name)

        given = merged(task.data, supplies.resolved(self.answer(form, scene)))
        if assessing.is_examining(task):
            given = assessing.examined(self.platform, self.hands, self.cast, detail, given)
        return filled(task.form_schema, given, supplied)

    def _provider_unit(self, detail: VersionDetail) -> UUID:
        """Return the authorised provider; before there is one, preferably one that the record names."""
        if detail.provider_unit_id is not None:
            return detail.provider_unit_id
        able = [actor for actor in self.cast.actors if actor.has_role(PROVIDER, detail.region_code)]
        with self.platform.database.read() as session:
            units = {actor.unit_id: unit(session, actor.unit_id).name for actor in able if actor.unit_id}
        named = str(detail.record.get("serviceProviderInfo"))
        return next((unit_id for unit_id, name in units.items() if name in named), next(iter(units)))

    def _file(self, supplies: Supplies, detail: VersionDetail, kind: str) -> str:
        """Return the file that the version has of this kind, else upload a short text as one."""
        held = {attachment.kind: attachment.file.reference for attachment in detail.attachments}
        if kind in held:
            return held[kind]
        if (kind, detail.row.technical_field) == ("apiDocument", kinds.AGENT_FIELD):
            return supplies.upload(kinds.agent_document(detail.name, detail.version))
        return supplies.upload(Upload(f"{kind}.txt", SENTENCE.encode()))

    def _detail(self, version_id: UUID) -> VersionDetail:
        with self.platform.database.read() as session:
            return queries.version_detail(session, self.cast.permitted("incident.resolve"), version_id)

    def _result(self, version_id: UUID, stopped: Text | None, steps: int, seconds: float) -> Result:
        detail = self._detail(version_id)
        with self.platform.database.read() as session:
            runs = check_runs(session, version_id)
            incidents = self.platform.engine.incidents(session, self.cast.permitted("incident.resolve"))
        parts = [run for run in runs if run.check not in CONCLUSIONS]
        stated = sum(1 for run in parts if run.is_statement)
        not_run = sum(1 for run in parts if run.status == "not_checked")
        if detail.state is State.PUBLISHED:
            kind, outcome = "published", PUBLISHED
        elif stopped is NOT_YET:
            kind, outcome = "stopped", NOT_YET
        else:
            cause = incidents[0].cause[:200] if incidents else ""
            state = detail.row.state_text
            kind = "unexpected"
            outcome = stopped or Text(f"停在“{state.zh}” {cause}", f"Stuck at “{state.en}” {cause}")
        return Result(
            component=detail.name,
            version=detail.version,
            kind=kind,
            outcome=outcome,
            steps=steps,
            rework_rounds=max(0, detail.row.round - 1),
            checks_run=len(parts) - stated - not_run,
            checks_stated=stated,
            checks_not_run=not_run,
            seconds=seconds,
        )
