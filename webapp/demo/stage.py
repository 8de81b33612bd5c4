"""The stage of the demo: a database (a temporary one unless named), processes, people, components."""

from __future__ import annotations

import secrets
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
from domain.samples.people import sample_person_ids, seed_sample_people
from kernel.actor import system_actor
from kernel.settings import Settings
from kernel.unit_of_work import perform
from webapp import schema
from webapp.catalogue.importing import import_records
from webapp.cli.samples import reaching_samples, sample_services, sample_token
from webapp.cli.shipped import deploy_shipped
from webapp.demo.cast import Cast
from webapp.demo.sample_server import serving
from webapp.demo.samples import Record, at_local_services
from webapp.wiring import Platform, build_platform


@contextmanager
def set_stage(database_url: str | None) -> Iterator[tuple[Platform, int]]:
    """Open a platform with schema, processes and sample people; give also the port of the sample services.

    Without an address everything lies in a temporary folder and is gone afterwards. Health probes may
    reach this machine only.

    Raises:
        Conflict: a database is named, and the port of the settings' sample services is taken.
    """
    with ExitStack() as stack:
        if database_url is None:
            settings = _temporary(Path(stack.enter_context(TemporaryDirectory(prefix="zujian-demo-"))))
            port = stack.enter_context(serving(0, sample_token(settings.data_dir)))
        else:
            settings = replace(Settings.from_environment(), database_url=database_url)
            port = settings.sample_services_port
            stack.enter_context(sample_services(settings))
        make_key_file(settings.credentials_key_path)
        platform = build_platform(reaching_samples(settings))
        stack.callback(platform.close)
        schema.upgrade(platform.database)
        deploy_shipped(platform, replace=False)
        perform(platform.database, "sample.seed", system_actor("set-up"), seed_sample_people)
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


def _temporary(folder: Path) -> Settings:
    shipped = Settings.from_environment({"ZUJIAN_SECRET_KEY": secrets.token_urlsafe(48)})
    return replace(shipped, data_dir=folder, database_url=f"sqlite:///{folder / 'demo.sqlite3'}")
