"""Deploying the processes that come with the product, without undoing what administrators changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from engine.api import DefinitionNotFound, DefinitionVersion
from kernel.actor import Actor, system_actor
from kernel.unit_of_work import perform
from webapp.cli.check import definition_files
from webapp.wiring import Platform

NOTE = "随产品发布 / shipped with the product"


class Outcome(StrEnum):
    """What became of a shipped process."""

    DEPLOYED = "deployed"
    UNCHANGED = "unchanged"
    CHANGED_HERE = "changed here"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One shipped process; ``version`` is the one in service that it is about."""

    key: str
    outcome: Outcome
    version: int | None


def deploy_shipped(platform: Platform, *, replace: bool) -> list[Deployed]:
    """Deploy each shipped process whose files changed since it was last shipped.

    A process that an administrator changed meanwhile stays as it is unless ``replace`` is set.

    Raises:
        DeploymentRefused: a shipped process does not pass the check of a deployment.
    """
    folders = sorted(path.parent for path in platform.settings.processes_dir.glob("*/*.bpmn"))
    processes = {folder.name: definition_files(folder / f"{folder.name}.bpmn") for folder in folders}
    actor = system_actor("deployment", permissions=frozenset({"definition.deploy"}))
    return [_deploy(platform, actor, key, processes[key], replace) for key in in_calling_order(processes)]


def in_calling_order(processes: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """Order processes so that each comes after those that it calls."""
    ordered: list[str] = []

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in ordered or key in path or key not in processes:
            return
        for called in sorted(called_by(processes[key][f"{key}.bpmn"])):
            visit(called, (*path, key))
        ordered.append(key)

    for key in sorted(processes):
        visit(key, ())
    return ordered


def called_by(diagram: bytes) -> set[str]:
    """Return the keys of the processes that a diagram calls."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(diagram, parser)
    return {called for node in root.iter() if (called := node.get("calledElement"))}


def _deploy(platform: Platform, actor: Actor, key: str, files: dict[str, bytes], replace: bool) -> Deployed:
    note = f"{NOTE} ({_digest(files)})"
    versions = _versions(platform, key)
    shipped = next((version for version in versions if version.note.startswith(NOTE)), None)
    if shipped is not None and shipped.note == note and not (replace and versions[0] != shipped):
        return Deployed(key, Outcome.UNCHANGED, versions[0].version)
    if versions and versions[0] != shipped and not replace:
        return Deployed(key, Outcome.CHANGED_HERE, versions[0].version)
    deployed = perform(
        platform.database,
        "definition.deploy",
        actor,
        lambda session: platform.engine.deploy_files(session, actor, key, files, note),
        stream="system:definitions",
    )
    return Deployed(key, Outcome.DEPLOYED, deployed.version)


def _versions(platform: Platform, key: str) -> tuple[DefinitionVersion, ...]:
    with platform.database.read() as session:
        try:
            return platform.engine.definition_versions(session, key)
        except DefinitionNotFound:
            return ()


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + files[name] + b"\0")
    return total.hexdigest()[:16]
