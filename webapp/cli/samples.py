"""Sample people and components for a first look, and the services that stand in for theirs."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from domain.catalogue.queries import version_detail
from domain.people.permissions import ROLES
from domain.people.queries import actor_for
from domain.samples.components import SOURCE, sample_records, write_attachments
from domain.samples.people import PROVINCE, SamplePerson, sample_person_id, seed_sample_people
from engine.registry import WHOLE_COUNTRY
from kernel.actor import Actor, system_actor
from kernel.errors import Conflict, NotFound
from kernel.language import Text
from kernel.settings import Settings
from kernel.unit_of_work import perform
from webapp.catalogue.importing import import_in
from webapp.catalogue.starting import CREATION, start_on_version
from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import write_private
from webapp.demo.sample_server import serving
from webapp.demo.samples import at_local_services
from webapp.wiring import Platform

SAMPLE_PASSWORDS = "sample-people.txt"  # the name of a file, not a password
TOKEN_FILE = "sample-services-token"  # noqa: S105 - the name of a file, not a token
SAMPLE_IMPORTER = "fabu1"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


def seed_samples(platform: Platform, *, quiet: bool = False) -> None:
    """Add sample people and components where they are missing, and say once how to sign in."""
    people = perform(
        platform.database,
        "sample.seed",
        system_actor("set-up"),
        lambda session: seed_people(session, platform),
    )
    if people:
        importer = person_named(platform, SAMPLE_IMPORTER)
        perform(
            platform.database,
            "component.import",
            importer,
            lambda session: _import_and_start(session, platform, importer),
        )
        say_people(people, platform.settings)
    elif not quiet:
        click.echo(in_terminal("示例人员已存在。", "The sample people are there already."))
    if not people and (path := platform.settings.data_dir / SAMPLE_PASSWORDS).exists():
        click.echo(in_terminal("示例人员的登录方式见 ", "How the sample people sign in: ") + str(path))


def seed_people(session: Session, platform: Platform) -> list[SamplePerson]:
    """Add the sample people and keep their passwords; nothing where people are there already."""
    try:
        people = seed_sample_people(session)
    except Conflict:
        # Real administrators were set up here: samples have no business among them.
        return []
    if people:
        lines = [f"{'/'.join(person.roles)}\t{person.user_name}\t{person.password}" for person in people]
        # Before the commit: a password whose only copy is lost would lock its owner out.
        write_private(platform.settings.data_dir / SAMPLE_PASSWORDS, os.linesep.join(lines) + os.linesep)
    return people


def say_people(people: list[SamplePerson], settings: Settings) -> None:
    """Print who can sign in, and how; the passwords are shown this once."""
    language = terminal_language()
    table = Table(
        title=in_terminal("示例人员（均为虚构）", "Sample people (all fictitious)"), title_justify="left"
    )
    for heading in (
        in_terminal("角色", "Role"),
        in_terminal("姓名", "Name"),
        in_terminal("单位", "Unit"),
        in_terminal("用户名", "User name"),
        in_terminal("密码", "Password"),
    ):
        table.add_column(heading, overflow="fold")
    for person in people:
        roles = "、".join(ROLES[role].in_(language) for role in person.roles)
        table.add_row(roles, person.name, person.unit_name, person.user_name, person.password)
    console = Console()
    console.print()
    console.print(table)
    path = settings.data_dir / SAMPLE_PASSWORDS
    note = in_terminal("密码只显示这一次，并保存在 ", "The passwords are shown this once and kept in ")
    console.print(f"{note}{path}", soft_wrap=True)


def person_named(platform: Platform, user_name: str) -> Actor:
    """Return the person who signs in by this user name, acting on the command line.

    Raises:
        NotFound: nobody does.
    """
    with platform.database.read() as session:
        person_id = sample_person_id(session, user_name.strip().casefold())
        if person_id is None:
            raise NotFound(
                Text(
                    f"没有用户名为 {user_name} 的人员，请用 --as 指定",
                    f"Nobody signs in as {user_name}; name a person with --as",
                )
            )
        return actor_for(session, person_id, channel="cli")


def reaching_samples(settings: Settings) -> Settings:
    """Let health probes reach this machine's loopback interface, where the sample services answer.

    Sample artefacts may run here, too: nobody else's are about. What the clock starts belongs to the sample
    province where no region is set, so that its supervisors see it.
    """
    networks = (*settings.probe_allowed_networks, LOOPBACK)
    region = PROVINCE if settings.region_code == WHOLE_COUNTRY else settings.region_code
    return replace(settings, probe_allowed_networks=networks, local_deployments=True, region_code=region)


def sample_token(data_dir: Path) -> str:
    """Return the token that the sample services ask for, made once for each data directory."""
    path = data_dir / TOKEN_FILE
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8").strip()


@contextmanager
def sample_services(settings: Settings) -> Iterator[None]:
    """Answer for the services of the sample components while the block runs.

    Raises:
        Conflict: the port is taken.
    """
    port = settings.sample_services_port
    with ExitStack() as stack:
        try:
            stack.enter_context(serving(port, sample_token(settings.data_dir)))
        except OSError as error:
            raise Conflict(
                Text(
                    f"示例服务无法监听端口 {port}（{error.strerror}）。请释放该端口，或去掉 --samples",
                    f"The sample services cannot listen on port {port} ({error.strerror}): "
                    "free it, or leave out --samples",
                )
            ) from None
        yield


def _import_and_start(session: Session, platform: Platform, importer: Actor) -> None:
    """Import the samples, declared at the sample services, and start the creation of each."""
    records = at_local_services(sample_records(), platform.settings.sample_services_port)
    with TemporaryDirectory(prefix="zujian-samples-") as folder:
        write_attachments(records, Path(folder))
        report = import_in(session, platform, importer, records, SOURCE, attachments_root=Path(folder))
    for row in report.rows:
        if row.version_id is not None:
            _start_creation(session, platform, importer, row.version_id)


def _start_creation(session: Session, platform: Platform, actor: Actor, version_id: UUID) -> None:
    version = version_detail(session, actor, version_id)
    start_on_version(session, platform.engine, actor, CREATION, version)
