"""The state machine of a component version as one table: who may ask for what, from where.

A pair of state and event that is not here is refused. What must be true for a transition
is named in ``guards`` and decided in ``guards.py`` over facts.

Source: docs/reference/component-states.md (S01 to S41), after clauses 8 to 11 of the standard
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from kernel.language import Text

PLATFORM: Final = "platform"


class State(StrEnum):
    """Where a version stands in its life."""

    DRAFT = "DRAFT"
    AUTHORIZED = "AUTHORIZED"
    ONBOARDING = "ONBOARDING"
    ASSESSING = "ASSESSING"
    REWORK = "REWORK"
    ONBOARD_REVIEW = "ONBOARD_REVIEW"
    ONBOARDED = "ONBOARDED"
    LISTING_REVIEW = "LISTING_REVIEW"
    LISTED = "LISTED"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"
    SUSPENDED = "SUSPENDED"
    DELISTING = "DELISTING"
    DELISTED = "DELISTED"
    ARCHIVED = "ARCHIVED"
    CANCELLED = "CANCELLED"


class Event(StrEnum):
    """What may be asked for."""

    CREATE = "CREATE"
    AUTHORIZE = "AUTHORIZE"
    REFUSE_CREATION = "REFUSE_CREATION"
    CANCEL = "CANCEL"
    REVOKE_AUTHORIZATION = "REVOKE_AUTHORIZATION"
    START_ONBOARDING = "START_ONBOARDING"
    SUBMIT_ASSESSMENT = "SUBMIT_ASSESSMENT"
    ASSESSMENT_FAILED = "ASSESSMENT_FAILED"
    APPLY_REVIEW = "APPLY_REVIEW"
    RETURN_ONBOARDING = "RETURN_ONBOARDING"
    VERIFICATION_FAILED = "VERIFICATION_FAILED"
    REFUSE_ONBOARDING = "REFUSE_ONBOARDING"
    CONFIRM_ONBOARDED = "CONFIRM_ONBOARDED"
    RESUBMIT = "RESUBMIT"
    WITHDRAW = "WITHDRAW"
    REOPEN = "REOPEN"
    SUBMIT_LISTING = "SUBMIT_LISTING"
    WITHDRAW_LISTING = "WITHDRAW_LISTING"
    RETURN_LISTING = "RETURN_LISTING"
    REFUSE_LISTING = "REFUSE_LISTING"
    APPROVE_LISTING = "APPROVE_LISTING"
    PUBLISH = "PUBLISH"
    UNPUBLISH = "UNPUBLISH"
    DEPRECATE = "DEPRECATE"
    UNDEPRECATE = "UNDEPRECATE"
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"
    START_RECOVERY = "START_RECOVERY"
    SUBMIT_RECOVERY = "SUBMIT_RECOVERY"
    APPLY_RELISTING = "APPLY_RELISTING"
    RETURN_RELISTING = "RETURN_RELISTING"
    REFUSE_RELISTING = "REFUSE_RELISTING"
    APPROVE_RELISTING = "APPROVE_RELISTING"
    START_DELISTING = "START_DELISTING"
    ABANDON_RECOVERY = "ABANDON_RECOVERY"
    KEEP = "KEEP"
    APPROVE_VOLUNTARY = "APPROVE_VOLUNTARY"
    END_GRACE = "END_GRACE"
    EXECUTE = "EXECUTE"
    ARCHIVE = "ARCHIVE"


class Back(StrEnum):
    """A target that the version itself remembers."""

    SUSPENDED_FROM = "suspended_from"
    DELIST_FROM = "delist_from"


S, E = State, Event
_RU, _PR, _OP, _RV, _PL = RELEASING_UNIT, PROVIDER, OPERATOR, REVIEWER, PLATFORM


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    ``roles`` may ask in person; ``platform`` among them lets a handler ask on a recorded
    result. ``openers`` are the roles whose case lets the platform carry out what people
    recorded in it; it is empty where a person must ask. ``sources`` is empty at creation.
    """

    number: str
    sources: tuple[State, ...]
    event: Event
    roles: tuple[str, ...]
    target: State | Back
    clause: str
    guards: tuple[str, ...] = ()
    needs_reason: bool = False
    openers: tuple[str, ...] = ()


_BEFORE_LISTING = (S.AUTHORIZED, S.ONBOARDING, S.ASSESSING, S.REWORK, S.ONBOARD_REVIEW)
_DECISION = ("four_eyes",)
# Each kind of delisting has grounds of its own (9.2a to 9.2d); those of the other kinds hold by themselves.
_GROUNDS = (
    "delisting_case",
    "forced_deadline",
    "idle_months",
    "idle_opinions",
    "regulation_named",
    "cannot_be_adapted",
    "migration_planned",
)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition("S01", (), E.CREATE, (_RU, _PR), S.DRAFT, "9.1a", openers=(_RU,)),
    Transition(
        "S02",
        (S.DRAFT,),
        E.AUTHORIZE,
        (_RU, _PR),
        S.AUTHORIZED,
        "9.1a",
        ("creation_rules", "duplicate_review", "authorisation_accepted", "admitted_if_external"),
        openers=(_RU, _PR),
    ),
    Transition(
        "S03",
        (S.DRAFT,),
        E.REFUSE_CREATION,
        (_RV,),
        S.CANCELLED,
        "5.3.1a",
        ("duplicate_review_pending", *_DECISION),
        needs_reason=True,
    ),
    Transition("S04", (S.DRAFT,), E.CANCEL, (_RU,), S.CANCELLED, "9.1a", needs_reason=True, openers=(_RU,)),
    Transition(
        "S05",
        _BEFORE_LISTING,
        E.REVOKE_AUTHORIZATION,
        (_RU,),
        S.DRAFT,
        "9.1a",
        ("never_listed",),
        needs_reason=True,
        openers=(_RU,),
    ),
    Transition(
        "S06",
        (S.AUTHORIZED,),
        E.START_ONBOARDING,
        (_PR,),
        S.ONBOARDING,
        "9.1b",
        ("authorised_provider",),
    ),
    Transition(
        "S07",
        (S.ONBOARDING,),
        E.SUBMIT_ASSESSMENT,
        (_PL,),
        S.ASSESSING,
        "8.2",
        ("variant_done", "preparation_passed", "onboarding_rules"),
    ),
    Transition(
        "S08",
        (S.ASSESSING,),
        E.ASSESSMENT_FAILED,
        (_PL, _OP),
        S.REWORK,
        "8.2.4",
        ("findings_recorded",),
        needs_reason=True,
    ),
    Transition(
        "S09",
        (S.ASSESSING,),
        E.APPLY_REVIEW,
        (_PR,),
        S.ONBOARD_REVIEW,
        "9.1b",
        ("never_listed", "authorised_provider", "assessment_passed", "operator_tests_passed"),
    ),
    Transition(
        "S10",
        (S.ONBOARD_REVIEW,),
        E.RETURN_ONBOARDING,
        (_RV,),
        S.REWORK,
        "9.1b",
        _DECISION,
        needs_reason=True,
    ),
    Transition(
        "S11",
        (S.ONBOARD_REVIEW,),
        E.VERIFICATION_FAILED,
        (_OP,),
        S.REWORK,
        "9.1c",
        ("onboarding_approved",),
        needs_reason=True,
    ),
    Transition(
        "S12",
        (S.ONBOARD_REVIEW,),
        E.REFUSE_ONBOARDING,
        (_RV,),
        S.CANCELLED,
        "9.1b",
        _DECISION,
        needs_reason=True,
    ),
    Transition(
        "S13",
        (S.ONBOARD_REVIEW,),
        E.CONFIRM_ONBOARDED,
        (_PL,),
        S.ONBOARDED,
        "9.1c",
        ("onboarding_approved", "deployed_or_verified", "routes_registered", "agent_access_returned"),
    ),
    Transition(
        "S14",
        (S.REWORK,),
        E.RESUBMIT,
        (_PR,),
        S.ONBOARDING,
        "8.2.4",
        ("never_listed", "authorised_provider", "findings_answered"),
    ),
    Transition(
        "S15",
        (*_BEFORE_LISTING, S.ONBOARDED),
        E.WITHDRAW,
        (_RU, _PR),
        S.CANCELLED,
        "9.1",
        ("never_listed",),
        needs_reason=True,
        openers=(_RU, _PR),
    ),
    Transition(
        "S16",
        (S.ONBOARDED,),
        E.REOPEN,
        (_PL, _OP),
        S.REWORK,
        "8.2.4",
        ("assessment_lapsed",),
        needs_reason=True,
    ),
    Transition(
        "S17",
        (S.ONBOARDED,),
        E.SUBMIT_LISTING,
        (_RU,),
        S.LISTING_REVIEW,
        "8.2.5",
        ("listing_rules", "listing_check_passed", "assessment_valid", "api_risk_passed", "exemption_stands"),
        openers=(_RU, _PR),
    ),
    Transition(
        "S18",
        (S.LISTING_REVIEW,),
        E.WITHDRAW_LISTING,
        (_RU, _PR),
        S.ONBOARDED,
        "9.1c",
        ("never_listed",),
        needs_reason=True,
        openers=(_RU, _PR),
    ),
    Transition(
        "S19",
        (S.LISTING_REVIEW,),
        E.WITHDRAW,
        (_RU, _PR),
        S.CANCELLED,
        "9.1c",
        ("never_listed",),
        needs_reason=True,
        openers=(_RU, _PR),
    ),
    Transition(
        "S20",
        (S.LISTING_REVIEW,),
        E.RETURN_LISTING,
        (_RV,),
        S.ONBOARDED,
        "9.1c",
        ("never_listed", *_DECISION),
        needs_reason=True,
    ),
    Transition(
        "S21",
        (S.LISTING_REVIEW,),
        E.REFUSE_LISTING,
        (_RV,),
        S.ONBOARDED,
        "9.1c",
        ("never_listed", *_DECISION),
        needs_reason=True,
    ),
    Transition(
        "S22",
        (S.LISTING_REVIEW,),
        E.APPROVE_LISTING,
        (_RV,),
        S.LISTED,
        "9.1c",
        ("never_listed", *_DECISION),
    ),
    Transition(
        "S23",
        (S.LISTED,),
        E.PUBLISH,
        (_OP,),
        S.PUBLISHED,
        "9.1d",
        ("directory_receipt", "no_sister_build_live"),
        # A change that its provider opened publishes the new version in its window; the operator settles how.
        openers=(_OP, _PR),
    ),
    Transition(
        "S24",
        (S.PUBLISHED,),
        E.UNPUBLISH,
        (_OP,),
        S.LISTED,
        "9.1d",
        needs_reason=True,
        openers=(_OP, _PR),
    ),
    Transition(
        "S25",
        (S.PUBLISHED,),
        E.DEPRECATE,
        (_OP, _PR),
        S.DEPRECATED,
        "11.3.2c",
        ("successor_published",),
        openers=(_OP, _PR),
    ),
    Transition(
        "S26",
        (S.DEPRECATED,),
        E.UNDEPRECATE,
        (_OP,),
        S.PUBLISHED,
        "11.3.2c",
        ("no_delisting_pending",),
        needs_reason=True,
        openers=(_OP, _PR),
    ),
    Transition(
        "S27",
        (S.LISTED, S.PUBLISHED, S.DEPRECATED),
        E.SUSPEND,
        (_OP, _RV),
        S.SUSPENDED,
        "11.6.1b",
        ("incident_recorded",),
        needs_reason=True,
        openers=(_OP, _RV),
    ),
    Transition(
        "S28",
        (S.SUSPENDED,),
        E.RESUME,
        (_OP,),
        Back.SUSPENDED_FROM,
        "11.6.1c",
        ("fault_gone_unchanged",),
        needs_reason=True,
    ),
    Transition(
        "S29", (S.SUSPENDED,), E.START_RECOVERY, (_OP, _RV), S.REWORK, "11.6.1d", ("same_version_mended",)
    ),
    Transition(
        "S30",
        (S.REWORK,),
        E.SUBMIT_RECOVERY,
        (_PR,),
        S.ASSESSING,
        "11.6.1d",
        ("listed_before", "authorised_provider", "findings_answered"),
    ),
    Transition(
        "S31",
        (S.ASSESSING,),
        E.APPLY_RELISTING,
        (_OP,),
        S.LISTING_REVIEW,
        "11.6.1d",
        ("listed_before", "recovery_records", "assessment_passed"),
    ),
    Transition(
        "S32",
        (S.LISTING_REVIEW,),
        E.RETURN_RELISTING,
        (_RV,),
        S.REWORK,
        "11.6.1d",
        ("listed_before", *_DECISION),
        needs_reason=True,
    ),
    Transition(
        "S33",
        (S.LISTING_REVIEW,),
        E.REFUSE_RELISTING,
        (_RV,),
        S.SUSPENDED,
        "11.6.1d",
        ("listed_before", *_DECISION),
        needs_reason=True,
    ),
    Transition(
        "S34",
        (S.LISTING_REVIEW,),
        E.APPROVE_RELISTING,
        (_RV,),
        Back.SUSPENDED_FROM,
        "11.6.1d",
        ("listed_before", *_DECISION),
    ),
    Transition(
        "S35",
        (S.LISTED, S.PUBLISHED, S.DEPRECATED, S.SUSPENDED),
        E.START_DELISTING,
        (_RV, _OP, _PR),
        S.DELISTING,
        "9.2",
        _GROUNDS,
        needs_reason=True,
        openers=(_PR,),
    ),
    Transition(
        "S36",
        (S.REWORK, S.ASSESSING, S.LISTING_REVIEW),
        E.ABANDON_RECOVERY,
        (_PR, _RV),
        S.DELISTING,
        "9.2",
        ("listed_before", *_GROUNDS),
        needs_reason=True,
        openers=(_PR,),
    ),
    Transition(
        "S37",
        (S.DELISTING,),
        E.KEEP,
        (_RV, _OP, _PR, _PL),
        Back.DELIST_FROM,
        "9.2",
        ("takedown_not_begun", "keeping_decided"),
        needs_reason=True,
    ),
    Transition(
        "S38",
        (S.DELISTING,),
        E.APPROVE_VOLUNTARY,
        (_RV,),
        S.DEPRECATED,
        "9.2d",
        ("voluntary_from_market", "not_involved", *_DECISION),
    ),
    Transition("S39", (S.DEPRECATED,), E.END_GRACE, (_PL,), S.DELISTING, "9.2d", ("grace_over",)),
    Transition(
        "S40",
        (S.DELISTING,),
        E.EXECUTE,
        (_PL,),
        S.DELISTED,
        "9.2",
        ("delisting_approved", "notice_given", "grace_over", "taken_down"),
    ),
    Transition("S41", (S.DELISTED,), E.ARCHIVE, (_OP,), S.ARCHIVED, "9.2", ("rested_and_settled",)),
)

_BY_PAIR: Final[Mapping[tuple[State | None, Event], Transition]] = MappingProxyType(
    {(source, row.event): row for row in TRANSITIONS for source in (row.sources or (None,))}
)


def transition(state: State | None, event: Event) -> Transition | None:
    """Return the row for a state and an event, or None: the pair is forbidden."""
    return _BY_PAIR.get((state, event))


def _texts(values: dict[str, tuple[str, str]]) -> Mapping[str, Text]:
    return MappingProxyType({key: Text(zh, en) for key, (zh, en) in values.items()})


STATE_TEXT: Final = _texts(
    {
        S.DRAFT: ("草稿", "Draft"),
        S.AUTHORIZED: ("已授权", "Authorised"),
        S.ONBOARDING: ("接入中", "Onboarding"),
        S.ASSESSING: ("评估测试中", "Under assessment"),
        S.REWORK: ("整改中", "Rework"),
        S.ONBOARD_REVIEW: ("接入审核中", "Onboarding review"),
        S.ONBOARDED: ("已接入", "Onboarded"),
        S.LISTING_REVIEW: ("上架审批中", "Listing review"),
        S.LISTED: ("已上架", "Listed"),
        S.PUBLISHED: ("已发布", "Published"),
        S.DEPRECATED: ("不推荐", "Deprecated"),
        S.SUSPENDED: ("已暂停", "Suspended"),
        S.DELISTING: ("下架中", "Being delisted"),
        S.DELISTED: ("已下架", "Delisted"),
        S.ARCHIVED: ("已归档", "Archived"),
        S.CANCELLED: ("已撤销", "Cancelled"),
    }
)
EVENT_TEXT: Final = _texts(
    {
        E.CREATE: ("创建", "Create"),
        E.AUTHORIZE: ("授权并受托", "Authorise and accept"),
        E.REFUSE_CREATION: ("否决创建", "Refuse the creation"),
        E.CANCEL: ("撤销", "Cancel"),
        E.REVOKE_AUTHORIZATION: ("收回授权（更换提供方）", "Revoke the authorisation"),
        E.START_ONBOARDING: ("启动接入", "Start the onboarding"),
        E.SUBMIT_ASSESSMENT: ("提交评估", "Submit for assessment"),
        E.ASSESSMENT_FAILED: ("评估测试未通过", "Assessment failed"),
        E.APPLY_REVIEW: ("申请接入审核", "Apply for the onboarding review"),
        E.RETURN_ONBOARDING: ("退回", "Return"),
        E.VERIFICATION_FAILED: ("核验不通过", "Verification failed"),
        E.REFUSE_ONBOARDING: ("否决接入", "Refuse the onboarding"),
        E.CONFIRM_ONBOARDED: ("确认接入", "Confirm as onboarded"),
        E.RESUBMIT: ("重新提交", "Resubmit"),
        E.WITHDRAW: ("撤回", "Withdraw"),
        E.REOPEN: ("重新整改", "Reopen the rework"),
        E.SUBMIT_LISTING: ("提交上架", "Submit for listing"),
        E.WITHDRAW_LISTING: ("撤回上架申请", "Withdraw the listing application"),
        E.RETURN_LISTING: ("退回", "Return the listing"),
        E.REFUSE_LISTING: ("否决上架", "Refuse the listing"),
        E.APPROVE_LISTING: ("批准上架", "Approve the listing"),
        E.PUBLISH: ("发布", "Publish"),
        E.UNPUBLISH: ("取消发布", "Unpublish"),
        E.DEPRECATE: ("标注不推荐", "Mark as deprecated"),
        E.UNDEPRECATE: ("恢复推荐", "Lift the deprecation"),
        E.SUSPEND: ("暂停", "Suspend"),
        E.RESUME: ("恢复", "Resume"),
        E.START_RECOVERY: ("启动整改", "Start the recovery"),
        E.SUBMIT_RECOVERY: ("提交恢复测试", "Submit for recovery tests"),
        E.APPLY_RELISTING: ("申请重新上线", "Apply for relisting"),
        E.RETURN_RELISTING: ("退回", "Return the relisting"),
        E.REFUSE_RELISTING: ("否决重新上线", "Refuse the relisting"),
        E.APPROVE_RELISTING: ("批准重新上线", "Approve the relisting"),
        E.START_DELISTING: ("申请下架", "Start the delisting"),
        E.ABANDON_RECOVERY: ("放弃恢复并下架", "Give up the recovery and delist"),
        E.KEEP: ("不予下架", "Keep"),
        E.APPROVE_VOLUNTARY: ("批准主动下架", "Approve the voluntary delisting"),
        E.END_GRACE: ("过渡期结束", "End the grace period"),
        E.EXECUTE: ("执行下架", "Take down"),
        E.ARCHIVE: ("归档", "Archive"),
    }
)
