"""The hands with which the people of a demonstration act: services, or in tests the pages themselves."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import service as assessments
from domain.assessments.service.reports import ReportInput
from domain.catalogue.queries import VersionDetail
from engine.api import TaskDetail, TaskRow
from kernel.actor import Actor
from kernel.files import store_file
from kernel.unit_of_work import Concern, perform
from webapp.assessments.subjects import report_subject
from webapp.catalogue.starting import start_on_version
from webapp.demo.supplies import Supplies, Upload
from webapp.wiring import Platform


class Hands(Protocol):
    """Whatever people can do to move a component on."""

    def start(self, actor: Actor, detail: VersionDetail, key: str, options: Mapping[str, Any]) -> None:
        """Start a process on a version."""
        ...

    def supplies(self, actor: Actor, row: TaskRow) -> Supplies:
        """Return what takes the files and secrets that belong to the answer of a task."""
        ...

    def complete(self, actor: Actor, task: TaskDetail, data: Mapping[str, Any]) -> None:
        """Complete a task with what its form asks for."""
        ...

    def hand_in_report(self, actor: Actor, version_id: UUID, report: ReportInput, file: Upload) -> None:
        """Hand in a third-party report for a check of the security assessment."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceHands:
    """Acts through the services that the pages call, each time in a transaction of its own."""

    platform: Platform

    def start(self, actor: Actor, detail: VersionDetail, key: str, options: Mapping[str, Any]) -> None:
        """Start a process on a version."""
        perform(
            self.platform.database,
            "instance.start",
            actor,
            lambda session: start_on_version(session, self.platform.engine, actor, key, detail, options),
        )

    def supplies(self, actor: Actor, row: TaskRow) -> Supplies:
        """Return what stores files and seals secrets."""
        return Supplies(self.platform, actor, row.instance_id)

    def complete(self, actor: Actor, task: TaskDetail, data: Mapping[str, Any]) -> None:
        """Complete a task with what its form asks for."""
        perform(
            self.platform.database,
            "user_task.complete",
            actor,
            lambda session: self.platform.engine.complete_user_task(
                session, actor, task.row.id, dict(data), task.revision
            ),
            concern=Concern(instance_id=task.row.instance_id),
        )

    def hand_in_report(self, actor: Actor, version_id: UUID, report: ReportInput, file: Upload) -> None:
        """Hand in a third-party report for a check of the security assessment."""

        def work(session: Session) -> UUID:
            stored = store_file(session, self.platform.files, io.BytesIO(file.content), file.name, actor)
            subject = report_subject(session, actor, version_id)
            return assessments.hand_in_report(session, actor, subject, report, stored)

        perform(self.platform.database, "assessment.hand_in", actor, work)
