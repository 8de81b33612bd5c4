"""What is counted of jobs; see docs/reference/metrics.md."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

from kernel.metrics import REGISTRY, SECONDS

JOBS: Final = Counter(
    "zujian_jobs",
    "Runs of jobs: done, error_thrown, retried, incident, held, or dropped because it came too late.",
    ["kind", "topic", "outcome"],
    registry=REGISTRY,
)
JOB_SECONDS: Final = Histogram(
    "zujian_job_seconds",
    "Time from taking a job to having recorded how it went.",
    ["kind", "topic"],
    buckets=SECONDS,
    registry=REGISTRY,
)
JOB_DELAY_SECONDS: Final = Histogram(
    "zujian_job_delay_seconds",
    "Time from the moment that a job was due to the moment that it was taken.",
    ["kind"],
    buckets=SECONDS,
    registry=REGISTRY,
)
