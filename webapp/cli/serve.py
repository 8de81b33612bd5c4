"""``zujian run``: the pages and the clock of the jobs in one process."""

from __future__ import annotations

import fcntl
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
import structlog
import waitress
from apscheduler.schedulers.background import BackgroundScheduler

from kernel.errors import Conflict
from kernel.language import Text
from webapp import create_app
from webapp.cli.data import prepare
from webapp.cli.language import in_terminal
from webapp.cli.opening import ensure_secret_key, opened_platform
from webapp.cli.samples import reaching_samples, sample_services
from webapp.wiring import Platform

WEB_THREADS = 8
JOBS_PER_TICK = 50

log = structlog.get_logger(__name__)


@click.command(
    help=in_terminal("启动平台（网页与后台作业）。", "Start the platform: pages and background jobs.")
)
@click.option(
    "--prepare",
    "prepares",
    is_flag=True,
    help=in_terminal(
        "启动前迁移数据库、部署自带流程、载入示例人员和组件。",
        "First migrate, deploy the shipped processes, load sample people and components.",
    ),
)
@click.option(
    "--samples",
    "with_samples",
    is_flag=True,
    help=in_terminal(
        "同时在本机回环地址上代答示例组件的服务。",
        "Also answer for the services of the sample components, on the loopback interface.",
    ),
)
def run(prepares: bool, with_samples: bool) -> None:
    """Serve the pages and tick the jobs until interrupted."""
    configure_logging()
    ensure_secret_key()
    if prepares:
        prepare()
    if not with_samples:
        with opened_platform() as platform:
            serve(platform)
        return
    with opened_platform(reaching_samples) as platform, sample_services(platform.settings):
        serve(platform)


def serve(platform: Platform) -> None:
    """Serve until interrupted; jobs tick in this very process, and in no second one."""
    settings = platform.settings
    with only_one(settings.data_dir), bound_socket(settings.host, settings.port) as listening:
        address = f"http://{settings.host}:{settings.port}"
        server = waitress.create_server(
            create_app(settings, platform), sockets=[listening], threads=WEB_THREADS, ident=None
        )
        scheduler = start_scheduler(platform)
        ready = in_terminal("已启动：", "Running at ")
        click.secho(f"\n{ready}{address}", bold=True)
        click.echo(
            in_terminal("按 Ctrl+C 停止。数据保存在 ", "Ctrl+C stops it. Data is kept in ")
            + str(settings.data_dir)
        )
        try:
            server.run()
        finally:
            scheduler.shutdown(wait=True)
            server.close()


def start_scheduler(platform: Platform) -> BackgroundScheduler:
    """Tick "run due jobs and timers"; a tick that is still at work is not doubled."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        args=(platform,),
        seconds=platform.settings.tick_seconds,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=int(timedelta(minutes=1).total_seconds()),
    )
    scheduler.start()
    return scheduler


def tick(platform: Platform) -> None:
    """Run everything that is due now."""
    try:
        while platform.engine.run_due(platform.database, limit=JOBS_PER_TICK) == JOBS_PER_TICK:
            continue
    except Exception as error:  # The edge: a tick that fails is recorded and the next one tries again.
        log.error("tick.failed", exc_info=error)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data directory for this process, so that no second one ticks the same jobs.

    Raises:
        Conflict: another process holds it.
    """
    with (folder / "running.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                Text(
                    f"平台已在运行，数据目录 {folder} 正被使用",
                    f"The platform is running already: the data directory {folder} is in use",
                )
            ) from None
        yield


@contextmanager
def bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Bind the address before anything else starts.

    Raises:
        Conflict: the port is taken, or the host is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise Conflict(
                Text(
                    f"无法监听 {host}:{port}（{error.strerror}）。请设置 ZUJIAN_PORT 换用其他端口",
                    f"Cannot listen on {host}:{port} ({error.strerror}). Set ZUJIAN_PORT to use another port",
                )
            ) from None
        yield listening


def configure_logging() -> None:
    """Write events to the standard error stream; warnings and worse from other packages too."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # A tick that finds the one before still at work is what it is asked to be: left out.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
