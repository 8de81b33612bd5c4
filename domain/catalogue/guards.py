"""What must be true for a transition: small pure functions over facts.

A guard answers True, False, or None when this release has no way to establish the fact;
both of the latter refuse, each with its own words. Nothing is waved through.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.catalogue import leaving
from domain.catalogue.dictionaries import AGENT, API_SERVICE, DATA_SERVICE, MODEL, OTHER
from domain.catalogue.facts import Facts
from domain.catalogue.leaving import Leaving
from domain.catalogue.states import PLATFORM
from domain.checks import names as checks
from kernel.language import Text

# What must have passed before the assessment, by variant of the onboarding (8.3).
_UNHOSTED_API: Final = (checks.NETWORK, checks.PREREGISTRATION)
_HOSTED_API: Final = (
    checks.ARTEFACT_INSPECTION,
    checks.DEPLOYMENT,
    checks.DEPLOYMENT_SAMPLE,
    checks.PREREGISTRATION,
)
_OTHER_VARIANTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        AGENT: (checks.AGENT_CONTRACT, checks.AGENT_CONTROLS, checks.AGENT_SAFETY),
        MODEL: (
            checks.MODEL_LOAD,
            checks.MODEL_CONTRACT,
            checks.MODEL_PERFORMANCE,
            checks.PREREGISTRATION,
        ),
        DATA_SERVICE: (
            checks.DATA_CONNECTION,
            checks.DATA_CONTRACT,
            checks.DATA_MASKING,
            checks.DATA_GRADES,
            checks.PREREGISTRATION,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with the sentence shown when it does not hold."""

    holds: Callable[[Facts], bool | None]
    failed: Text


def _asking(facts: Facts) -> frozenset[str]:
    """Return the roles that ask: the asker's own, or those whose case the platform carries out."""
    carries_out = PLATFORM in facts.roles and facts.in_case
    return facts.roles | facts.opener_roles if carries_out else facts.roles


def _variant_done(facts: Facts) -> bool:
    """Tell whether the checks of the component's kind passed; another kind follows any of them (8.3.5)."""
    return any(_passed_all(facts, needed) for needed in _variants_of(facts))


def _variants_of(facts: Facts) -> Sequence[Sequence[str]]:
    api = _HOSTED_API if facts.is_hosting == 1 else _UNHOSTED_API
    if facts.technical_field == OTHER:
        # An exemption lasts as long as its ground: that there is no endpoint to look at.
        exempt = () if facts.has_endpoint else ((checks.HEALTH_EXEMPTION,),)
        return (api, *_OTHER_VARIANTS.values(), *exempt)
    if facts.technical_field == API_SERVICE:
        return (api,)
    needed = _OTHER_VARIANTS.get(facts.technical_field or "")
    return () if needed is None else (needed,)


def _exemption_stands(facts: Facts) -> bool:
    return not facts.passed(checks.HEALTH_EXEMPTION) or _variant_done(facts)


def _passed_all(facts: Facts, needed: Sequence[str]) -> bool:
    return all(facts.passed(check) for check in needed) and facts.checks.get(checks.API_RISK) != "failed"


def _api_risk(facts: Facts) -> bool:
    """A check that did not run counts only where a person accepted a report instead."""
    if not facts.has_api or facts.passed(checks.API_RISK):
        return True
    skipped = facts.checks.get(checks.API_RISK) == "not_checked"
    return skipped and facts.passed(checks.SECURITY_ASSESSMENT)


def _verified(facts: Facts) -> bool:
    """Ask for the verification and, of a hosted version with an artefact, for its production deployment."""
    is_deployed = facts.is_hosting == 1 and facts.passed(checks.ARTEFACT_INSPECTION)
    in_production = not is_deployed or facts.passed(checks.PRODUCTION_DEPLOYMENT)
    return facts.passed(checks.INFORMATION_VERIFIED) and in_production


def _assessment_passed(facts: Facts) -> bool:
    """Ask the assessment of this round; without its record, the run that it left. Nobody's word will do."""
    if facts.assessment is not None:
        return facts.assessment.is_passed
    return facts.passed(checks.SECURITY_ASSESSMENT)


def _assessment_valid(facts: Facts) -> bool:
    if facts.assessment is not None:
        return facts.assessment.is_valid
    return facts.passed(checks.SECURITY_ASSESSMENT) and facts.assessment_is_recent


def _duplicate_review(facts: Facts) -> bool:
    return facts.review_needed is False or facts.passed(checks.DUPLICATE_REVIEW)


def _guard(holds: Callable[[Facts], bool | None], zh: str, en: str) -> Guard:
    return Guard(holds, Text(zh, en))


def _leaving(holds: Callable[[Leaving], bool], zh: str, en: str) -> Guard:
    """Return a guard over the facts of leaving; where they were not gathered nobody can tell."""
    return _guard(lambda facts: None if facts.leaving is None else holds(facts.leaving), zh, en)


GUARDS: Final[Mapping[str, Guard]] = MappingProxyType(
    {
        "four_eyes": _guard(
            lambda facts: facts.decider is not None and facts.decider not in facts.barred,
            "提交人或发起人不能审批自己的事项",
            "Who submitted or started the case may not decide it",
        ),
        "never_listed": _guard(
            lambda facts: not facts.listed_before,
            "该版本已上架过，只能通过下架或恢复流程办理",
            "This version was listed before: only delisting or recovery is open to it",
        ),
        "listed_before": _guard(
            lambda facts: facts.listed_before, "该版本从未上架", "This version was never listed"
        ),
        "creation_rules": _guard(
            lambda facts: not facts.creation_breaches,
            "表1创建阶段的规则未全部通过",
            "Not every rule of Table 1 for the creation holds",
        ),
        "onboarding_rules": _guard(
            lambda facts: not facts.onboarding_breaches,
            "表1接入阶段的规则未全部通过",
            "Not every rule of Table 1 for the onboarding holds",
        ),
        "listing_rules": _guard(
            lambda facts: not facts.listing_breaches,
            "表1上架阶段的规则未全部通过",
            "Not every rule of Table 1 for the listing holds",
        ),
        "duplicate_review": _guard(
            _duplicate_review,
            "同质度尚未计算，或重复建设审查尚未通过",
            "Duplication was not assessed, or its review has not been passed",
        ),
        "duplicate_review_pending": _guard(
            lambda facts: facts.review_needed is True and not facts.passed(checks.DUPLICATE_REVIEW),
            "没有待办的重复建设审查",
            "No review of duplication is pending",
        ),
        "authorisation_accepted": _guard(
            lambda facts: facts.authorisation_accepted,
            "发布单位的授权尚未由提供方确认受托",
            "The provider has not accepted the mandate of the releasing unit",
        ),
        "admitted_if_external": _guard(
            lambda facts: facts.is_admitted or not facts.is_external,
            "外部引入的组件没有有效的安全准入",
            "A component introduced from outside has no valid admission",
        ),
        "authorised_provider": _guard(
            lambda facts: facts.authorisation_valid,
            "授权已失效或不存在，只有在授权期内的提供方可以办理",
            "There is no valid authorisation: only the authorised provider may do this, while it lasts",
        ),
        "variant_done": _guard(
            _variant_done,
            "该类组件的接入步骤（8.3）未完成",
            "The onboarding steps of this kind of component (8.3) are not done",
        ),
        "exemption_stands": _guard(
            _exemption_stands,
            "已声明网络端点，健康检查豁免失效：请删去端点，或按参照类型重新接入",
            "It declares a network endpoint, so its exemption from the health check has lapsed: "
            "remove the endpoint, or onboard it again by the kind that it follows",
        ),
        "preparation_passed": _guard(
            lambda facts: facts.passed(checks.PREPARATION),
            "接入准备未通过：需要三项自检、三份报告、接口文档和操作手册",
            "The preparation has not passed: three self-checks, three reports, API documents and manual",
        ),
        "findings_recorded": _guard(
            lambda facts: "failed" in facts.checks.values(),
            "本轮没有未通过的检测或测试记录",
            "No failed check or test is recorded in this round",
        ),
        "assessment_passed": _guard(
            _assessment_passed,
            "本轮安全评估未通过或尚未进行",
            "The security assessment of this round has not passed",
        ),
        "operator_tests_passed": _guard(
            lambda facts: facts.passed(checks.OPERATOR_TESTS),
            "运营方的功能、性能、安全测试未全部通过",
            "The operator's functional, performance and security tests have not all passed",
        ),
        "onboarding_approved": _guard(
            lambda facts: facts.passed(checks.ONBOARDING_REVIEW),
            "接入审核尚未同意",
            "The onboarding review has not agreed",
        ),
        "deployed_or_verified": _guard(
            _verified,
            "托管组件的生产部署或非托管组件的接入信息核验未完成",
            "Neither deployed to production (hosted) nor verified (unhosted)",
        ),
        "routes_registered": _guard(
            lambda facts: not facts.has_api or facts.passed(checks.ROUTE_REGISTRATION),
            "API 尚未注册路由",
            "The API has no registered route",
        ),
        "agent_access_returned": _guard(
            lambda facts: facts.technical_field != AGENT or facts.passed(checks.AGENT_ACCESS),
            "智能体的服务地址、管理后台地址和初始凭证未返回",
            "The agent's service address, console address and credential were not returned",
        ),
        "findings_answered": _guard(
            lambda facts: bool((facts.reason or "").strip()),
            "请逐项答复问题清单",
            "Answer each of the findings",
        ),
        "assessment_lapsed": _guard(
            lambda facts: not facts.assessment_is_recent or "failed" in facts.checks.values(),
            "安全评估仍在有效期内，且没有新的问题",
            "The assessment is still valid and nothing new was found",
        ),
        "listing_check_passed": _guard(
            lambda facts: facts.passed(checks.LISTING) and facts.passed(checks.PREPARATION),
            "上架资格检查未通过（含安全自检、附件）",
            "The eligibility check has not passed (security self-check and attachments included)",
        ),
        "assessment_valid": _guard(
            _assessment_valid,
            "安全评估未通过或已过期",
            "The security assessment has not passed or has expired",
        ),
        "api_risk_passed": _guard(_api_risk, "API风险检测未通过", "The API risk check has not passed"),
        "directory_receipt": _guard(
            lambda facts: facts.has_directory_receipt,
            "资源目录尚无回执",
            "The resource catalogue has not sent a receipt",
        ),
        "no_sister_build_live": _guard(
            lambda facts: not facts.sister_build_live,
            "同一主.子.修正版本的另一编译版本已在架",
            "Another build of the same version is listed, published or deprecated",
        ),
        "successor_published": _guard(
            lambda facts: facts.successor_published,
            "没有已发布的后继版本",
            "No later version of the component is published",
        ),
        "no_delisting_pending": _leaving(
            leaving.nothing_pending,
            "已有批准的下架，且尚未经审核方同意停止",
            "An approved delisting is pending and the reviewer has not consented to stop it",
        ),
        "incident_recorded": _leaving(
            leaving.event_on_record,
            "没有故障事件或安全事件记录，不能暂停",
            "No incident or security event is on record",
        ),
        "fault_gone_unchanged": _leaving(
            leaving.may_go_on,
            "未确认误报或外部故障已排除，或目录信息在暂停后有改动（有改动的须走整改恢复）",
            "Neither a false alarm nor a fault outside that is gone, or the record has changed since",
        ),
        "same_version_mended": _leaving(
            leaving.is_to_be_mended,
            "未确认由原版本整改（重新设计或替换的须新建版本）",
            "It is not on record that this same version is to be mended",
        ),
        "recovery_records": _guard(
            lambda facts: all(facts.passed(check) for check in checks.RECOVERY),
            "线下测试、预运行及预运行评估须在本轮均有通过记录",
            "Offline test, trial run and its evaluation must each have passed in this round",
        ),
        "delisting_case": _guard(
            lambda facts: (
                facts.leaving is not None and leaving.asked_by_the_right_side(facts.leaving, _asking(facts))
            ),
            "没有已立案的下架事项，或该类下架不由您申请",
            "No case of delisting is open, or this kind is not yours to ask for",
        ),
        "forced_deadline": _leaving(
            leaving.forced_deadline_passed,
            "整改通知未下发、期限未届满或问题已整改，不能强制下架（9.2a）",
            "No notice served, its deadline not passed, or the fault mended: no forced delisting (9.2a)",
        ),
        "idle_months": _leaving(
            leaving.idle_long_enough,
            "未满6个月无调用，不能回收式下架（9.2b）",
            "Not yet six months without a call: no idle delisting (9.2b)",
        ),
        "idle_opinions": _leaving(
            leaving.both_see_no_value,
            "运营方与审核方尚未均认定无保留价值（9.2b）",
            "Operator and reviewer have not both found it of no value (9.2b)",
        ),
        "regulation_named": _leaving(
            leaving.regulation_named,
            "未写明法规名称和条款（9.2c）",
            "Title and clause of the regulation are missing (9.2c)",
        ),
        "cannot_be_adapted": _leaving(
            leaving.cannot_be_adapted,
            "没有“无法改造”的认定，不能合规性下架（9.2c）",
            "It was not concluded that it cannot be adapted: no compliance delisting (9.2c)",
        ),
        "migration_planned": _leaving(
            leaving.migration_planned,
            "缺少申请理由或数据迁移方案，不能主动下架（9.2d）",
            "Reason or data-migration plan missing: no voluntary delisting (9.2d)",
        ),
        "takedown_not_begun": _leaving(
            leaving.takedown_not_begun,
            "下架已开始执行，不能恢复",
            "The take-down has begun, there is no way back",
        ),
        "keeping_decided": _guard(
            lambda facts: facts.leaving is not None and leaving.keeping_decided(facts.leaving, facts.decider),
            "没有否决、撤回、停止或发现调用的记录，或否决人为立案、申请、评估人",
            "Nobody refused, withdrew or stopped it and no call was found; or who refused is involved",
        ),
        "voluntary_from_market": _leaving(
            leaving.is_voluntary_from_market,
            "只有已发布或不推荐版本的主动下架进入过渡期",
            "Only a voluntary delisting of a version in the market enters the grace period so",
        ),
        "not_involved": _guard(
            lambda facts: facts.leaving is not None and facts.decider not in leaving.involved(facts.leaving),
            "立案、申请、评估或认定的人不能审批同一下架事项",
            "Who opened, asked for, evaluated or concluded the case may not decide it",
        ),
        "grace_over": _leaving(
            leaving.grace_over,
            "过渡期尚未结束，且仍有持有人未迁移",
            "The grace period is not over and a holder has not migrated",
        ),
        "delisting_approved": _leaving(
            leaving.is_approved,
            "下架尚未批准，或批准人与立案、申请人相同",
            "The delisting is not approved, or by somebody who is involved",
        ),
        "notice_given": _leaving(
            leaving.everybody_told,
            "尚有订单持有人未收到下架通知",
            "A holder of an order has not been told",
        ),
        "taken_down": _leaving(
            leaving.all_parts_gone,
            "门户条目、网关路由、访问凭证、部署资源未全部确认撤除",
            "Market entry, routes, credentials and deployments are not all proved gone",
        ),
        "rested_and_settled": _leaving(
            leaving.rested_and_settled,
            "下架未满6个月，或仍有未结清的订单、争议",
            "Not six months delisted, or an order or dispute is not settled",
        ),
    }
)
