"""The end of the demo: what runs is stopped in good order, and its people can sign in today."""

from __future__ import annotations

import os
from functools import partial

from domain.deployments import queries as deployments
from domain.deployments import service as deploying
from domain.people import passwords
from domain.people.queries import actor_for, person_id_of
from domain.people.service import change_password
from handlers.deploying.reconciling import end_stopping
from kernel.actor import system_actor
from kernel.unit_of_work import perform
from webapp.cli.opening import write_private
from webapp.cli.samples import SAMPLE_PASSWORDS
from webapp.wiring import Platform

# Kept as it is said, in whatever language somebody reads it.
REASON = "演示结束，可重新部署 / The demo has ended; deploy it again to try it"


def end_deployments(platform: Platform) -> int:
    """Stop what runs in the admission environment; return how much that was."""
    actor = system_actor("platform")
    with platform.database.read() as session:
        standing = deployments.standing(session, platform.runner.driver.name)
    for row in standing:
        asked = partial(deploying.ask_to_stop, actor=actor, deployment_id=row.id, reason=REASON)
        perform(platform.database, "deployment.stop", actor, asked)
    return end_stopping(platform.database, platform.runner)


def renew_passwords(platform: Platform) -> None:
    """Let every sample person change their password, as the months that passed ask of them."""
    path = platform.settings.data_dir / SAMPLE_PASSWORDS
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    renewed = [(roles, name, old, passwords.generate_password()) for roles, name, old in lines]
    # Before the change: a password whose only copy is lost would lock its owner out.
    write_private(path, os.linesep.join(f"{roles}\t{name}\t{new}" for roles, name, _, new in renewed))
    for _roles, name, old, new in renewed:
        with platform.database.read() as session:
            person_id = person_id_of(session, name)
            assert person_id is not None, name  # noqa: S101 - the file was written when they were added
            actor = actor_for(session, person_id, channel="cli")
        perform(
            platform.database,
            "person.change_password",
            actor,
            partial(change_password, actor=actor, old=old, new=new),
        )
