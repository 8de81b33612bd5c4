"""Opening the platform for a command, and closing it again."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.credentials.vault import make_key_file
from kernel.errors import Conflict
from kernel.language import Text
from kernel.settings import PREFIX, Settings, default_data_dir, secret_key_path
from webapp import schema
from webapp.wiring import Platform, build_platform


def data_dir() -> Path:
    """Return the data directory that the environment names, else the default one."""
    return Path(os.environ.get(f"{PREFIX}DATA_DIR") or default_data_dir(os.environ)).expanduser().absolute()


def ensure_keys() -> bool:
    """Make the data directory and its two keys where they are missing; tell whether one was made.

    One key signs sessions, the other encrypts credentials.

    Both are for the owner's eyes only: the folder holds the database, the files and the key.
    """
    folder = data_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = not os.environ.get(f"{PREFIX}SECRET_KEY") and ensure_secret_key(folder)
    return make_key_file(Settings.from_environment().credentials_key_path) or missing


def ensure_secret_key(folder: Path) -> bool:
    """Make the key that signs sessions where a data directory has none; tell whether it was made."""
    path = secret_key_path(folder)
    if path.exists():
        return False
    write_private(path, secrets.token_urlsafe(48) + "\n")
    return True


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


@contextmanager
def opened_platform(
    adjust: Callable[[Settings], Settings] = lambda settings: settings, *, migrated: bool = True
) -> Iterator[Platform]:
    """Open the platform of the environment's settings, as ``adjust`` changes them.

    Raises:
        Conflict: ``migrated`` is asked for and the database is at another schema.
    """
    platform = build_platform(adjust(Settings.from_environment()))
    try:
        if migrated and not schema.is_current(platform.database):
            raise Conflict(
                Text(
                    "数据库结构不是本版本所需的，请先运行 zujian migrate",
                    "The database is not at the schema of this version; run “zujian migrate” first",
                )
            )
        yield platform
    finally:
        platform.close()
