"""The sample people, components and processes, made once per kind of database and copied for each test."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.people.queries import actor_for
from domain.samples.components import import_samples
from domain.samples.people import SamplePerson, seed_sample_people
from kernel.settings import Settings
from tests.integration.webapp.catalogue_desk import CatalogueDesk
from tests.postgresql import administer
from webapp import create_app
from webapp.cli.samples import LOOPBACK
from webapp.cli.shipped import deploy_shipped
from webapp.wiring import Platform, build_platform

PEOPLE_FILE = "people.json"
REPOSITORY = Path(__file__).resolve().parent.parent.parent.parent


@dataclass(frozen=True, slots=True)
class Stage:
    """A seeded data directory with its database, to be copied; ``server`` is empty for SQLite."""

    folder: Path
    people: dict[str, SamplePerson]
    server: str = ""
    database: str = ""


@pytest.fixture(scope="session")
def stages() -> dict[str, Stage]:
    """Keep the stages of the session; a parametrised session fixture would be made anew at every switch."""
    return {}


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest, stages: dict[str, Stage], tmp_path_factory: pytest.TempPathFactory
) -> Stage:
    """Give the seeded platform of each kind, made when it is first asked for."""
    return staged(request, request.param, stages, tmp_path_factory)


def staged(
    request: pytest.FixtureRequest,
    kind: str,
    stages: dict[str, Stage],
    tmp_path_factory: pytest.TempPathFactory,
) -> Stage:
    """Return the seeded platform of one kind, for fixtures of any scope."""
    if kind not in stages:
        folder = tmp_path_factory.mktemp("stage")
        stages[kind] = _on_sqlite(request, folder) if kind == "sqlite" else _on_postgresql(request, folder)
    return stages[kind]


@pytest.fixture
def catalogue_desk(stage: Stage, tmp_path: Path) -> Iterator[CatalogueDesk]:
    """Open a platform with the sample people, components and processes, as new for each test."""
    folder = tmp_path / "data"
    name = f"zujian_{uuid4().hex}"
    url = f"sqlite:///{folder / 'zujian.sqlite3'}"
    if stage.server:
        administer(stage.server, f"create database {name} template {stage.database}")
        url = stage.server.format(name=name)
    with desk_on(stage, folder, url) as desk:
        yield desk
    if stage.server:
        administer(stage.server, f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def shared_desk(
    request: pytest.FixtureRequest, stages: dict[str, Stage], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CatalogueDesk]:
    """Open one such platform on SQLite for a whole module, whose tests take different components.

    It may probe this machine.
    """
    seeded = staged(request, "sqlite", stages, tmp_path_factory)
    folder = tmp_path_factory.mktemp("shared") / "data"
    url = f"sqlite:///{folder / 'zujian.sqlite3'}"
    with desk_on(seeded, folder, url, probe_allowed_networks=(LOOPBACK,)) as desk:
        yield desk


@contextmanager
def desk_on(stage: Stage, folder: Path, url: str, **changed: Any) -> Iterator[CatalogueDesk]:
    """Open a platform on a copy of the stage, with some settings changed."""
    shutil.copytree(stage.folder, folder)
    settings = replace(_settings(folder, url), **changed)
    with closing(build_platform(settings)) as platform:
        app = create_app(settings, platform)
        app.config["TESTING"] = True
        yield CatalogueDesk(app, platform, stage.people)


def _on_sqlite(request: pytest.FixtureRequest, folder: Path) -> Stage:
    """Seed a platform, or take the one that was kept in the folder named by ZUJIAN_TEST_STAGE."""
    kept = os.environ.get("ZUJIAN_TEST_STAGE")
    if kept and (Path(kept) / PEOPLE_FILE).exists():
        return Stage(Path(kept), _people_kept(Path(kept)))
    shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "zujian.sqlite3")
    seeded = _seed(_settings(folder, f"sqlite:///{folder / 'zujian.sqlite3'}"))
    if kept and os.environ.get("ZUJIAN_TEST_STAGE_KEEP"):
        people = {
            name: {**asdict(person), "person_id": str(person.person_id)} for name, person in seeded.items()
        }
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        (Path(kept) / PEOPLE_FILE).write_text(json.dumps(people), encoding="utf-8")
    return Stage(folder, seeded)


def _people_kept(folder: Path) -> dict[str, SamplePerson]:
    kept = json.loads((folder / PEOPLE_FILE).read_text(encoding="utf-8"))
    return {
        name: SamplePerson(
            **{**person, "person_id": UUID(person["person_id"]), "roles": tuple(person["roles"])}
        )
        for name, person in kept.items()
    }


def _on_postgresql(request: pytest.FixtureRequest, folder: Path) -> Stage:
    server: str = request.getfixturevalue("postgresql")
    name = f"zujian_stage_{uuid4().hex}"
    administer(server, f"create database {name} template {request.getfixturevalue('postgresql_template')}")
    return Stage(folder, _seed(_settings(folder, server.format(name=name))), server, name)


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=url,
        secret_key="a secret for tests and for nothing else",
        processes_dir=REPOSITORY / "processes",
    )


def _seed(settings: Settings) -> dict[str, SamplePerson]:
    with closing(build_platform(settings)) as platform:
        people = _seed_people(platform)
        deploy_shipped(platform, replace=False)
        with platform.database.write() as session:
            importer = actor_for(session, people["fabu1"].person_id, channel="cli")
            import_samples(session, importer, platform.files)
        return people


def _seed_people(platform: Platform) -> dict[str, SamplePerson]:
    with platform.database.write() as session:
        return {person.user_name: person for person in seed_sample_people(session)}
