"""What service tasks and listeners of the processes do: one module per topic family.

Handlers connect the engine (which routes by topic) with the domain (which knows no process). They hold
no business rules of their own. Start reading at ``register_all``; docs/reference/topics.md lists the
topics.
"""

from domain.credentials.vault import Vault
from domain.people.permissions import ROLES
from engine.api import Registry
from handlers import (
    admissions,
    agent_tests,
    agents,
    api_risk,
    artefacts,
    assessment,
    catalogue,
    changes,
    data_services,
    delisting,
    deployment,
    directory,
    emergency,
    exemption,
    gateway,
    lifecycle,
    listeners,
    listing,
    market,
    models,
    network,
    notices,
    other_cases,
    preparation,
    schedules,
)
from handlers.checks.addresses import probe_guard
from handlers.deploying.local import LocalDriver
from handlers.deploying.running import Runner
from handlers.environment import Environment
from kernel.files import FileStore
from kernel.settings import Settings
from kernel.signing import Signer

__all__ = ["register_all", "runner_of"]

_FAMILIES = (
    admissions,
    agent_tests,
    agents,
    api_risk,
    artefacts,
    assessment,
    catalogue,
    data_services,
    deployment,
    changes,
    delisting,
    directory,
    emergency,
    exemption,
    gateway,
    lifecycle,
    listeners,
    listing,
    market,
    models,
    network,
    notices,
    other_cases,
    preparation,
    schedules,
)


def runner_of(settings: Settings) -> Runner:
    """Return what starts and stops deployments on this machine."""
    return Runner(LocalDriver(settings.deployments_dir), settings.deployment_start_seconds)


def register_all(registry: Registry, *, settings: Settings, files: FileStore) -> None:
    """Make every topic, the notifier and the roles known to the engine."""
    environment = Environment(
        files=files,
        guard=probe_guard(settings.probe_allowed_networks),
        vault=Vault(settings.credentials_key_path),
        runner=runner_of(settings),
        local_deployments=settings.local_deployments,
        strict_table_1=settings.strict_table_1,
        signer=Signer(settings.signing_key_file),
    )
    for key, title in ROLES.items():
        registry.role(key, title)
    for family in _FAMILIES:
        family.register(registry, environment)
