"""What scans need from outside: where reports are kept, what may be probed, where to unpack."""

from __future__ import annotations

import io
import ssl
from dataclasses import dataclass
from pathlib import Path

from handlers.checks.addresses import ProbeGuard, Target
from handlers.scanning.child import RELAY_PORT, network_can_be_cut
from handlers.scanning.relay import Relay
from kernel.files import FileStore

MAX_REPORT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Workbench:
    """Built once from the settings.

    ``scratch`` is where private folders are made (None: the system's place), ``cache`` where a tool that
    unpacks itself is kept unpacked (None: beside the stored files).
    """

    files: FileStore
    guard: ProbeGuard
    scratch: Path | None = None
    cache: Path | None = None

    @property
    def tool_cache(self) -> Path:
        """The folder of unpacked tools."""
        return self.cache or self.files.root.parent / "tool-cache"

    def keep_report(self, content: bytes) -> str:
        """Store a raw report and return its digest.

        Raises:
            Invalid: the report is empty or too large.
        """
        return self.files.put(io.BytesIO(content), MAX_REPORT_BYTES).digest

    def relay_to(self, target: Target, *, tls: bool) -> Relay:
        """Prepare the one way from a tool to a checked address."""
        context = ssl.create_default_context() if tls else None
        return Relay.to(target, context, inside=network_can_be_cut(), inside_port=RELAY_PORT)
