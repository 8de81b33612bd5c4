"""The front door of the engine: commands, queries, types, errors. Outsiders import only this.

``Engine`` is made once per process with a filled ``Registry``. Its methods take ``session`` (and the
acting person) and never commit: the edge opens the transaction with ``kernel.unit_of_work.perform``::

    perform(database, "user_task.complete", actor,
            lambda session: engine.complete_user_task(session, actor, task_id, data))

The methods stand by subject in ``engine/doors``. Those that take the ``Database`` instead, such as
``run_due`` and ``run_job``, open transactions of their own: a job spans two.
Every command checks the actor's grants itself and writes its audit events in the same transaction.
"""

from __future__ import annotations

from engine.bpmn.problems import Problem as Problem
from engine.database_tables import create_tables as create_tables
from engine.definitions.rows import CheckReport as CheckReport
from engine.definitions.rows import DefinitionDraft as DefinitionDraft
from engine.definitions.rows import DefinitionFiles as DefinitionFiles
from engine.definitions.rows import DefinitionRow as DefinitionRow
from engine.definitions.rows import DefinitionVersion as DefinitionVersion
from engine.definitions.rows import StartOption as StartOption
from engine.doors.definitions import Definitions
from engine.doors.instances import Instances
from engine.doors.jobs import Jobs
from engine.doors.operations import Operations
from engine.doors.reviewer_actions import ReviewerActions
from engine.doors.user_tasks import UserTasks
from engine.errors import *  # noqa: F403 - the errors are part of the front door; engine.errors has no other names
from engine.incidents.rows import IncidentRow as IncidentRow
from engine.instances.rows import ElementFacts as ElementFacts
from engine.instances.rows import InstanceDetail as InstanceDetail
from engine.instances.rows import InstanceFilter as InstanceFilter
from engine.instances.rows import InstanceRef as InstanceRef
from engine.instances.rows import InstanceRow as InstanceRow
from engine.instances.rows import ProcessDiagram as ProcessDiagram
from engine.instances.rows import TimelineEntry as TimelineEntry
from engine.jobs.locking import DueJob as DueJob
from engine.jobs.standing import Driver as Driver
from engine.jobs.standing import DriverKind as DriverKind
from engine.jobs.standing import QueueStanding as QueueStanding
from engine.operations.rows import CancelInstance as CancelInstance
from engine.operations.rows import MigrationPlan as MigrationPlan
from engine.operations.rows import MigrationVerdict as MigrationVerdict
from engine.operations.rows import Operation as Operation
from engine.operations.rows import OperationRow as OperationRow
from engine.operations.rows import Position as Position
from engine.operations.rows import Positions as Positions
from engine.operations.rows import Resume as Resume
from engine.operations.rows import Suspend as Suspend
from engine.paging import Page as Page
from engine.registry import BPMNError as BPMNError
from engine.registry import HandlerContract as HandlerContract
from engine.registry import HandlerResult as HandlerResult
from engine.registry import InstanceFacts as InstanceFacts
from engine.registry import JobContext as JobContext
from engine.registry import ListenerCall as ListenerCall
from engine.registry import ListenerContract as ListenerContract
from engine.registry import Parameter as Parameter
from engine.registry import Registry as Registry
from engine.registry import TaskNotice as TaskNotice
from engine.registry import TechnicalFailure as TechnicalFailure
from engine.runtime.commands import CorrectVariables as CorrectVariables
from engine.runtime.commands import MoveToken as MoveToken
from engine.runtime.errors import NotPossible as NotPossible
from engine.runtime.errors import NoWayBack as NoWayBack
from engine.user_tasks.errors import *  # noqa: F403 - as engine.errors
from engine.user_tasks.rows import Allowed as Allowed
from engine.user_tasks.rows import CompletedTask as CompletedTask
from engine.user_tasks.rows import InboxCounts as InboxCounts
from engine.user_tasks.rows import InboxFilter as InboxFilter
from engine.user_tasks.rows import InboxView as InboxView
from engine.user_tasks.rows import ReturnTarget as ReturnTarget
from engine.user_tasks.rows import TaskActionRow as TaskActionRow
from engine.user_tasks.rows import TaskDetail as TaskDetail
from engine.user_tasks.rows import TaskHistoryRow as TaskHistoryRow
from engine.user_tasks.rows import TaskRow as TaskRow
from engine.user_tasks.signing import Place as Place
from engine.user_tasks.signing import Signatory as Signatory


class Engine(Definitions, Instances, Operations, UserTasks, ReviewerActions, Jobs):
    """Commands and queries of the engine over one registry; holds no state of instances."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
