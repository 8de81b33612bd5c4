"""Celery on Redis: carries the ids of due jobs to worker processes, and nothing else.

Celery is an optional part (``pip install 'zujian[scale]'``); only this module imports it, and only when it
is asked to. The rows in the database stay the truth: see ``dispatcher.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from engine.api import DueJob, Engine
from kernel.database import Database
from kernel.errors import Unavailable
from kernel.language import Text

TASK: Final = "zujian.run_job"
# Timers and reminders are quick and must not wait behind long service tasks.
MOMENTS: Final = "zujian.moments"
SERVICES: Final = "zujian.services"
# A handler that hangs is ended by force: its lease then runs out, and the attempt counts as spent.
TIME_LIMIT_SECONDS: Final = 15 * 60
Open = Callable[[], tuple[Engine, Database]]


class QueueMissing(Unavailable):
    """Celery is not installed; the message says how to."""


def celery_app(redis_url: str, opened: Open) -> Any:
    """Return the Celery application; ``opened`` gives engine and database, once in each worker process.

    Raises:
        QueueMissing: the optional part is not installed.
    """
    try:
        from celery import Celery
    except ImportError as missing:
        raise QueueMissing(
            Text(
                "未安装 Celery，请运行 pip install 'zujian[scale]'",
                "Celery is not installed; run: pip install 'zujian[scale]'",
            )
        ) from missing
    app = Celery("zujian", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        # Acknowledged when done: a message of a killed worker comes back, and harmlessly so.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure_or_timeout=True,
        task_time_limit=TIME_LIMIT_SECONDS,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        task_default_queue=SERVICES,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        # Without an answer of Redis the dispatcher goes on with its next round.
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5},
    )
    hand: list[tuple[Engine, Database]] = []

    def run_job(job_id: str) -> bool:
        """Run one job if it is due and free."""
        if not hand:
            # Opened in the process that works: connections do not survive a fork.
            hand.append(opened())
        engine, database = hand[0]
        return engine.run_job(database, UUID(job_id))

    app.task(name=TASK)(run_job)
    return app


def sender(app: Any) -> Callable[[DueJob], None]:
    """Return what hands one job to its queue; raises at once where Redis does not answer."""

    def send(job: DueJob) -> None:
        queue = SERVICES if job.kind == "service" else MOMENTS
        app.send_task(TASK, args=[str(job.id)], queue=queue, retry=False)

    return send


def consume(app: Any, *, processes: int, queues: tuple[str, ...] = (MOMENTS, SERVICES)) -> None:
    """Run jobs whose ids arrive, in so many processes, until stopped by a signal."""
    from celery.signals import setup_logging

    # Our log stays as it is; Celery would otherwise set up one of its own.
    setup_logging.connect(_leave_the_log_alone, weak=False)
    app.worker_main(
        [
            "worker",
            f"--concurrency={processes}",
            f"--queues={','.join(queues)}",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
            f"--hostname=zujian-{os.getpid()}@%h",
        ]
    )


def _leave_the_log_alone(**_options: Any) -> None:
    return None


def answers(redis_url: str, seconds: float = 1.0) -> bool:
    """Tell whether Redis answers within so many seconds."""
    try:
        from redis import Redis
        from redis.exceptions import RedisError
    except ImportError:
        return False
    try:
        with Redis.from_url(redis_url, socket_connect_timeout=seconds, socket_timeout=seconds) as client:
            return bool(client.ping())
    except RedisError:
        return False
