"""What the engine is held against in the same run: SpiffWorkflow and our runtime in memory, bare commits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from sqlalchemy import text

from engine.bpmn.compiler import compile_process_files
from engine.runtime.advance import advance
from engine.runtime.commands import CompleteActivity, Start
from engine.runtime.state import State
from kernel.database import Database
from kernel.ids import new_id
from tests.benchmarks.process import APPROVAL, answer, approval


def spiff_in_memory(seconds: float) -> float:
    """Return completions per second of SpiffWorkflow on the same diagram, nothing stored."""
    parser = BpmnParser()
    parser.add_bpmn_str(approval()[f"{APPROVAL}.bpmn"])
    spec, called = parser.get_spec(APPROVAL), parser.get_subprocess_specs(APPROVAL)
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        workflow = BpmnWorkflow(spec, called)
        workflow.do_engine_steps()
        while tasks := workflow.get_tasks(state=TaskState.READY, manual=True):
            tasks[0].data.update({**answer(), "decision": "agree"})
            tasks[0].run()
            workflow.do_engine_steps()
            done += 1
    return done / (time.perf_counter() - begin)


def runtime_in_memory(seconds: float) -> float:
    """Return completions per second of ``advance`` alone, nothing stored."""
    bpmn = approval()[f"{APPROVAL}.bpmn"]
    net = compile_process_files({f"{APPROVAL}.bpmn": bpmn})
    at, data = datetime.now(UTC), answer()
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        state: State = advance(net, None, Start(APPROVAL, {}), at)[0]
        while work := [key for key, activity in state["activities"].items() if "work" in activity]:
            state = advance(net, state, CompleteActivity(work[0], data), at)[0]
            done += 1
    return done / (time.perf_counter() - begin)


def bare_commits(database: Database, seconds: float) -> float:
    """Return how many transactions of one small row the store commits per second, on the driver itself."""
    with database.engine.begin() as connection:
        connection.execute(
            text("create table if not exists bare_commit (id varchar(36), payload varchar(200))")
        )
    with database.engine.connect() as connection:
        connection.rollback()
        driver: Any = connection.connection.driver_connection
        mark = "?" if database.dialect == "sqlite" else "%s"
        insert = f"insert into bare_commit values ({mark}, {mark})"
        done, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < seconds:
            if database.dialect == "sqlite":
                driver.execute("BEGIN IMMEDIATE")
            driver.execute(insert, (str(new_id()), "x" * 180))
            driver.commit()
            done += 1
        return done / (time.perf_counter() - begin)
