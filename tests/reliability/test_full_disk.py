"""The disk is full: people are told so, nothing is half-done, and work goes on when there is room again."""

from __future__ import annotations

import os
import pwd
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kernel.errors import DatabaseUnavailable
from tests.postgresql import Server, administer
from tests.reliability import load
from tests.reliability.conftest import Bench

ROOM = 400_000
STEPS_UNTIL_FULL = 400


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a small disk in memory, which only root may."""
    folder = Path(tempfile.mkdtemp(prefix="zujian-disk-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def can_mount() -> bool:
    """Tell whether we may mount a disk."""
    if os.geteuid() != 0:
        return False
    try:
        with small_disk(1):
            return True
    except subprocess.CalledProcessError:
        return False


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave little room on the disk of the folder."""
    ballast = folder / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(folder).free - ROOM))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def limited(path: Path) -> Iterator[None]:
    """Let no file of this process grow far beyond the given one, where we may not mount a disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def work_until_full(bench: Bench) -> DatabaseUnavailable:
    """Work until the database refuses."""
    for _ in range(STEPS_UNTIL_FULL):
        try:
            bench.worker.start_something()
            bench.worker.complete_many()
            bench.worker.run_jobs()
        except DatabaseUnavailable as outage:
            return outage
    raise AssertionError("the disk did not become full")


def goes_on(bench: Bench) -> None:
    """Expect that the same worker goes on, and that nothing is half-done."""
    for _ in range(50):
        try:
            bench.worker.start_something()
            assert bench.worker.complete_many()
            break
        except DatabaseUnavailable:
            time.sleep(0.1)
    assert bench.judge() == []


def test_a_full_disk_under_sqlite_is_told(prepared_file: Path, bench_on: Callable[[str], Bench]) -> None:
    if not can_mount():
        folder = Path(tempfile.mkdtemp(prefix="zujian-disk-"))
        shutil.copyfile(prepared_file, folder / "zujian.sqlite3")
        bench = bench_on(f"sqlite:///{folder}/zujian.sqlite3")
        with limited(folder / "zujian.sqlite3"):
            outage = work_until_full(bench)
        assert outage.outage in {"full", "away"}
        goes_on(bench)
        return
    with small_disk(16) as folder:
        shutil.copyfile(prepared_file, folder / "zujian.sqlite3")
        bench = bench_on(f"sqlite:///{folder}/zujian.sqlite3")
        bench.worker.start_something()

        with filled(folder):
            outage = work_until_full(bench)
            assert bench.judge() == []

        assert outage.outage == "full"
        assert "磁盘" in outage.message.zh
        assert "disk" in outage.message.en
        goes_on(bench)
        bench.worker.database.dispose()


def test_a_full_disk_under_postgresql_is_told(server: Server, bench_on: Callable[[str], Bench]) -> None:
    if not can_mount():
        pytest.skip("only root may mount the small disk that PostgreSQL is to fill")
    with small_disk(48) as folder:
        (folder / "tables").mkdir()
        if server.system_user:
            os.chown(folder / "tables", pwd.getpwnam(server.system_user).pw_uid, -1)
        administer(server.address, f"create tablespace small location '{folder}/tables'")
        administer(server.address, "create database full_disk tablespace small")
        url = server.address.format(name="full_disk")
        load.prepare(url)
        bench = bench_on(url)
        bench.worker.start_something()

        with filled(folder):
            outage = work_until_full(bench)
            assert bench.judge() == []

        assert outage.outage == "full"
        goes_on(bench)
        bench.worker.database.dispose()
        administer(server.address, "drop database full_disk with (force)")
        administer(server.address, "drop tablespace small")
