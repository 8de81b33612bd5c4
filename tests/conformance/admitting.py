"""The admission of a product from outside, without the way there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.admissions import service as admissions
from kernel.ids import new_id
from kernel.unit_of_work import perform
from tests.conformance.onboarding_case import PLATFORM, Case
from tests.integration.webapp.assessments.desk import assessed

PRODUCT = {
    "origin": "third_party",
    "name": "示例调度平台",
    "productVersion": "1.0.0",
    "supplier": "示例供应商（虚构）",
    "licence": "Apache-2.0",
    "digest": "a1" * 32,
    "signature": "GPG 指纹 1234 ABCD，已用公钥验证",
    "purpose": "调度",
}


def admit(case: Case) -> None:
    """Admit the product of which a version is made; how it is assessed is shown by other tests."""
    assessment_id, _summary = assessed(case.platform, case.version_id)

    def work(session: Session) -> None:
        provider = case.act_as("tigong1")
        row = admissions.record_application(
            session,
            provider,
            PRODUCT,
            region_code=case.detail.region_code,
            provider_unit_id=provider.unit_id,
            instance_id=new_id(),
            version_id=case.version_id,
        )
        session.flush()
        admissions.issue_certificate(session, PLATFORM, row.id, assessment_id)

    perform(case.platform.database, "test.admit", PLATFORM, work)
