"""Running a tool in a child process that cannot harm the platform, whatever it does.

Limits on memory, processor time, file size and open files are set by the kernel; wall-clock time, the
total size of the working folder and the amount of output are watched here. The tool gets an empty
environment, its own session and, where the system allows it, a network namespace that holds nothing (or one
relay) and a process namespace that ends with it. Nothing is left behind: the whole group is killed and the
folder removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from handlers.scanning.relay import Relay
from kernel.language import Text

MIB = 1024 * 1024
RELAY_PORT = 8080
_LAUNCHER = Path(__file__).with_name("launcher.py")
_LOOK_EVERY_SECONDS = 0.2
_SIGNAL_BASE = 128


@dataclass(frozen=True)
class ChildLimits:
    """What one run of a tool may use.

    ``address_bytes`` bounds what each process may reserve (tools with a WebAssembly inside reserve
    gigabytes that they never touch), ``memory_bytes`` what all of them together hold.
    """

    seconds: float = 120.0
    cpu_seconds: int = 180
    address_bytes: int = 32 * 1024 * MIB
    memory_bytes: int = 3072 * MIB
    file_bytes: int = 256 * MIB
    folder_bytes: int = 1024 * MIB
    output_bytes: int = 8 * MIB
    open_files: int = 512


class ScannerFailed(Exception):
    """A tool did not do its work; ``cause`` says why in both languages."""

    def __init__(self, cause: Text, seconds: float = 0.0) -> None:
        super().__init__(cause.en)
        self.cause = cause
        self.seconds = seconds


@dataclass(frozen=True)
class ChildOutcome:
    """How a run ended: ``code`` as a shell would show it, or ``stopped`` with the cause."""

    code: int
    stopped: Text | None
    stdout: bytes
    stderr: bytes
    seconds: float
    network_cut: bool

    def require(self, *good: int) -> ChildOutcome:
        """Return the outcome if the tool ended by itself with one of these codes.

        Raises:
            ScannerFailed: it was stopped, was killed, or ended with another code.
        """
        if self.stopped is not None:
            raise ScannerFailed(self.stopped, self.seconds)
        if self.code not in (good or (0,)):
            raise ScannerFailed(_ended_badly(self.code, self.stderr), self.seconds)
        return self


@dataclass
class _Watch:
    """What is watched while a tool runs."""

    limits: ChildLimits
    folder: Path
    session: int
    started: float
    output: dict[str, bytearray] = field(
        default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()}
    )

    @property
    def flooded(self) -> bool:
        """Whether the tool has said more than it may."""
        return sum(len(part) for part in self.output.values()) > self.limits.output_bytes

    def breach(self) -> Text | None:
        """Say which limit is broken, if one is."""
        limits = self.limits
        if time.monotonic() - self.started > limits.seconds:
            return Text(f"超过 {limits.seconds:g} 秒，已终止", f"stopped after {limits.seconds:g} seconds")
        if self.flooded:
            return Text(
                f"输出超过 {limits.output_bytes} 字节，已终止",
                f"stopped after {limits.output_bytes} bytes of output",
            )
        if session_bytes(self.session) > limits.memory_bytes:
            return Text(
                f"内存超过 {limits.memory_bytes} 字节，已终止",
                f"stopped after taking {limits.memory_bytes} bytes of memory",
            )
        if folder_bytes(self.folder, limits.folder_bytes) > limits.folder_bytes:
            return Text(
                f"写入超过 {limits.folder_bytes} 字节，已终止",
                f"stopped after writing {limits.folder_bytes} bytes",
            )
        return None


@contextlib.contextmanager
def private_folder(scratch: Path | None = None) -> Iterator[Path]:
    """Make a folder that only this user may enter, and remove it with all that is in it."""
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="zujian-scan-", dir=scratch))
    try:
        yield folder
    finally:
        _remove(folder)


def run_child(
    command: Sequence[str],
    folder: Path,
    limits: ChildLimits | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    relay: Relay | None = None,
) -> ChildOutcome:
    """Run a tool in ``folder`` and return how it ended; the caller owns and removes the folder.

    Without ``relay`` the tool has no network. With one it finds the relay's target, and nothing else, at
    ``http://127.0.0.1:<relay.port>``.
    """
    bounds = limits or ChildLimits()
    read_end, write_end = os.pipe()
    channel, far_end = socket.socketpair()
    orders = _orders(command, folder, bounds, environment, write_end, far_end.fileno(), relay)
    with channel, far_end, _listening(relay):
        try:
            process = subprocess.Popen(  # noqa: S603  # a fixed launcher, an argument list, no shell
                [sys.executable, "-I", "-S", str(_LAUNCHER), json.dumps(orders)],
                cwd=folder,
                env={},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                pass_fds=(write_end, far_end.fileno()),
            )
        finally:
            os.close(write_end)
        far_end.close()
        watch = _Watch(bounds, folder, process.pid, time.monotonic())
        try:
            if relay is not None and orders["isolate"]:
                relay.adopt(channel)
            stopped = _follow(process, watch)
        finally:
            _end(process)
            cut = _read_all(read_end) == b"isolated"
    return ChildOutcome(
        code=process.returncode,
        stopped=stopped,
        stdout=bytes(watch.output["stdout"]),
        stderr=bytes(watch.output["stderr"]),
        seconds=time.monotonic() - watch.started,
        network_cut=cut,
    )


@lru_cache(maxsize=1)
def network_can_be_cut() -> bool:
    """Say whether this system lets the platform start a process without any network; tried once."""
    with private_folder() as folder:
        limits = ChildLimits(seconds=20)
        return run_child([sys.executable, "-I", "-S", "-c", "pass"], folder, limits).network_cut


def session_bytes(session: int) -> int:
    """Add up what the processes of a session hold in memory; 0 where the system does not tell."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_bytes().rpartition(b")")[2].split()
        except OSError:
            # Ended in the meantime.
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * resource.getpagesize()
    return total


def folder_bytes(folder: Path, enough: int) -> int:
    """Add up the sizes of the files below a folder, stopping once ``enough`` is passed."""
    total, waiting = 0, [os.fspath(folder)]
    while waiting and total <= enough:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            # Gone or not readable while the tool works: what is there the next time counts.
            continue
    return total


def _orders(
    command: Sequence[str],
    folder: Path,
    limits: ChildLimits,
    environment: Mapping[str, str] | None,
    report: int,
    channel: int,
    relay: Relay | None,
) -> dict[str, Any]:
    home = os.fspath(folder)
    return {
        "command": list(command),
        "environment": {
            "PATH": "/usr/bin:/bin",
            "HOME": home,
            "TMPDIR": home,
            "LANG": "C.UTF-8",
            **(environment or {}),
        },
        "limits": {
            "AS": limits.address_bytes,
            "CPU": limits.cpu_seconds,
            "FSIZE": limits.file_bytes,
            "NOFILE": limits.open_files,
            "CORE": 0,
        },
        "report": report,
        "isolate": relay is None or relay.inside,
        "relay": channel if relay is not None and relay.inside else None,
        "relay_port": relay.port if relay is not None else 0,
    }


@contextlib.contextmanager
def _listening(relay: Relay | None) -> Iterator[None]:
    try:
        yield
    finally:
        if relay is not None:
            relay.close()


def _follow(process: subprocess.Popen[bytes], watch: _Watch) -> Text | None:
    """Collect output until the tool ends or breaks a limit; return the breach."""
    with selectors.DefaultSelector() as selector:
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            selector.register(_pipe(pipe), selectors.EVENT_READ, name)
        looked = 0.0
        while selector.get_map():
            for key, _events in selector.select(_LOOK_EVERY_SECONDS):
                chunk = os.read(key.fd, 64 * 1024)
                if chunk:
                    watch.output[key.data].extend(chunk)
                    if watch.flooded:
                        return watch.breach()
                else:
                    selector.unregister(key.fileobj)
            if time.monotonic() - looked >= _LOOK_EVERY_SECONDS:
                breach = watch.breach()
                if breach is not None:
                    return breach
                looked = time.monotonic()
    while process.poll() is None:
        breach = watch.breach()
        if breach is not None:
            return breach
        time.sleep(_LOOK_EVERY_SECONDS)
    return watch.breach()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group and collect the child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        _pipe(pipe).close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101  # Popen was asked for it
    return pipe


def _read_all(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read(64)


def _ended_badly(code: int, stderr: bytes) -> Text:
    number = code - _SIGNAL_BASE if code > _SIGNAL_BASE else -code if code < 0 else 0
    if number == signal.SIGXCPU:
        return Text("处理器时间用尽", "out of processor time")
    if number == signal.SIGXFSZ:
        return Text("单个文件超出大小上限", "a file beyond the size limit")
    if number in set(signal.Signals):
        name = signal.Signals(number).name
        return Text(f"异常终止（{name}）", f"ended by {name}")
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    said = lines[-1][:200] if lines else ""
    return Text(f"以代码 {code} 退出：{said}", f"exited with code {code}: {said}")


def _remove(folder: Path) -> None:
    """Remove a folder even where something in it was made unwritable."""

    def allow(function: Any, name: str, _error: Any) -> None:
        path = Path(name)
        path.parent.chmod(stat.S_IRWXU)
        if path.is_dir() and not path.is_symlink():
            path.chmod(stat.S_IRWXU)
        function(name)

    shutil.rmtree(folder, onerror=allow)
