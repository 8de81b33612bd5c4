"""The admission of products from outside (P17) on its pages, and its clock."""

from __future__ import annotations

from typing import Any

from tests.journeys.cases import Case, newest_case
from tests.journeys.ends import reaches
from tests.journeys.theatre import Theatre
from webapp.demo import kinds
from webapp.demo.vulnerability_data import import_sample_advisories

ADMISSION = "external-admission"
GOOD = "来源可信，加固方案可行"


def applied(theatre: Theatre, name: str, **changes: Any) -> Case:
    """Let a provider apply on the page of the admissions, and describe the product."""
    if not theatre.has_advisories:
        import_sample_advisories(theatre.platform)
        theatre.has_advisories = True
    person = theatre.person_of(theatre.cast.permitted("admission.apply"))
    person.visit("/admissions")
    person.put('[name="origin"]', ["third_party"])
    person.press("form.inline-form button")
    theatre.driver.run_jobs()
    product = {**kinds.product(name, "1")["application"], **changes}
    return newest_case(theatre, ADMISSION).complete("describe", application=product, outcome="submit")


@reaches("external-admission/admitted", "security-assessment/passed", "admission-expiry/scanned")
def test_a_product_is_admitted_and_its_certificate_comes_up_again(theatre: Theatre) -> None:
    case = applied(theatre, "示例产品（准入）")
    case.complete("examine_origin", outcome="agree", opinion=GOOD)
    case.complete("approve", outcome="agree", opinion=GOOD)
    case.expect_ends("external-admission/admitted", "security-assessment/passed")

    theatre.time_passes(days=340)

    newest_case(theatre, "admission-expiry").expect_ends("admission-expiry/scanned")
    newest_case(theatre, ADMISSION).task("describe")


@reaches("external-admission/refused_origin")
def test_the_operator_refuses_an_origin(theatre: Theatre) -> None:
    case = applied(theatre, "示例产品（来源不明）")

    case.complete("examine_origin", outcome="refuse", opinion="来源不明")

    case.expect_ends("external-admission/refused_origin")


@reaches("external-admission/refused")
def test_the_reviewer_refuses_after_the_operator_agreed(theatre: Theatre) -> None:
    case = applied(theatre, "示例产品（否决）").complete("examine_origin", outcome="agree", opinion=GOOD)

    case.complete("approve", outcome="refuse", opinion="不予引入")

    case.expect_ends("external-admission/refused")


@reaches(
    "external-admission/withdrawn",
    "external-admission/withdrawn_origin",
    "external-admission/withdrawn_approval",
)
def test_the_provider_withdraws_at_each_step(theatre: Theatre) -> None:
    case = applied(theatre, "示例产品（退回）").complete("examine_origin", outcome="return", opinion="补充")
    case.withdraw("describe").expect_ends("external-admission/withdrawn")

    case = applied(theatre, "示例产品（撤回一）").withdraw("examine_origin")
    case.expect_ends("external-admission/withdrawn_origin")

    case = applied(theatre, "示例产品（撤回二）").complete("examine_origin", outcome="agree", opinion=GOOD)
    case.withdraw("approve").expect_ends("external-admission/withdrawn_approval")
