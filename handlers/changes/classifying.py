"""Classify a change: rules on what differs, the two contracts beside each other, the risk.

Source: draft standard, clauses 6.2d and 11.4d; process P13, step 3
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.semantics import Level
from domain.changes import queries, service
from domain.changes.kinds import Kind, Risk
from domain.changes.queries import ChangeRow
from domain.changes.service import Contract
from engine.api import HandlerResult, JobContext, Registry
from handlers.catalogue import case_of
from handlers.changes.parameters import CHANGE, change_of
from handlers.checks.openapi import DocumentUnreadable
from handlers.environment import PLATFORM, Environment
from handlers.preparation import api_document
from handlers.scanning.contracts import compare_contracts
from kernel.clock import SHANGHAI
from kernel.errors import NotFound
from kernel.files import find_file
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topic of the classification."""
    registry.handler(
        "changes.classify",
        partial(classify, environment),
        Text("变更分类、规则校验、契约比对与风险评分", "Classify the change: rules, contract, risk"),
        (CHANGE,),
        {
            "passed": Text("符合规则", "Rules hold"),
            "riskScore": Text("风险分值", "Risk score"),
            "riskLevel": Text("风险等级", "Risk level"),
            "isHighRisk": Text("高风险", "High risk"),
            "contractLevel": Text("契约变化级别", "Level of the contract"),
            "breaches": Text("不符的规则", "Broken rules"),
            "problems": Text("不符之处", "What is wrong"),
            "windowStart": Text("窗口开始", "Begin of the window"),
        },
    )


def classify(environment: Environment, job: JobContext) -> HandlerResult:
    """Compare the documents outside any transaction, then classify."""
    change_id = change_of(job.parameters)
    with job.database.read() as session:
        change = queries.change(session, PLATFORM, change_id)
        documents = _documents(session, environment, change)
    contract = _compared(documents)

    def apply(session: Session) -> Mapping[str, Any]:
        found = service.assess_change(
            session,
            PLATFORM,
            change_id,
            contract=contract,
            case=case_of(job.instance),
        )
        start = change.window_start
        return {
            "passed": found.passed,
            "riskScore": found.risk_score,
            "riskLevel": found.risk_level.value,
            "isHighRisk": found.risk_level is Risk.HIGH,
            "contractLevel": contract.level.value if contract else "not_checked",
            "breaches": [breach.to_json() for breach in found.breaches],
            "problems": "\n".join(
                f"{one.path}: {one.message.zh} / {one.message.en}" for one in found.breaches
            ),
            "windowStart": start.astimezone(SHANGHAI).isoformat() if start else None,
        }

    return HandlerResult(apply=apply)


def _documents(
    session: Session, environment: Environment, change: ChangeRow
) -> tuple[bytes | None, bytes | None]:
    """Return the contract that holds and the one that is meant to follow, as far as they are there."""
    if change.kind is not Kind.VERSION or change.contract_file is None:
        return None, None
    detail = catalogue.version_detail(session, PLATFORM, change.version_id)
    try:
        stream = environment.open_content(find_file(session, change.contract_file).digest)
    except NotFound:
        return None, None
    if stream is None:
        return None, None
    with stream:
        return api_document(environment, detail), stream.read()


def _compared(documents: tuple[bytes | None, bytes | None]) -> Contract | None:
    """Compare two contracts; where one is missing or cannot be read, nothing was compared."""
    old, new = documents
    if old is None or new is None:
        return None
    try:
        found = compare_contracts(old, new)
    except DocumentUnreadable:
        return None
    return Contract(
        Level(found.needed),
        tuple(
            {"place": one.place, "weight": str(one.weight), "message": one.message.to_json()}
            for one in found.changes
        ),
    )
