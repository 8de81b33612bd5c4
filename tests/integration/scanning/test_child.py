"""A scanner that hangs, crashes, floods or fills the disk is stopped, and nothing of it is left."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from handlers.scanning.child import (
    MIB,
    ChildLimits,
    ChildOutcome,
    ScannerFailed,
    network_can_be_cut,
    private_folder,
    run_child,
)

TIGHT = ChildLimits(
    seconds=15, cpu_seconds=10, address_bytes=1024 * MIB, file_bytes=4 * MIB, folder_bytes=8 * MIB
)


def run(code: str, scratch: Path, limits: ChildLimits = TIGHT) -> ChildOutcome:
    with private_folder(scratch) as folder:
        return run_child([sys.executable, "-I", "-S", "-c", code], folder, limits)


def cause_of(outcome: ChildOutcome) -> str:
    with pytest.raises(ScannerFailed) as failed:
        outcome.require()
    return failed.value.cause.en


def processes_saying(mark: str) -> list[str]:
    """Return the command lines of running processes that hold a mark."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if mark in line and "pytest" not in line:
            found.append(line)
    return found


def test_a_tool_that_ends_well_gives_its_output_and_its_time(scratch: Path) -> None:
    outcome = run("print('found')", scratch)

    assert outcome.require().stdout == b"found\n"
    assert outcome.seconds > 0
    assert list(scratch.iterdir()) == []


def test_a_tool_that_hangs_is_stopped_at_its_time_limit(scratch: Path) -> None:
    outcome = run("import time; time.sleep(60)", scratch, ChildLimits(seconds=1))

    assert cause_of(outcome) == "stopped after 1 seconds"
    assert outcome.seconds < 10


def test_a_tool_that_computes_without_end_runs_out_of_processor_time(scratch: Path) -> None:
    outcome = run("while True: pass", scratch, ChildLimits(seconds=60, cpu_seconds=1))

    assert cause_of(outcome) == "out of processor time"


def test_a_tool_that_floods_its_output_is_stopped(scratch: Path) -> None:
    outcome = run("while True: print('x' * 10000)", scratch, ChildLimits(seconds=30, output_bytes=MIB))

    assert cause_of(outcome) == f"stopped after {MIB} bytes of output"
    assert len(outcome.stdout) < 2 * MIB


def test_a_tool_that_fills_the_disk_is_stopped(scratch: Path) -> None:
    code = "i = 0\nwhile True:\n    open(str(i), 'wb').write(b'x' * 1000000)\n    i += 1"

    outcome = run(code, scratch)

    assert cause_of(outcome) == f"stopped after writing {8 * MIB} bytes"
    assert list(scratch.iterdir()) == []


def test_a_tool_cannot_write_a_file_beyond_its_limit(scratch: Path) -> None:
    outcome = run("open('big', 'wb').write(b'x' * 30000000)", scratch)

    assert "File too large" in cause_of(outcome)


def test_a_tool_cannot_take_more_memory_than_it_may(scratch: Path) -> None:
    outcome = run("x = b'x' * (2 << 30)", scratch)

    assert "MemoryError" in cause_of(outcome)


def test_a_tool_that_fills_the_memory_is_stopped(scratch: Path) -> None:
    code = "import time\nheld = b'x' * (200 << 20)\ntime.sleep(60)"

    outcome = run(code, scratch, ChildLimits(seconds=60, memory_bytes=100 * MIB))

    assert cause_of(outcome) == f"stopped after taking {100 * MIB} bytes of memory"


def test_a_tool_that_crashes_says_so(scratch: Path) -> None:
    outcome = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", scratch)

    assert cause_of(outcome) == "ended by SIGSEGV"


def test_a_program_that_is_not_there_is_a_failure_with_its_name(scratch: Path) -> None:
    with private_folder(scratch) as folder:
        outcome = run_child(["/nowhere/scanner"], folder, TIGHT)

    assert "/nowhere/scanner" in cause_of(outcome)


def test_nothing_that_the_tool_started_lives_on(scratch: Path) -> None:
    mark = f"left-behind-{os.getpid()}-{time.monotonic_ns()}"
    code = (
        "import os, sys\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        f"    os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(300) # {mark}'])\n"
        "print('done')"
    )

    run(code, scratch)

    assert processes_saying(mark) == []


def test_a_tool_sees_nothing_of_our_environment(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUJIAN_SECRET_KEY", "not for tools")

    outcome = run("import os; print(sorted(os.environ))", scratch)

    assert outcome.require().stdout == b"['HOME', 'LANG', 'PATH', 'TMPDIR']\n"


def test_a_tool_reaches_nothing_on_the_network_where_it_can_be_cut(scratch: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        outcome = run(code, scratch)

    assert outcome.network_cut == network_can_be_cut()
    assert (outcome.code != 0) == outcome.network_cut


def test_a_private_folder_goes_even_with_what_was_made_unwritable_in_it(scratch: Path) -> None:
    with private_folder(scratch) as folder:
        locked = folder / "locked"
        locked.mkdir()
        (locked / "file").write_text("x")
        locked.chmod(0o500)

    assert not folder.exists()
