"""Soundness and the second opinion on a compiled net, remembered by content.

Both take seconds, and an author checks, submits and releases the same files: whoever asks again gets the
first answer. Checking in a reading transaction first keeps the deployment's own transaction short.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.bpmn.model import Net
from engine.bpmn.problems import Problem
from kernel.language import Text

MAX_REMEMBERED: Final = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """What both found."""

    problems: tuple[Problem, ...]
    soundness: Text
    second_opinion: Text
    not_cross_checked: tuple[Text, ...]


_remembered: OrderedDict[str, Verified] = OrderedDict()
_lock = threading.Lock()


def verify_net(net: Net, key: str, files: Mapping[str, bytes]) -> Verified:
    """Explore the process and compare it with SpiffWorkflow; the net was compiled from ``files``."""
    digest = _digest(key, files)
    with _lock:
        found = _remembered.get(digest)
    if found is None:
        found = _verify(net, key, {name: data for name, data in files.items() if name.endswith(".bpmn")})
        with _lock:
            _remembered[digest] = found
            while len(_remembered) > MAX_REMEMBERED:
                _remembered.popitem(last=False)
    return found


def _verify(net: Net, key: str, diagrams: Mapping[str, bytes]) -> Verified:
    # SpiffWorkflow takes long to import, and only deployments need it.
    from engine.verification.second_opinion import second_opinion
    from engine.verification.soundness import verify_soundness

    soundness = verify_soundness(net, key)
    opinion = second_opinion(net, key, diagrams)
    return Verified(
        (*soundness.problems, *opinion.problems),
        soundness.summary,
        opinion.summary,
        opinion.not_cross_checked,
    )


def _digest(key: str, files: Mapping[str, bytes]) -> str:
    hasher = hashlib.sha256(key.encode())
    for name, content in sorted(files.items()):
        hasher.update(f"\n{name} {len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()
