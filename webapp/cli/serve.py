"""``zujian run``: the pages and the clock of the jobs in one process."""

from __future__ import annotations

import fcntl
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
import waitress
from flask import Flask

from engine.registry import WHOLE_COUNTRY
from kernel.errors import Conflict
from kernel.language import Text
from kernel.settings import Settings
from webapp import create_app
from webapp.cli.data import prepare
from webapp.cli.language import in_terminal
from webapp.cli.opening import ensure_keys, opened_platform
from webapp.cli.samples import reaching_samples, sample_services
from webapp.drivers.embedded import EmbeddedDriver, attach
from webapp.logs import configure_logging
from webapp.wiring import Platform

WEB_THREADS = 8


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
@click.option(
    "--no-jobs",
    "pages_only",
    is_flag=True,
    help=in_terminal(
        "只提供网页；作业由 zujian worker 进程运行。",
        "Serve pages only; “zujian worker” processes run the jobs.",
    ),
)
def run(prepares: bool, with_samples: bool, pages_only: bool) -> None:
    """Serve the pages and tick the jobs until interrupted."""
    ensure_keys()
    settings = Settings.from_environment()
    configure_logging(settings.log_format, settings.log_level)
    if prepares:
        prepare()
    if not with_samples:
        with opened_platform() as platform:
            serve(platform, pages_only=pages_only)
        return
    with opened_platform(reaching_samples) as platform, sample_services(platform.settings):
        serve(platform, pages_only=pages_only)


def serve(platform: Platform, *, pages_only: bool) -> None:
    """Serve until interrupted; unless told otherwise jobs tick in this very process, and in no second one."""
    settings = platform.settings
    alone = nullcontext() if pages_only else only_one(settings.data_dir)
    with alone, bound_socket(settings.host, settings.port) as listening:
        address = f"http://{settings.host}:{settings.port}"
        app = create_app(settings, platform)
        server = page_server(app, listening)
        driver = None if pages_only else _started_driver(app, platform)
        ready = in_terminal("已启动：", "Running at ")
        click.secho(f"\n{ready}{address}", bold=True)
        click.echo(
            in_terminal("按 Ctrl+C 停止。数据保存在 ", "Ctrl+C stops it. Data is kept in ")
            + str(settings.data_dir)
        )
        if settings.region_code == WHOLE_COUNTRY:
            click.secho(
                in_terminal(
                    "未设置 ZUJIAN_REGION_CODE：定时启动的办件不属于任何区划，监管人员看不到。",
                    "ZUJIAN_REGION_CODE is not set: cases that the clock starts are of no region, "
                    "and no supervisor sees them.",
                ),
                fg="yellow",
            )
        # A service manager stops with SIGTERM: as with Ctrl+C, what is at work is ended in good order.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            server.run()
        finally:
            if driver is not None:
                driver.stop()
            server.close()


def page_server(app: Flask, listening: socket.socket) -> Any:
    """Return the server of the pages on a socket that is bound already."""
    return waitress.create_server(
        app,
        sockets=[listening],
        threads=WEB_THREADS,
        ident=None,
        # Nothing here believes these headers; that they are there tells that a request was passed on.
        clear_untrusted_proxy_headers=False,
    )


def _started_driver(app: Flask, platform: Platform) -> EmbeddedDriver:
    driver = EmbeddedDriver(platform)
    driver.start()
    attach(app, driver)
    return driver


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
