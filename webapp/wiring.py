"""Where the platform is put together: shared by the web process, the command line and the demo."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

import handlers
from domain.assessments.policy import use_validity
from domain.catalogue.policy import use_duplicate_threshold, use_strict_rules
from domain.credentials.vault import Vault
from domain.people.errors import PersonNotFound
from domain.people.queries import actor_for
from engine.api import Engine, Registry
from handlers.deploying.running import Runner
from kernel.actor import Actor
from kernel.database import Database
from kernel.files import FileStore
from kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that an edge needs to do its work."""

    settings: Settings
    database: Database
    engine: Engine
    files: FileStore
    vault: Vault
    runner: Runner

    def close(self) -> None:
        """Give back the connections."""
        self.database.dispose()


def build_platform(settings: Settings, database: Database | None = None) -> Platform:
    """Put the platform together on the settings' database, or on one handed in by a test."""
    use_strict_rules(settings.strict_table_1)
    use_duplicate_threshold(settings.duplicate_threshold)
    use_validity(settings.assessment_validity_days)
    files = FileStore(settings.files_dir)
    registry = Registry(home_region=settings.region_code)
    handlers.register_all(registry, settings=settings, files=files)
    registry.directory(_active_person)
    return Platform(
        settings=settings,
        database=database or Database(settings.database_url, synchronous=settings.sqlite_synchronous),
        engine=Engine(registry),
        files=files,
        vault=Vault(settings.credentials_key_path),
        runner=handlers.runner_of(settings),
    )


def _active_person(session: Session, person_id: UUID) -> Actor | None:
    try:
        return actor_for(session, person_id)
    except PersonNotFound:
        return None
