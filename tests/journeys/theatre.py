"""A platform with its people at their pages, and components that are taken through its processes there."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from domain.catalogue import queries
from domain.catalogue.states import State
from domain.credentials.vault import make_key_file
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from domain.people.service import sign_in
from domain.samples.components import SOURCE, sample_records, write_attachments
from domain.samples.people import SamplePerson
from engine.api import InstanceFilter, InstanceRow, TaskRow
from kernel.actor import Actor
from kernel.clock import SystemClock, use_clock
from kernel.language import Text
from kernel.settings import Settings
from kernel.unit_of_work import perform
from tests.integration.webapp.conftest import Stage
from tests.journeys.cases import PLATFORM, ends_seen
from tests.journeys.page_hands import PageHands
from tests.journeys.persons import Login, Person
from tests.postgresql import administer
from tests.unattacked import no_attacks
from webapp import create_app
from webapp.catalogue.importing import import_records
from webapp.catalogue.starting import CREATION, LISTING, PUBLISHING
from webapp.cli.samples import reaching_samples
from webapp.demo import answers
from webapp.demo.driver import Driver
from webapp.demo.hands import Hands, ServiceHands
from webapp.demo.sample_server import serving
from webapp.demo.samples import at_local_services
from webapp.demo.stage import sample_cast
from webapp.wiring import Platform, build_platform

REPOSITORY = Path(__file__).resolve().parents[2]
TOKEN = "a token for tests and for nothing else"
SIGNS_IN_AFTER = timedelta(days=60)
HERE = Text("在此停下", "Stopped here")

Said = Mapping[str, list[Mapping[str, Any]]]
Opener = Callable[[Flask, Platform, Login], Person]


class MovedClock:
    """Runs as the machine's clock does, ahead of it by as much as has been told."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self.ahead = timedelta(0)

    def now(self) -> Any:
        """Return the instant of the story, in UTC."""
        return self._machine.now() + self.ahead


@dataclass
class Theatre:
    """One platform, its people by name with their browsers, and the clock that they live by."""

    app: Flask
    platform: Platform
    people: Mapping[str, SamplePerson]
    open_browser: Opener
    port: int
    folder: Path
    clock: MovedClock = field(default_factory=MovedClock)
    persons: dict[UUID, Person] = field(default_factory=dict)
    ended_with: set[str] = field(default_factory=set)
    has_advisories: bool = False
    _count: int = 0

    def __post_init__(self) -> None:
        """Bring the people of the demonstration in."""
        self.cast = sample_cast(self.platform)
        self.driver = Driver(self.platform, self.cast, lambda _line: None, token=TOKEN)
        self.services = ServiceHands(self.platform)
        self.pages = PageHands(self.platform, self.person_of)
        self.driver.hands = self.pages

    def person_of(self, actor: Actor) -> Person:
        """Return the person behind an actor, at their browser."""
        known = next(one for one in self.people.values() if one.person_id == actor.person_id)
        if known.person_id not in self.persons:
            login = Login(known.user_name, known.password)
            self.persons[known.person_id] = self.open_browser(self.app, self.platform, login)
        return self.persons[known.person_id]

    def expect_ends(self, cases: Iterable[UUID], ends: Sequence[str]) -> None:
        """Expect a supervisor to see these ends in the diagrams of some cases."""
        supervisor = self.person_of(next(one for one in self.cast.actors if one.may("instance.read_all")))
        processes = {end.partition("/")[0] for end in ends}
        seen = set().union(*(ends_seen(supervisor, case, processes) for case in cases))
        assert set(ends) <= seen, f"not reached: {sorted(set(ends) - seen)}"
        self.ended_with |= set(ends)

    @contextmanager
    def by_services(self) -> Iterator[None]:
        """Let people act through the services: what leads up to a journey is no part of it."""
        self.driver.hands = self.services
        try:
            yield
        finally:
            self.driver.hands = self.pages

    def time_passes(self, **time: float) -> None:
        """Move the clock, and run what fell due on the way; people go on signing in meanwhile."""
        left = timedelta(**time)
        while left:
            step = min(left, SIGNS_IN_AFTER)
            left -= step
            self.clock.ahead += step
            self.driver.run_jobs()
            if step == SIGNS_IN_AFTER:
                self._sign_in_all()

    def _sign_in_all(self) -> None:
        """Let everybody use their account, which is closed after 90 days without."""
        for known in self.people.values():
            person = self.persons.get(known.person_id)
            password = person.login.password if person else known.password
            signs_in = partial(sign_in, user_name=known.user_name, password=password, address="127.0.0.1")
            result = perform(self.platform.database, "person.sign_in", PLATFORM, signs_in)
            assert result.person_id is not None, known.user_name

    def draft(self, sample: str, **changes: Any) -> Journey:
        """Import a sample component under a name of its own and return its journey, which has not begun.

        ``changes`` go into its ``extension``, ``isHosting`` and other fields of the record by their names;
        None takes a field out.
        """
        self._count += 1
        record = _renamed(next(one for one in sample_records() if one["name"] == sample), self._count)
        (record,) = at_local_services([record], self.port)
        for name, value in changes.items():
            part = record["extension"] if name in record["extension"] else record
            part[name] = value
            if value is None:
                del part[name]
        write_attachments([record], self.folder)
        importer = self.cast.permitted("component.import")
        report = import_records(self.platform, importer, [record], SOURCE, attachments_root=self.folder)
        (row,) = report.rows
        assert row.version_id is not None, row.breaches
        return Journey(self, row.version_id)


class Journey:
    """One component version on its way, with what is said in its forms."""

    def __init__(self, theatre: Theatre, version_id: UUID) -> None:
        self.theatre = theatre
        self.version_id = version_id
        self.answered: Counter[str] = Counter()
        self._said: Said = {}
        self._stops: Mapping[str, Text] = {}

    def say(self, said: Said | None = None, *, stops: tuple[str, ...] = ()) -> Journey:
        """Say from now on what is said by form, one after the other; ``stops`` name forms to stop before.

        What is not said is answered as in the demonstration; a form may be named with its process
        (``process/form``), as two processes have a form of the same name.
        """
        self._said = {form: list(sayings) for form, sayings in (said or {}).items()}
        self._stops = dict.fromkeys(stops, HERE)
        return self

    def leave(self, form: str) -> Journey:
        """Let everybody leave one form (``process/form``) lying and go on with all others."""
        self.theatre.driver.left_lying[self.version_id] = form
        return self

    def take_up(self) -> Journey:
        """Let people do what they have left lying so far, and go on."""
        self.theatre.driver.take_up(self.version_id)
        return self.go_on()

    def start(self, key: str, role: str, **options: Any) -> Journey:
        """Start a process by hand and answer everything up to a stop or an end."""
        self._hands.start(self.actor(role), self.detail, key, options)
        return self.go_on()

    def created(self) -> Journey:
        """Create, authorise and onboard, as far as it goes."""
        return self.start(CREATION, RELEASING_UNIT)

    def until(self, state: State) -> Journey:
        """Bring the version to a state (onboarded, listed, published) by services, as the demo does."""
        steps = {
            State.ONBOARDED: (CREATION, RELEASING_UNIT, {}),
            State.LISTED: (LISTING, PROVIDER, {}),
            State.PUBLISHED: (PUBLISHING, OPERATOR, {"action": "publish"}),
        }
        with self.theatre.by_services():
            for reached, (key, role, options) in steps.items():
                self.start(key, role, **options)
                if reached is state:
                    break
        return self.expect(state)

    def go_on(self) -> Journey:
        """Answer everything up to a stop or an end."""
        driver = self.theatre.driver
        driver.answer, driver.stops = self._answer, self._stops
        driver.parked.clear()
        driver.answer_all(self.version_id, Counter())
        return self

    def time_passes(self, **time: float) -> Journey:
        """Let time pass, and let people answer what it brings."""
        self.theatre.time_passes(**time)
        return self.go_on()

    def withdraw(self, reason: str = "业务调整") -> Journey:
        """Let the initiator end the case at its open task."""
        _actor, row = self.task()
        case = next(one for one in self.cases() if one.id == row.instance_id)
        initiator = next(one for one in self.theatre.cast.actors if one.person_id == case.initiator_id)
        self.theatre.pages.withdraw(initiator, row, reason)
        return self.go_on()

    def revoke(self, reason: str = "更换提供方") -> Journey:
        """Let the releasing unit revoke the authorisation."""
        self.theatre.pages.revoke(self.actor(RELEASING_UNIT), self.detail, reason)
        return self.go_on()

    # What is expected.

    def expect(self, state: State) -> Journey:
        """Expect the version to be in a state."""
        assert self.detail.state is state
        return self

    def expect_waiting_at(self, element: str) -> Journey:
        """Expect an element to wait for somebody."""
        assert self.task()[1].element_id == element
        return self

    def expect_ends(self, *ends: str) -> Journey:
        """Expect a supervisor to see these ends (``process/end event``) in the diagrams of its cases."""
        self.theatre.expect_ends([case.id for case in self.cases()], ends)
        return self

    # What can be looked at.

    @property
    def detail(self) -> queries.VersionDetail:
        """Return the version as it is now."""
        with self.theatre.platform.database.read() as session:
            return queries.version_detail(session, PLATFORM, self.version_id)

    def actor(self, role: str) -> Actor:
        """Return the first person who holds a role for the version."""
        detail = self.detail
        unit_id = {RELEASING_UNIT: detail.unit_id, PROVIDER: detail.provider_unit_id}.get(role)
        return self.theatre.cast.with_role(role, detail.region_code, unit_id)

    def task(self) -> tuple[Actor, TaskRow]:
        """Return the open task and somebody who may do it."""
        self.theatre.driver.run_jobs()
        found = self.theatre.cast.next_task(self.theatre.platform, self.version_id, set())
        assert found is not None, "nothing is open"
        return found

    def cases(self) -> tuple[InstanceRow, ...]:
        """Return the cases of the version, the newest first."""
        wanted = InstanceFilter(subject_id=self.version_id, limit=100)
        with self.theatre.platform.database.read() as session:
            return tuple(self.theatre.platform.engine.instances(session, PLATFORM, wanted).rows)

    def outcomes_of(self, key: str) -> list[str | None]:
        """Return how the cases of a process on the version ended, the newest first; None for an open one."""
        return [case.outcome for case in self.cases() if case.process_key == key]

    @property
    def _hands(self) -> Hands:
        return self.theatre.driver.hands

    def _answer(self, form: str, scene: answers.Scene) -> Mapping[str, Any]:
        self.answered[form] += 1
        mine = self._said.get(f"{scene.process}/{form}") or self._said.get(form, [])
        usual = answers.answer(form, scene)
        return {**usual, **mine.pop(0)} if mine else usual


def _renamed(sample: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return a sample under a name of its own, which no other component has."""
    record = {**deepcopy(dict(sample)), "componentId": None, "name": f"{sample['name']}其{number}"}
    if api := record.get("apiInfo"):
        api["apiName"] = f"{api['apiName']}其{number}"
        api["apiCode"] = f"{api['apiCode']}-{number}"
        api["publicPath"] = f"{api['publicPath']}-{number}"
    return record


@contextmanager
def theatre_on(
    stage: Stage, folder: Path, tools: Path, opener: Callable[[ExitStack], Opener]
) -> Iterator[Theatre]:
    """Open a theatre on a copy of the seeded platform, whose services answer on this machine.

    ``tools`` is where scanners lie unpacked, for all theatres: one of them takes 150 MB.
    """
    shutil.copytree(stage.folder, folder)
    (folder / "tool-cache").symlink_to(tools)
    settings = Settings(
        data_dir=folder,
        database_url=_database(stage, folder),
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )
    make_key_file(settings.credentials_key_path)
    with ExitStack() as stack:
        stack.enter_context(no_attacks())
        port = stack.enter_context(serving(0, TOKEN))
        platform = stack.enter_context(closing(build_platform(reaching_samples(settings))))
        app = create_app(settings, platform)
        # All of them sign in from one address, and again whenever the clock has moved.
        app.config.update(TESTING=True, RATELIMIT_ENABLED=False)
        theatre = Theatre(app, platform, stage.people, opener(stack), port, folder / "given")
        stack.enter_context(use_clock(theatre.clock))
        yield theatre
        for deployment_id in platform.runner.driver.known():
            platform.runner.driver.stop(deployment_id)


def _database(stage: Stage, folder: Path) -> str:
    """Return the address of the copied database; one on a server ends with the server."""
    if not stage.server:
        return f"sqlite:///{folder / 'zujian.sqlite3'}"
    name = f"zujian_{uuid4().hex}"
    administer(stage.server, f"create database {name} template {stage.database}")
    return stage.server.format(name=name)
