"""Figures about the running process, in the form that Prometheus reads.

Counters and histograms stand here and beside the code that they count; ``webapp.health`` shows all of
them. Labels hold names from the code, never a person, a case or a value.
docs/reference/metrics.md describes each of them.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

# Our own registry: nothing that another package registers shows up among our figures.
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

COMMANDS: Final = Counter(
    "zujian_commands",
    "Commands by what became of them: done, refused or failed.",
    ["action", "outcome"],
    registry=REGISTRY,
)
COMMAND_SECONDS: Final = Histogram(
    "zujian_command_seconds",
    "Time from the begin of a command to its commit or refusal, lost races included.",
    ["action"],
    buckets=SECONDS,
    registry=REGISTRY,
)
COMMAND_RETRIES: Final = Counter(
    "zujian_command_retries",
    "Transactions that lost a race and were run again.",
    ["action"],
    registry=REGISTRY,
)
