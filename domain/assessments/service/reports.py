"""Third-party reports for checks that cannot run here: handed in, looked for, accepted.

Source: readings A23 and "Which checks apply"; draft standard, clause 8.1.1
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessments.items import ITEM_TEXT, REPLACEABLE, Item
from domain.assessments.models import Assessment, ThirdPartyReport
from domain.people.permissions import PROVIDER, RELEASING_UNIT, require
from kernel import audit
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.files import StoredFile
from kernel.ids import new_id
from kernel.language import Text

SHORTEST_COMMITMENT: Final = 20
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """What the provider says of a report; ``subject_digest`` is the SHA-256 of what was examined."""

    item: str
    issuer: str
    issued_on: date | None
    valid_until: date | None
    subject_digest: str
    scope: str
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubject:
    """What the report is handed in for; ``artefact_digests`` are those of the files that lie here."""

    type: str
    id: UUID
    region_code: str
    unit_id: UUID | None
    provider_unit_id: UUID | None
    artefact_digests: frozenset[str]


def today() -> date:
    """Return the day in China."""
    return now().astimezone(SHANGHAI).date()


def hand_in_report(
    session: Session, actor: Actor, subject: ReportSubject, given: ReportInput, file: StoredFile
) -> UUID:
    """Keep a report with its commitment; two operators decide later whether it stands in.

    Raises:
        NotAllowed: the actor is neither of the releasing unit nor the authorised provider.
        Invalid: a field is missing, the report has expired, or it is about something else.
    """
    require_owner(actor, subject)
    problems = [*_form_problems(given), *_digest_problems(session, subject, given)]
    issued_on, valid_until = given.issued_on, given.valid_until
    if problems or issued_on is None or valid_until is None:
        raise Invalid(
            Text("第三方报告不符合要求", "The third-party report is not acceptable"), tuple(problems)
        )
    report = ThirdPartyReport(
        id=new_id(),
        subject_type=subject.type,
        subject_id=subject.id,
        region_code=subject.region_code,
        item=given.item,
        issuer=given.issuer.strip(),
        issued_on=issued_on,
        valid_until=valid_until,
        subject_digest=given.subject_digest.lower(),
        scope=given.scope.strip(),
        commitment=given.commitment.strip(),
        file_id=file.id,
        file_digest=file.digest,
        standing="handed_in",
        handed_in_by=actor.person_id,
        handed_in_by_name=actor.name,
        handed_in_at=now(),
    )
    session.add(report)
    audit.append(
        session,
        audit.AuditEntry(
            action="assessment.report_handed_in",
            actor=actor,
            stream=f"component:{subject.id}",
            subject_type="third_party_report",
            subject_id=report.id,
            after={
                "item": given.item,
                "issuer": report.issuer,
                "issued_on": report.issued_on.isoformat(),
                "valid_until": report.valid_until.isoformat(),
                "subject_digest": report.subject_digest,
                "file": file.digest,
            },
            clause="8.1.1",
            region_code=subject.region_code,
            unit_id=subject.unit_id,
        ),
    )
    return report.id


def require_owner(actor: Actor, subject: ReportSubject) -> None:
    """Refuse whoever is neither of the releasing unit nor the authorised provider.

    Raises:
        NotAllowed: the actor is neither.
    """
    require(actor, "assessment.report")
    provider = subject.provider_unit_id
    is_provider = provider is not None and actor.has_role(PROVIDER, subject.region_code, provider)
    unit = subject.unit_id
    if is_provider or (unit is not None and actor.has_role(RELEASING_UNIT, subject.region_code, unit)):
        return
    raise NotAllowed(
        Text(
            "只有该组件的发布单位或获授权的提供方可以提交评估材料",
            "Only the releasing unit or the authorised provider may hand in material",
        )
    )


def standing_report(
    session: Session, assessment: Assessment, item: str, standing: str
) -> ThirdPartyReport | None:
    """Return the newest report of a standing that is about this subject and has not expired."""
    query = (
        select(ThirdPartyReport)
        .where(
            ThirdPartyReport.subject_id == assessment.subject_id,
            ThirdPartyReport.item == item,
            ThirdPartyReport.standing == standing,
            ThirdPartyReport.valid_until >= today(),
        )
        .order_by(ThirdPartyReport.id.desc())
    )
    fitting = (
        report
        for report in session.scalars(query)
        if assessment.artefact_digest in (None, report.subject_digest)
    )
    return next(fitting, None)


def accept_report(session: Session, report_id: UUID, accepted_by: str, agreed_by: str) -> None:
    """Mark a report as accepted by two people."""
    report = session.get_one(ThirdPartyReport, report_id)
    report.standing, report.accepted_at = "accepted", now()
    report.accepted_by_name, report.agreed_by_name = accepted_by, agreed_by


def _form_problems(given: ReportInput) -> list[FieldProblem]:
    problems = []
    if given.item not in REPLACEABLE:
        named = "、".join(ITEM_TEXT[item].zh for item in Item if item in REPLACEABLE)
        named_en = ", ".join(ITEM_TEXT[item].en for item in Item if item in REPLACEABLE)
        problems.append(
            _problem(
                "item",
                "report.item",
                f"只有这些检测项可由第三方报告替代：{named}",
                f"A report can stand in for these only: {named_en}",
            )
        )
    for field, value, zh, en in (
        ("issuer", given.issuer, "请填写出具单位", "Say who issued the report"),
        ("scope", given.scope, "请填写检测范围", "Say what was examined"),
    ):
        if not value.strip():
            problems.append(_problem(field, f"report.{field}", zh, en))
    if len(given.commitment.strip()) < SHORTEST_COMMITMENT:
        problems.append(
            _problem(
                "commitment",
                "report.commitment",
                f"请填写承诺书全文，不少于{SHORTEST_COMMITMENT}个字符",
                f"Give the full text of the commitment, at least {SHORTEST_COMMITMENT} characters",
            )
        )
    return problems + _date_problems(given)


def _date_problems(given: ReportInput) -> list[FieldProblem]:
    problems = []
    if given.issued_on is None or given.issued_on > today():
        problems.append(
            _problem(
                "issuedOn",
                "report.issued_on",
                "请填写不晚于今天的出具日期",
                "Give a date of issue, today at the latest",
            )
        )
    if given.valid_until is None or given.valid_until < today():
        problems.append(
            _problem(
                "validUntil",
                "report.expired",
                "报告已过有效期或未填写有效期",
                "The report has expired, or its period is missing",
            )
        )
    return problems


def _digest_problems(session: Session, subject: ReportSubject, given: ReportInput) -> list[FieldProblem]:
    digest = given.subject_digest.lower()
    if len(digest) != 64 or not set(digest) <= _HEX:
        return [
            _problem(
                "subjectDigest",
                "report.digest",
                "请填写被检对象的 SHA-256 摘要（64位十六进制）",
                "Give the SHA-256 of what was examined (64 hexadecimal digits)",
            )
        ]
    # Where nothing lies here, the first report says what the others must be about too.
    expected = subject.artefact_digests or frozenset(
        session.scalars(
            select(ThirdPartyReport.subject_digest).where(
                ThirdPartyReport.subject_id == subject.id, ThirdPartyReport.standing != "refused"
            )
        )
    )
    if expected and digest not in expected:
        return [
            _problem(
                "subjectDigest",
                "report.other_digest",
                "报告的被检对象与本组件提交的制品或源码不一致",
                "The report is about something else than what was handed in for this component",
            )
        ]
    return []


def _problem(path: str, rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(path, rule, Text(zh, en), "8.1.1")
