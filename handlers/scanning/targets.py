"""The running component that may be attacked: released by the operator, resolved, and answering.

Source: draft standard, clauses 8.1.1 and 8.2.4 b
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.checks.addresses import NotAllowedToProbe, NotReachable, NotResolved, Target
from handlers.checks.declaration import ServiceAddress, read_service_address
from handlers.scanning.bench import Workbench
from handlers.scanning.child import MIB, ChildLimits, ChildOutcome, run_child
from handlers.scanning.relay import Relay
from kernel.language import Text

_CONNECT_SECONDS = 3.0
_ASKING = Path(__file__).with_name("asking.py")
_LIMITS = ChildLimits(seconds=300, cpu_seconds=60, output_bytes=32 * MIB)


class NotAttackable(Exception):
    """The component is not attacked; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class AttackTarget:
    """A component that answers, at the one address that was checked."""

    declared: ServiceAddress
    target: Target

    @property
    def host_header(self) -> str:
        """The name by which the component knows itself."""
        standard = {"http": 80, "https": 443}[self.declared.scheme]
        host = f"[{self.declared.host}]" if ":" in self.declared.host else self.declared.host
        return host if self.declared.port == standard else f"{host}:{self.declared.port}"

    def relay(self, bench: Workbench) -> Relay:
        """Prepare the way of a tool to the component."""
        return bench.relay_to(self.target, tls=self.declared.scheme == "https")

    def address_behind(self, relay: Relay) -> str:
        """Return the address at which a tool finds the component."""
        return f"http://127.0.0.1:{relay.port}{self.declared.path}"


def ask(
    bench: Workbench, target: AttackTarget, requests: Sequence[Mapping[str, Any]], folder: Path
) -> tuple[list[dict[str, Any]], ChildOutcome]:
    """Send requests from a child process and return the answers: label, request, status, type, body.

    Raises:
        ScannerFailed: the child did not come to its end.
    """
    relay = target.relay(bench)
    orders = {"address": target.address_behind(relay), "host": target.host_header, "requests": requests}
    path = folder / "orders.json"
    path.write_text(json.dumps(orders), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(_ASKING), str(path)]
    outcome = run_child(command, folder, _LIMITS, relay=relay).require()
    return json.loads(outcome.stdout), outcome


def attack_target(bench: Workbench, address: str) -> AttackTarget:
    """Make sure that an address may be attacked and answers.

    Raises:
        NotAttackable: malformed, unknown, not released, or silent.
    """
    declared = read_service_address(address)
    if declared is None:
        raise NotAttackable(Text("服务地址无效", "the address is malformed"))
    try:
        target = bench.guard.target(declared.host, declared.port)
        bench.guard.connect(target, _CONNECT_SECONDS)
    except NotAllowedToProbe as error:
        raise NotAttackable(error.reason) from error
    except NotResolved as error:
        raise NotAttackable(Text(f"无法解析 {declared.host}", f"{declared.host} has no address")) from error
    except NotReachable as error:
        raise NotAttackable(Text("服务无应答", "the component does not answer")) from error
    return AttackTarget(declared, target)
