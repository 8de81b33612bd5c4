"""Holds one deployed process: starts it within limits, keeps its log short, remembers how it ended.

Run as a script of its own with nothing but the standard library, so that it outlives the platform that
started it. It leads a session; the component runs in another one below it and can neither end it nor
outlive it: as subreaper it adopts and ends whatever the component leaves behind.

Its orders are one JSON file: ``command``, ``folder``, ``environment``, ``log``, ``log_bytes``, ``status``,
``limits`` (name of the rlimit -> value), ``readable`` and ``writable`` (paths), ``port``, ``grace_seconds``,
``seconds`` (its longest life, or null).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
# Landlock (Linux 5.13): numbers of its system calls and of the rights that it can take away.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PATH_BENEATH, NET_PORT = 1, 2
READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
ALL = (1 << 13) - 1  # what the first version knows
MAKE_DEVICES, TRUNCATE, BIND = 1 << 6 | 1 << 11, 1 << 14, 1
_libc = ctypes.CDLL(None, use_errno=True)


class Log:
    """A log of at most twice ``limit`` bytes: the file and the one before it."""

    def __init__(self, path: Path, limit: int) -> None:
        self.path, self.limit = path, limit
        self.file: BinaryIO = path.open("ab")

    def write(self, chunk: bytes) -> None:
        """Append, and begin anew when the file is full."""
        if self.file.tell() + len(chunk) > self.limit:
            self.file.close()
            self.path.replace(self.path.with_suffix(".before"))
            self.file = self.path.open("wb")
        self.file.write(chunk)
        self.file.flush()


def main(orders_file: str) -> None:
    """Run the component until it ends or the keeper is told to end it."""
    orders = json.loads(Path(orders_file).read_text(encoding="utf-8"))
    Path(orders_file).unlink()  # it holds the injected settings
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    confined = landlock_version() > 0
    log = Log(Path(orders["log"]), orders["log_bytes"])
    try:
        process = subprocess.Popen(  # noqa: S603 - an argument list that the driver made, no shell
            orders["command"],
            cwd=orders["folder"],
            env=orders["environment"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: confine(orders),
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.write(f"keeper: cannot start: {error}\n".encode())
        write_status(orders, {"exit_code": 126, "ended_at": time.time(), "confined": confined})
        return
    write_status(orders, {"app": process.pid, "confined": confined})
    follow(process, log, stopping, orders)
    code = process.wait()
    end_all()
    write_status(orders, {"exit_code": code, "ended_at": time.time(), "confined": confined})


def follow(process: subprocess.Popen[bytes], log: Log, stopping: list[int], orders: dict[str, Any]) -> None:
    """Copy the output to the log until the component has ended, or the time after a stop is over."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    source = process.stdout.fileno()
    os.set_blocking(source, False)
    told_at: float | None = None
    began, longest, grace = time.monotonic(), orders["seconds"], orders["grace_seconds"]
    while True:
        try:
            chunk = os.read(source, 65536)
        except BlockingIOError:
            chunk = None
        if chunk:
            log.write(chunk)
        if longest is not None and time.monotonic() - began > longest:
            stopping.append(signal.SIGALRM)
        if stopping and told_at is None:
            told_at = time.monotonic()
            signal_group(process.pid, signal.SIGTERM)
        if process.poll() is not None and not chunk:
            return
        if told_at is not None and time.monotonic() - told_at > grace:
            signal_group(process.pid, signal.SIGKILL)
            return
        if not chunk:
            time.sleep(0.02)


def confine(orders: dict[str, Any]) -> None:
    """Give up, in the child and before the component runs, everything that it does not need."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    for name, value in orders["limits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    restrict_files(orders["readable"], orders["writable"], orders["port"])


def landlock_version() -> int:
    """Return the version of Landlock that the kernel offers, 0 where there is none."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def restrict_files(readable: list[str], writable: list[str], port: int) -> None:
    """Let the process read and write only below these folders, and listen only on its port (Landlock)."""
    version = landlock_version()
    if version == 0:
        return
    files = ALL | (TRUNCATE if version >= 3 else 0)
    network = BIND if version >= 4 else 0
    attributes = struct.pack("QQ", files, network)[: 16 if version >= 4 else 8]
    ruleset = _libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    for rights, folders in ((READ, readable), (files & ~MAKE_DEVICES, writable)):
        for folder in folders:
            _allow(ruleset, rights, folder)
    if network:
        rule = struct.pack("QQ", BIND, port)
        _libc.syscall(ADD_RULE, ruleset, NET_PORT, rule, 0)
    if _libc.syscall(RESTRICT_SELF, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(ruleset)


def _allow(ruleset: int, rights: int, folder: str) -> None:
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(folder):  # noqa: PTH112 - nothing but os is loaded in this child
        rights &= 1 << 0 | 1 << 1 | 1 << 2 | TRUNCATE  # what there is to do with a file
    _libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    os.close(opened)


def signal_group(group: int, number: int) -> None:
    """Send a signal to a process group that may have ended."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def end_all() -> None:
    """Kill what the component started and left: everything below this keeper, until nothing is left."""
    for _ in range(100):
        left = children_of(os.getpid())
        for child in left:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break
        if not left:
            return
        time.sleep(0.02)


def children_of(parent: int) -> list[int]:
    """Return every living process below one, as /proc tells; nothing where there is no /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(entry.name)] = int(fields[1])
    found: list[int] = []
    waiting = [parent]
    while waiting:
        above = waiting.pop()
        below = [child for child, of in parents.items() if of == above and child not in found]
        found += below
        waiting += below
    return found


def write_status(orders: dict[str, Any], status: dict[str, Any]) -> None:
    """Put the status where the platform looks for it, whole or not at all."""
    path = Path(orders["status"])
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(status), encoding="utf-8")
    draft.replace(path)


if __name__ == "__main__":
    main(sys.argv[1])
