"""``zujian worker`` and ``zujian dispatch``: processes that run jobs beside the pages."""

from __future__ import annotations

import os
import signal
import threading

import click
from prometheus_client import start_http_server

from engine.api import Engine
from kernel.database import Database
from kernel.errors import Conflict
from kernel.language import Text
from kernel.metrics import REGISTRY
from kernel.settings import Settings, SettingsError
from webapp.cli.language import in_terminal
from webapp.cli.opening import opened_platform
from webapp.drivers import celery_queue
from webapp.drivers.dispatcher import Dispatcher, dispatch
from webapp.drivers.signs import SignsOfLife
from webapp.drivers.worker import work
from webapp.logs import configure_logging
from webapp.wiring import Platform, build_platform

_PORT = click.IntRange(1, 65535)
metrics_port = click.option(
    "--metrics-port",
    type=_PORT,
    help=in_terminal(
        "在本机回环地址的这一端口上给出本进程的指标。",
        "Show the figures of this process on this port of the loopback interface.",
    ),
)


@click.command(help=in_terminal("运行后台作业（需要 PostgreSQL）。", "Run jobs (needs PostgreSQL)."))
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help=in_terminal("同时运行的作业数。", "How many jobs to run at once."),
)
@click.option(
    "--celery",
    "by_celery",
    is_flag=True,
    help=in_terminal(
        "从 Redis 经 Celery 接收作业号，每个作业一个进程。",
        "Take the ids of jobs from Redis by Celery, one process for each job at work.",
    ),
)
@metrics_port
def worker(threads: int, by_celery: bool, metrics_port: int | None) -> None:
    """Run jobs until interrupted."""
    settings = Settings.from_environment()
    configure_logging(settings.log_format, settings.log_level)
    if by_celery:
        _consume(settings, threads)
        return
    with opened_platform() as platform:
        _require_postgresql(platform)
        _show_figures(metrics_port)
        said = in_terminal(
            f"作业进程 {os.getpid()} 已启动，同时运行 {threads} 个作业。",
            f"Worker {os.getpid()} is running, up to {threads} jobs at once.",
        )
        click.echo(said)
        pause = settings.tick_seconds
        work(platform.engine, platform.database, threads=threads, pause=pause, stop=stopped_by_signal())


@click.command("dispatch", help=in_terminal("把到期作业交给 Celery。", "Hand due jobs to Celery."))
@metrics_port
def dispatch_jobs(metrics_port: int | None) -> None:
    """Hand the ids of due jobs to Celery until interrupted."""
    settings = Settings.from_environment()
    configure_logging(settings.log_format, settings.log_level)
    app = celery_queue.celery_app(redis_url_of(settings), lambda: _open(settings))
    with opened_platform() as platform:
        _require_postgresql(platform)
        _show_figures(metrics_port)
        click.echo(in_terminal("派发进程已启动。", "The dispatcher is running."))
        dispatcher = Dispatcher(platform.engine, platform.database, celery_queue.sender(app))
        signs = SignsOfLife(platform.engine, platform.database, "dispatcher")
        dispatch(dispatcher, signs, pause=settings.tick_seconds, stop=stopped_by_signal())


def redis_url_of(settings: Settings) -> str:
    """Return the address of Redis.

    Raises:
        SettingsError: none is set.
    """
    if settings.redis_url is None:
        raise SettingsError(
            Text(
                "使用 Celery 须设置 ZUJIAN_REDIS_URL，例如 redis://127.0.0.1:6379/0",
                "Celery needs ZUJIAN_REDIS_URL, for example redis://127.0.0.1:6379/0",
            )
        )
    return settings.redis_url


def stopped_by_signal() -> threading.Event:
    """Return an event that the signals to stop set; what is at work is ended in good order."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _consume(settings: Settings, processes: int) -> None:
    app = celery_queue.celery_app(redis_url_of(settings), lambda: _open(settings))
    with opened_platform() as platform:
        _require_postgresql(platform)
    celery_queue.consume(app, processes=processes)


def _open(settings: Settings) -> tuple[Engine, Database]:
    platform = build_platform(settings)
    return platform.engine, platform.database


def _require_postgresql(platform: Platform) -> None:
    if platform.database.dialect == "sqlite":
        raise Conflict(
            Text(
                "多个进程运行作业需要 PostgreSQL；使用 SQLite 时由 zujian run 在自身进程中运行作业",
                "Jobs in several processes need PostgreSQL; on SQLite, “zujian run” runs them itself",
            )
        )


def _show_figures(port: int | None) -> None:
    if port is not None:
        start_http_server(port, addr="127.0.0.1", registry=REGISTRY)
