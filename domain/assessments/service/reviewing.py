"""What two operators judge of disputed and inconclusive checks.

They may call an uncertain finding a false positive, or accept a third-party report in place of a check that
could not run. A check that is below the baseline is not theirs to decide. Source: process P03, steps 10, 11
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.items import ITEM_TEXT, REPLACEABLE, ItemStatus
from domain.assessments.models import Assessment, AssessmentItem, AssessmentJudgement
from domain.assessments.rules import UNDECIDED, conclude, limits_of
from domain.assessments.service.opening import open_for_work
from domain.assessments.service.reports import accept_report, standing_report
from domain.assessments.service.summarising import close, current_items, findings_of, judge_item, unsettled
from domain.assessments.trail import entry
from domain.people.permissions import OPERATOR
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.files import find_file
from kernel.ids import new_id
from kernel.language import Text

FALSE_POSITIVE, SUBSTITUTE = "false_positive", "substitute"


def record_judgements(
    session: Session, actor: Actor, assessment_id: UUID, judgements: Sequence[Mapping[str, Any]]
) -> None:
    """Keep what the first operator judged; nothing takes effect before a second one agrees.

    Raises:
        NotAllowed: the actor is no operator of the region.
        Invalid: something is not judged, is not open to judgement, or lacks reason or report.
        AssessmentClosed: the assessment is decided already.
    """
    assessment = open_for_work(session, assessment_id)
    _require_operator(actor, assessment)
    expected = _to_be_judged(session, assessment)
    problems: list[FieldProblem] = []
    rows: dict[tuple[str, str], AssessmentJudgement] = {}
    for place, given in enumerate(judgements):
        key = (str(given.get("item", "")), str(given.get("finding") or ""))
        found = _problem_of(session, assessment, key, given, expected)
        if found is not None:
            rule, field, message = found
            problems.append(FieldProblem(f"judgements.{place}.{field}", rule, message, "8.1.1"))
        else:
            rows[key] = _row(session, actor, assessment, key, given)
    problems += [_unjudged(key, expected) for key in expected if key not in rows and not problems]
    if problems:
        raise Invalid(
            Text("复核结论不符合要求，不能提交", "The judgements cannot be accepted as they are"),
            tuple(problems),
        )
    _supersede(session, assessment)
    session.add_all(rows.values())
    audit.append(
        session,
        entry(
            actor,
            "assessment.judged",
            assessment,
            {"judgements": [f"{row.item}: {row.verdict}" for row in rows.values()]},
            clause="8.1.1",
        ),
    )


def confirm_failed(session: Session, actor: Actor, assessment_id: UUID, reason: str) -> None:
    """Decide that what was disputed or could not be checked stands: the assessment does not pass.

    Raises:
        NotAllowed: the actor is no operator of the region.
        AssessmentClosed: the assessment is decided already.
    """
    assessment = open_for_work(session, assessment_id)
    _require_operator(actor, assessment)
    items = current_items(session, assessment)
    audit.append(
        session,
        entry(actor, "assessment.confirmed_failed", assessment, {}, reason=reason or None, clause="8.1.1"),
    )
    close(session, actor, assessment, items, passed=False)


def agree(session: Session, actor: Actor, assessment_id: UUID) -> None:
    """Let the judgements of another operator take effect.

    Raises:
        NotAllowed: the actor is no operator, or judged it alone.
        Invalid: even so the baseline is not met; the message names what stands against it.
        AssessmentClosed: the assessment is decided already.
    """
    assessment = open_for_work(session, assessment_id)
    _require_operator(actor, assessment)
    judgements = _current(session, assessment)
    if any(row.judged_by == actor.person_id for row in judgements):
        raise NotAllowed(Text("第二人须与第一人不同", "The second person must be another one than the first"))
    items = {item.item: item for item in current_items(session, assessment)}
    limits = limits_of(assessment.baseline or [])
    for row in judgements:
        row.agreed_by, row.agreed_by_name, row.agreed_at = actor.person_id, actor.name, now()
        if row.verdict == FALSE_POSITIVE:
            for finding in findings_of(session, items[row.item].id):
                finding.is_false_positive |= finding.fingerprint == row.fingerprint
    session.flush()  # the findings are counted anew from the database
    for item in items.values():
        if item.status == ItemStatus.DISPUTED:
            judge_item(session, item, limits)
    for row in judgements:
        if row.verdict == SUBSTITUTE and row.report_id is not None:
            accept_report(session, row.report_id, row.judged_by_name, actor.name)
            items[row.item].status = ItemStatus.SUBSTITUTED
            items[row.item].report_id = row.report_id
    if conclude(item.status for item in items.values()) != "passed":
        raise _still_below(list(items.values()))
    audit.append(
        session,
        entry(actor, "assessment.agreed", assessment, {"judgements": len(judgements)}, clause="8.1.1"),
    )


def pass_assessment(session: Session, actor: Actor, assessment_id: UUID) -> None:
    """Decide an assessment whose every check is settled.

    Raises:
        Invalid: a check stands against it; the message names it.
        AssessmentClosed: the assessment is decided already.
    """
    assessment = open_for_work(session, assessment_id)
    items = current_items(session, assessment)
    if conclude(item.status for item in items) != "passed":
        raise _still_below(items)
    close(session, actor, assessment, items, passed=True)


def _to_be_judged(session: Session, assessment: Assessment) -> dict[tuple[str, str], AssessmentItem]:
    """Return what is open to judgement: a check as a whole, or one uncertain finding of it."""
    found: dict[tuple[str, str], AssessmentItem] = {}
    for item in current_items(session, assessment):
        if item.status == ItemStatus.DISPUTED:
            severities = {each["severity"] for each in item.exceeded}
            for finding in findings_of(session, item.id):
                if finding.is_uncertain and finding.severity in severities:
                    found[item.item, finding.fingerprint] = item
        elif item.status in UNDECIDED:
            found[item.item, ""] = item
    return found


def _problem_of(
    session: Session,
    assessment: Assessment,
    key: tuple[str, str],
    given: Mapping[str, Any],
    expected: Mapping[tuple[str, str], AssessmentItem],
) -> tuple[str, str, Text] | None:
    if key not in expected:
        return (
            "judgement.not_open",
            "item",
            Text(
                "该项不在可复核之列：低于基线的项不能由人工放行",
                "This is not open to judgement: nothing below the baseline is let through by hand",
            ),
        )
    if not str(given.get("reason") or "").strip():
        return "judgement.reason", "reason", Text("请填写理由", "Give the reason")
    verdict = given.get("verdict")
    if verdict == FALSE_POSITIVE and key[1]:
        return None
    if verdict == SUBSTITUTE and not key[1]:
        return _report_problem(session, assessment, key[0])
    return (
        "judgement.verdict",
        "verdict",
        Text(
            "具体问题只能判误报，未检测或无结论的项只能采信第三方报告",
            "A finding can only be a false positive; a check without a result only be covered by a report",
        ),
    )


def _report_problem(session: Session, assessment: Assessment, item: str) -> tuple[str, str, Text] | None:
    if item not in REPLACEABLE:
        return (
            "judgement.not_replaceable",
            "verdict",
            Text(
                "该检测项不能由第三方报告替代，请重新检测",
                "No report can stand in for this check: scan again",
            ),
        )
    if standing_report(session, assessment, item, "handed_in") is None:
        return (
            "judgement.no_report",
            "verdict",
            Text(
                "没有在有效期内、针对本制品的第三方报告，请提供方先提交",
                "No report is at hand that is about this artefact and has not expired",
            ),
        )
    return None


def _row(
    session: Session, actor: Actor, assessment: Assessment, key: tuple[str, str], given: Mapping[str, Any]
) -> AssessmentJudgement:
    item, mark = key
    evidence = given.get("evidence")
    report = standing_report(session, assessment, item, "handed_in") if not mark else None
    return AssessmentJudgement(
        id=new_id(),
        assessment_id=assessment.id,
        run=assessment.run,
        item=item,
        fingerprint=mark,
        verdict=str(given["verdict"]),
        reason=str(given["reason"]).strip(),
        evidence_file_id=find_file(session, str(evidence)).id if evidence else None,
        report_id=report.id if report else None,
        judged_by=actor.person_id,
        judged_by_name=actor.name,
        judged_at=now(),
        is_current=True,
    )


def _unjudged(key: tuple[str, str], expected: Mapping[tuple[str, str], AssessmentItem]) -> FieldProblem:
    title = ITEM_TEXT[expected[key].item]
    return FieldProblem(
        "judgements",
        "judgement.missing",
        Text(f"“{title.zh}”尚有未判定的事项", f"“{title.en}” has something that is not judged"),
        "8.1.1",
    )


def _current(session: Session, assessment: Assessment) -> list[AssessmentJudgement]:
    query = select(AssessmentJudgement).where(
        AssessmentJudgement.assessment_id == assessment.id, AssessmentJudgement.is_current
    )
    return list(session.scalars(query))


def _supersede(session: Session, assessment: Assessment) -> None:
    for row in _current(session, assessment):
        row.is_current = False


def _require_operator(actor: Actor, assessment: Assessment) -> None:
    if not actor.has_role(OPERATOR, assessment.region_code):
        raise NotAllowed(
            Text("只有运营方可以复核安全评估", "Only the operator may examine a security assessment")
        )


def _still_below(items: Sequence[AssessmentItem]) -> Invalid:
    against = unsettled(items)
    zh = "、".join(ITEM_TEXT[row["item"]].zh for row in against)
    en = ", ".join(ITEM_TEXT[row["item"]].en for row in against)
    message = Text(f"仍未达到最低安全基线：{zh}", f"Still not at the minimum baseline: {en}")
    return Invalid(
        message,
        tuple(FieldProblem(row["item"], "assessment.below_baseline", message, "8.1.1") for row in against),
    )
