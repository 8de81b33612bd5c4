"""Every table of the engine, for ``migrations/env.py``; nothing else imports this module."""

from engine.contents.models import ContentBlob
from engine.definitions.models import DefinitionDraftRow, DefinitionFile, EventStart, ProcessDefinitionVersion
from engine.incidents.models import IncidentRecord
from engine.instances.models import CaseCounter, PathEntry, ProcessInstance
from engine.jobs.models import Job, JobDriver
from engine.operations.models import MigrationResult, OperationRequest
from engine.user_tasks.models import UserTask, UserTaskAction, UserTaskCopy, UserTaskDraft

__all__ = [
    "CaseCounter",
    "ContentBlob",
    "DefinitionDraftRow",
    "DefinitionFile",
    "EventStart",
    "IncidentRecord",
    "Job",
    "JobDriver",
    "MigrationResult",
    "OperationRequest",
    "PathEntry",
    "ProcessDefinitionVersion",
    "ProcessInstance",
    "UserTask",
    "UserTaskAction",
    "UserTaskCopy",
    "UserTaskDraft",
]
