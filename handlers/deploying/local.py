"""The driver that starts child processes of this machine, for the pre-release environment.

Each deployment has a folder: ``app`` (the unpacked package, and the component's working folder), ``log``,
``log.before`` and ``status.json``. The process gets the injected settings, ``PORT`` and ``HOST`` and nothing
of the platform's own environment; limits of memory, processor time, files and file sizes; no new privileges;
and, where the kernel has Landlock, no file outside its folder and the runtime, and no port but its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from handlers.deploying.driver import CannotRun, Condition, DeploymentLog, Launch, Started
from handlers.deploying.packages import MANIFEST, Package
from kernel.language import Text

HOST: Final = "127.0.0.1"
_KEEPER: Final = Path(__file__).with_name("keeper.py")
_SYSTEM_FOLDERS: Final = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/opt/java", "/dev")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_MIB: Final = 1024 * 1024
MAX_CONTENT_BYTES: Final = 16 * _MIB


@dataclass(frozen=True, slots=True)
class LocalLimits:
    """What one deployment may use; ``seconds`` ends it by itself after that time."""

    memory_bytes: int = 1024 * _MIB
    java_address_space_bytes: int = 8192 * _MIB
    java_heap_mib: int = 256
    cpu_seconds: int = 3600
    open_files: int = 256
    file_bytes: int = 64 * _MIB
    log_bytes: int = 2 * _MIB
    grace_seconds: float = 3.0
    start_seconds: float = 10.0
    seconds: float | None = None


class LocalDriver:
    """Starts, watches and stops the processes of deployments below one folder."""

    name = "local"

    def __init__(self, root: Path, limits: LocalLimits | None = None, java: str | None = None) -> None:
        self.root = root
        self.limits = limits or LocalLimits()
        self.java = java if java is not None else shutil.which("java")

    def folder(self, deployment_id: UUID) -> Path:
        """Return the folder of a deployment."""
        return self.root / str(deployment_id)

    def deploy(self, launch: Launch) -> Started:
        """Start the package; an earlier process of the same deployment is stopped first.

        Raises:
            CannotRun: there is no Java, no servlet container, or no free port.
        """
        self.stop(launch.deployment_id)
        folder = self.folder(launch.deployment_id)
        port = _free_port()
        command = self._command(launch.package)
        work = folder / "app"
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in ("status.json", "log", "log.before"):
            (folder / leftover).unlink(missing_ok=True)
        orders = {
            "command": command,
            "folder": str(work),
            "environment": self._environment(launch.environment, port, work),
            "log": str(folder / "log"),
            "log_bytes": self.limits.log_bytes,
            "status": str(folder / "status.json"),
            "limits": self._limits(launch.package),
            "readable": self._readable(launch.package),
            "writable": [str(work), *_DEVICES],
            "port": port,
            "grace_seconds": self.limits.grace_seconds,
            "seconds": self.limits.seconds,
        }
        keeper = self._start(folder, orders)
        process = {"keeper": keeper, "born": _born(keeper) or 0}
        _write_private(folder / "process.json", json.dumps(process))
        status = self._wait_for_status(folder)
        return Started(f"http://{HOST}:{port}", port, process, bool(status.get("confined")))

    def condition(self, deployment_id: UUID) -> Condition:
        """Tell whether the deployment runs; a process that took its number over is not mistaken for it."""
        folder = self.folder(deployment_id)
        status = _read(folder / "status.json")
        if "exit_code" in status:
            return Condition(False, int(status["exit_code"]))
        return Condition(self._keeper(folder) is not None and "app" in status)

    def stop(self, deployment_id: UUID) -> Condition:
        """End the deployment with all its processes; ending an ended one changes nothing."""
        folder = self.folder(deployment_id)
        keeper = self._keeper(folder)
        if keeper is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGTERM)
            if not _gone(keeper, self.limits.grace_seconds + 5.0):
                # The component dies with its keeper: the kernel was told so when it started.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(keeper, signal.SIGKILL)
                _gone(keeper, 2.0)
        return self.condition(deployment_id)

    def log(self, deployment_id: UUID, tail_bytes: int = 16_384) -> DeploymentLog:
        """Return the end of the deployment's log."""
        folder = self.folder(deployment_id)
        before, now = _content(folder / "log.before"), _content(folder / "log")
        whole = before + now
        return DeploymentLog(
            tail=whole[-tail_bytes:].decode("utf-8", "replace"),
            size=len(whole),
            digest=hashlib.sha256(whole).hexdigest(),
            is_cut=bool(before) or len(whole) > tail_bytes,
        )

    def clear(self, deployment_id: UUID) -> None:
        """Remove the unpacked package of an ended deployment; its log stays."""
        shutil.rmtree(self.folder(deployment_id) / "app", ignore_errors=True)

    def forget(self, deployment_id: UUID) -> None:
        """Remove everything of an ended deployment, its log too."""
        shutil.rmtree(self.folder(deployment_id), ignore_errors=True)

    def manifest(self, deployment_id: UUID) -> dict[str, Any]:
        """Return what the package of a deployment says of itself; nothing where it says nothing."""
        return _read(self.folder(deployment_id) / "app" / MANIFEST)

    def content(self, deployment_id: UUID, name: object) -> bytes | None:
        """Return a file of the unpacked package, such as its sample set; None where there is no such file."""
        root = (self.folder(deployment_id) / "app").resolve()
        path = (root / name).resolve() if isinstance(name, str) and name else root
        if not path.is_relative_to(root) or not path.is_file() or path.stat().st_size > MAX_CONTENT_BYTES:
            return None
        return path.read_bytes()

    def known(self) -> list[UUID]:
        """Return the deployments that have a folder here."""
        found = []
        for folder in sorted(self.root.glob("*")) if self.root.is_dir() else []:
            with contextlib.suppress(ValueError):
                found.append(UUID(folder.name))
        return found

    def for_trials(self, seconds: float) -> LocalDriver:
        """Return a driver like this one whose deployments are beside its own and end after that time."""
        return LocalDriver(self.root / "trials", replace(self.limits, seconds=seconds), self.java)

    def _command(self, package: Package) -> list[str]:
        if package.kind == "python":
            # Isolated and without the platform's packages: only the standard library and the archive itself.
            start = "import sys,runpy; sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[2:]; "
            start += "runpy.run_path(sys.argv[0], run_name='__main__')"
            entry = str(package.root / package.entry)
            return [sys.executable, "-I", "-S", "-u", "-c", start, str(package.root), entry]
        if package.kind == "war":
            raise CannotRun(
                Text(
                    "本机没有 Servlet 容器，WAR 制品不能在此运行；请由运营方在目标环境部署并说明结果",
                    "There is no servlet container here, so a WAR cannot be run; the operator deploys it in "
                    "its target environment and states the result",
                )
            )
        if self.java is None:
            raise CannotRun(
                Text(
                    "本机没有 Java 运行环境，JAR 制品不能在此运行；请安装 Java 17 或更高版本",
                    "There is no Java here, so a JAR cannot be run; install Java 17 or later",
                )
            )
        limits = (f"-Xmx{self.limits.java_heap_mib}m", "-Xss512k", "-XX:MaxMetaspaceSize=128m")
        sizes = ("-XX:ReservedCodeCacheSize=64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        return [self.java, *limits, *sizes, "-jar", str(package.archive)]

    def _environment(self, given: Mapping[str, str], port: int, work: Path) -> dict[str, str]:
        return {
            **given,
            "PORT": str(port),
            "HOST": HOST,
            "HOME": str(work),
            "TMPDIR": str(work),
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
        }

    def _limits(self, package: Package) -> dict[str, int]:
        is_java = package.kind != "python"
        return {
            # A Java machine reserves much more address space than it uses; its heap is limited by -Xmx.
            "RLIMIT_AS": self.limits.java_address_space_bytes if is_java else self.limits.memory_bytes,
            "RLIMIT_CPU": self.limits.cpu_seconds,
            "RLIMIT_NOFILE": self.limits.open_files,
            "RLIMIT_FSIZE": self.limits.file_bytes,
            "RLIMIT_CORE": 0,
        }

    def _readable(self, package: Package) -> list[str]:
        folders = {*_SYSTEM_FOLDERS, sys.base_prefix, sys.prefix, sysconfig.get_path("stdlib")}
        if self.java is not None:
            folders.add(str(Path(self.java).resolve().parent.parent))
        return sorted(folders | {str(package.archive), str(package.root)})

    def _start(self, folder: Path, orders: Mapping[str, Any]) -> int:
        """Start the keeper in a session of its own: it goes on when this process ends."""
        path = folder / "orders.json"
        _write_private(path, json.dumps(orders))
        silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
        arguments = [sys.executable, "-I", "-S", str(_KEEPER), str(path)]
        return os.posix_spawn(sys.executable, arguments, {}, file_actions=silent, setsid=True)

    def _wait_for_status(self, folder: Path) -> dict[str, Any]:
        until = time.monotonic() + self.limits.start_seconds
        while time.monotonic() < until:
            if status := _read(folder / "status.json"):
                return status
            time.sleep(0.02)
        return {}

    def _keeper(self, folder: Path) -> int | None:
        """Return the process that keeps the deployment, if it is still that one."""
        process = _read(folder / "process.json")
        pid, born = process.get("keeper"), process.get("born")
        return pid if isinstance(pid, int) and born is not None and _born(pid) == born else None


def _free_port() -> int:
    with socket.socket() as chosen:
        try:
            chosen.bind((HOST, 0))
        except OSError as error:
            raise CannotRun(Text(f"没有空闲端口：{error}", f"There is no free port: {error}")) from error
        return int(chosen.getsockname()[1])


def _born(pid: int) -> int | None:
    """Return when a living process began, in ticks since the machine did; with its number it is unique."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    if fields[0] not in "ZX":
        return int(fields[19])
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # its body is taken away where it was a child of this process
    return None


def _gone(pid: int, seconds: float) -> bool:
    """Wait for a process to end; tell whether it did."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _born(pid) is None:
            return True
        time.sleep(0.02)
    return False


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _write_private(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
