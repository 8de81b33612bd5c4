"""Real child processes: started within limits, probed, logged, stopped, found again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.checks.calls import call
from handlers.deploying.driver import CannotRun, Launch
from handlers.deploying.keeper import landlock_version
from handlers.deploying.local import LocalDriver
from handlers.deploying.packages import Package
from handlers.deploying.running import DidNotStart, Runner
from kernel.ids import new_id
from tests.integration.deploying.conftest import Pack


def running(pid: int) -> bool:
    """Tell whether a process lives; a body that nobody took away does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] not in "ZX"


def program(driver: LocalDriver, code: str) -> tuple[Package, Launch]:
    """Prepare a Python program as a deployment."""
    launch_id = new_id()
    root = driver.folder(launch_id) / "app"
    root.mkdir(parents=True)
    (root / "app.py").write_text(code, encoding="utf-8")
    package = Package("python", root, "app.py", root / "app.py")
    return package, Launch(launch_id, package)


def ended(driver: LocalDriver, launch: Launch, seconds: float = 30.0) -> int | None:
    """Wait for a deployment to end by itself and return its exit code."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and driver.condition(launch.deployment_id).is_running:
        time.sleep(0.05)
    return driver.condition(launch.deployment_id).exit_code


def test_a_component_is_started_with_the_declared_settings_and_nothing_else(
    runner: Runner, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUJIAN_SECRET_KEY", "of the platform")
    deployment_id = new_id()
    package = runner.open(deployment_id, pack())

    started = runner.start(deployment_id, package, {"MODE": "演示"}, "/health")

    settings = call(runner.guard, "GET", f"{started.address}/settings").document
    assert settings["MODE"] == "演示"
    assert settings["PORT"] == str(started.port)
    assert set(settings) - {"LC_CTYPE"} == {"MODE", "PORT", "HOST", "HOME", "TMPDIR", "LANG", "PATH"}
    assert '"message": "started"' in runner.driver.log(deployment_id).tail


def test_stopping_ends_the_process_and_remembers_how_it_ended(runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    started = runner.start(deployment_id, runner.open(deployment_id, pack()), {}, "/health")

    condition = runner.driver.stop(deployment_id)
    again = runner.driver.stop(deployment_id)

    assert condition == again
    assert (condition.is_running, condition.exit_code) == (False, -signal.SIGTERM)
    assert not running(started.process["keeper"])


def test_a_component_that_ignores_the_order_to_end_is_ended_by_force(runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    runner.start(deployment_id, runner.open(deployment_id, pack()), {"FAULTS": "deaf"}, "/health")

    condition = runner.driver.stop(deployment_id)

    assert (condition.is_running, condition.exit_code) == (False, -signal.SIGKILL)


def test_what_a_component_starts_and_hides_in_a_session_of_its_own_ends_with_it(driver: LocalDriver) -> None:
    code = """
import os, subprocess, sys, time
sleep = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"]
child = subprocess.Popen(sleep, start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""
    _package, launch = program(driver, code)
    driver.deploy(launch)
    until = time.monotonic() + 20
    while not driver.log(launch.deployment_id).tail.strip() and time.monotonic() < until:
        time.sleep(0.05)
    child = int(driver.log(launch.deployment_id).tail)
    assert running(child)

    driver.stop(launch.deployment_id)

    assert not running(child)


def test_a_component_that_crashes_is_told_with_its_code_and_its_log(runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    package = runner.open(deployment_id, pack())

    with pytest.raises(DidNotStart, match="code 3"):
        runner.start(deployment_id, package, {"FAULTS": "crash"}, "/health")

    assert "the configuration is incomplete" in runner.driver.log(deployment_id).tail


@pytest.mark.parametrize("fault", ["slow-start", "unhealthy"])
def test_a_component_that_never_becomes_healthy_is_given_up_and_ended(
    runner: Runner, pack: Pack, fault: str
) -> None:
    deployment_id = new_id()
    hasty = replace(runner, start_seconds=3.0)

    with pytest.raises(DidNotStart, match="within 3 seconds"):
        hasty.start(deployment_id, hasty.open(deployment_id, pack()), {"FAULTS": fault}, "/health")

    assert not runner.driver.condition(deployment_id).is_running


def test_a_component_with_a_port_of_its_own_choice_does_not_come_up(runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    hasty = replace(runner, start_seconds=5.0)

    with pytest.raises(DidNotStart):
        hasty.start(deployment_id, hasty.open(deployment_id, pack()), {"FAULTS": "wrong-port"}, "/health")


def test_a_flood_of_log_lines_is_kept_short(driver: LocalDriver, runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    hasty = replace(runner, start_seconds=2.0)

    with pytest.raises(DidNotStart):
        hasty.start(deployment_id, hasty.open(deployment_id, pack()), {"FAULTS": "flood"}, "/health")

    log = driver.log(deployment_id)
    assert log.is_cut
    assert 0 < log.size <= 2 * driver.limits.log_bytes
    assert len(log.tail) <= 16_384


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = bytearray(2 * 1024 ** 3)", "MemoryError"),
        ("open('big', 'wb').truncate(100 * 1024 ** 2)", "File too large"),
        ("files = [open('/dev/null') for _ in range(1000)]", "Too many open files"),
    ],
)
def test_a_component_cannot_take_more_than_its_limits(driver: LocalDriver, code: str, said: str) -> None:
    _package, launch = program(
        driver, f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {code}"
    )
    driver.deploy(launch)

    assert ended(driver, launch) == 1
    assert said in driver.log(launch.deployment_id).tail


def test_a_component_reads_no_file_of_the_platform_where_the_kernel_can_forbid_it(
    driver: LocalDriver, tmp_path: Path
) -> None:
    secret = tmp_path / "credentials-key"
    secret.write_text("of the platform", encoding="ascii")
    _package, launch = program(driver, f"print(open({str(secret)!r}).read())")

    started = driver.deploy(launch)
    code = ended(driver, launch)

    # Elsewhere the row says "not confined" and the page shows it.
    assert started.confined == (landlock_version() > 0)
    assert (code == 1) == started.confined
    assert ("of the platform" in driver.log(launch.deployment_id).tail) != started.confined


def test_deploying_again_ends_the_process_of_before(runner: Runner, pack: Pack) -> None:
    deployment_id = new_id()
    first = runner.start(deployment_id, runner.open(deployment_id, pack()), {}, "/health")

    second = runner.start(deployment_id, runner.open(deployment_id, pack()), {}, "/health")

    assert not running(first.process["keeper"])
    assert running(second.process["keeper"])


def test_a_component_outlives_the_platform_and_is_found_by_the_next(
    runner: Runner, driver: LocalDriver, pack: Pack
) -> None:
    """Start from a process that is killed at once, as the platform may be at any moment."""
    deployment_id = new_id()
    artefact = pack()
    script = f"""
import os, signal, sys
from pathlib import Path
from uuid import UUID
from handlers.deploying.local import LocalDriver
from handlers.deploying.running import Artefact, Runner
runner = Runner(LocalDriver(Path({str(driver.root)!r})))
artefact = Artefact(Path({str(artefact.path)!r}), "component.zip", "0" * 64)
identifier = UUID({str(deployment_id)!r})
runner.start(identifier, runner.open(identifier, artefact), {{}}, "/health")
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(root)}, check=False, timeout=120
    )

    assert done.returncode == -signal.SIGKILL
    assert driver.condition(deployment_id).is_running
    assert driver.known() == [deployment_id]
    assert not driver.stop(deployment_id).is_running


def test_another_process_with_the_number_of_the_keeper_is_not_touched(driver: LocalDriver) -> None:
    deployment_id = new_id()
    folder = driver.folder(deployment_id)
    folder.mkdir(parents=True)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "process.json").write_text(json.dumps({"keeper": bystander.pid, "born": 1}), encoding="ascii")
    (folder / "status.json").write_text(json.dumps({"app": bystander.pid}), encoding="ascii")

    condition = driver.stop(deployment_id)

    assert not condition.is_running
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_without_java_a_jar_is_said_to_be_beyond_this_machine(tmp_path: Path) -> None:
    driver = LocalDriver(tmp_path, java="")
    without = LocalDriver(tmp_path)
    without.java = None
    launch = Launch(new_id(), Package("jar", tmp_path, "Main", tmp_path / "app.jar"))

    with pytest.raises(CannotRun, match="no Java here"):
        without.deploy(launch)
    with pytest.raises(CannotRun, match="no servlet container"):
        driver.deploy(Launch(new_id(), Package("war", tmp_path, "", tmp_path / "app.war")))
