"""The figures that stand in the database, read when Prometheus asks."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from engine.api import QueueStanding
from kernel.metrics import REGISTRY


def exposition(standing: QueueStanding | None) -> bytes:
    """Return every figure of this process, and those of the queue; None: the database does not answer."""
    return generate_latest(REGISTRY) + generate_latest(queue_figures(standing))


def queue_figures(standing: QueueStanding | None) -> CollectorRegistry:
    """Return the figures of the queue, in a registry of their own."""
    registry = CollectorRegistry()

    def gauge(name: str, what: str, value: float) -> None:
        Gauge(f"zujian_{name}", what, registry=registry).set(value)

    gauge("database_up", "Whether the database answered this look.", standing is not None)
    if standing is None:
        return registry
    gauge("jobs_due", "Jobs that could be taken now.", standing.due)
    gauge("jobs_running", "Jobs in the hand of a process.", standing.running)
    gauge("jobs_abandoned", "Running jobs whose lease has ended: their process is gone.", standing.abandoned)
    gauge("jobs_failed", "Jobs that wait for a decision on their incident.", standing.failed)
    gauge("clock_lag_seconds", "How long the oldest due job has been waiting.", standing.lag.total_seconds())
    incidents = Gauge("zujian_incidents_open", "Open incidents, by kind.", ["kind"], registry=registry)
    for kind, count in standing.open_incidents.items():
        incidents.labels(kind).set(count)
    seen = Gauge(
        "zujian_driver_silence_seconds",
        "Time since the last sign of life of each driver.",
        ["kind", "host", "process"],
        registry=registry,
    )
    for driver in standing.drivers:
        silence = (standing.at - driver.seen_at).total_seconds()
        seen.labels(driver.kind, driver.host, str(driver.process_id)).set(silence)
    return registry
