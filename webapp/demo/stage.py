"""The stage of the demo: a data directory of its own, processes, people, components, sample services."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.catalogue.service import ImportReport
from domain.credentials.vault import make_key_file
from domain.people.queries import actor_for
from domain.samples.components import (
    INVALID_SOURCE,
    SOURCE,
    invalid_record,
    sample_records,
    write_attachments,
)
from domain.samples.people import sample_person_ids
from kernel.actor import system_actor
from kernel.errors import Conflict
from kernel.language import Text
from kernel.settings import PREFIX, Settings
from kernel.unit_of_work import perform
from webapp import schema
from webapp.catalogue.importing import import_records
from webapp.cli.opening import ensure_secret_key
from webapp.cli.samples import reaching_samples, sample_token, seed_people
from webapp.cli.shipped import deploy_shipped
from webapp.demo.cast import Cast
from webapp.demo.ending import end_deployments
from webapp.demo.sample_server import HOST, serving
from webapp.demo.samples import Record, at_local_services
from webapp.wiring import Platform, build_platform


@contextmanager
def set_stage(
    database_url: str | None = None, data_dir: Path | None = None
) -> Iterator[tuple[Platform, int]]:
    """Open a platform with schema, processes and sample people; give also the port of the sample services.

    Without a data directory everything lies in a temporary folder and is gone afterwards. Health probes may
    reach this machine only; what was deployed is ended with the block.

    Raises:
        Conflict: somebody has been here before: the story begins in an empty database.
    """
    with ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(TemporaryDirectory(prefix="zujian-demo-")))
        settings = _settings(folder, database_url, _free_port() if data_dir else 0)
        port = stack.enter_context(serving(settings.sample_services_port, sample_token(folder)))
        platform = build_platform(reaching_samples(settings))
        stack.callback(platform.close)
        schema.upgrade(platform.database)
        if not perform(
            platform.database,
            "sample.seed",
            system_actor("set-up"),
            lambda session: seed_people(session, platform),
        ):
            raise Conflict(
                Text(
                    f"{folder} 或其数据库已有数据，请换一个空的数据目录",
                    f"{folder} or its database holds data already, name an empty data directory",
                )
            )
        deploy_shipped(platform, replace=False)
        stack.callback(end_deployments, platform)
        yield platform, port


def sample_cast(platform: Platform) -> Cast:
    """Return the sample people as actors."""
    with platform.database.read() as session:
        people = sample_person_ids(session)
        return Cast(tuple(actor_for(session, person_id, channel="cli") for person_id in people))


def import_at(platform: Platform, cast: Cast, port: int) -> tuple[list[Record], ImportReport]:
    """Import the sample components with generated attachments, served by the local sample server."""
    records = at_local_services(sample_records(), port)
    with TemporaryDirectory(prefix="zujian-samples-") as folder:
        write_attachments(records, Path(folder))
        importer = cast.permitted("component.import")
        return records, import_records(platform, importer, records, SOURCE, attachments_root=Path(folder))


def import_invalid(platform: Platform, cast: Cast) -> ImportReport:
    """Try to import the sample record that breaks the rules."""
    importer = cast.permitted("component.import")
    return import_records(platform, importer, [invalid_record()], INVALID_SOURCE)


def _settings(folder: Path, database_url: str | None, port: int) -> Settings:
    """Return the settings of a data directory of its own, made with its keys where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ensure_secret_key(folder)
    own = Settings.from_environment({f"{PREFIX}DATA_DIR": str(folder)})
    make_key_file(own.credentials_key_path)
    return replace(own, database_url=database_url or own.database_url, sample_services_port=port)


def _free_port() -> int:
    """Return the usual port of the sample services, or another one while that is taken."""
    usual = Settings.__dataclass_fields__["sample_services_port"].default
    for port in (usual, 0):
        with socket.socket() as tried:
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    raise Conflict(Text("没有可用的本机端口", "There is no free port on this machine"))
