"""Leaving the services of sample components in peace: a stand-in for the attacks of the security assessment.

They take ten seconds for each assessment. The demo, the conformance and the scanning tests make them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handlers.assessment import risks, scans
from handlers.scanning.results import ScanResult, concluded_scan
from kernel.language import Text


def unharmed(_bench: object, _document: object, address: str) -> ScanResult:
    """Say that nothing was found."""
    return concluded_scan(
        "dynamic", ("stand-in", ""), Text("动态测试", "Attacks"), [], looked_at={"at": address}
    )


@contextmanager
def no_attacks() -> Iterator[None]:
    """Attack nothing while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scans, "scan_dynamic", unharmed)
        patch.setattr(risks, "probe_error_codes", unharmed)
        yield
