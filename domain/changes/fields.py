"""Which kind of change may touch which field of a listed record.

What is in no list belongs to the version itself (its name, number, form, hosting, the code and path of its
API): users rely on it, so it changes with a new version only.

Source: TC609-4-2026-XX, clauses 7 and 11.4d; readings A11
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from domain.catalogue.rules import RuleBreach, Severity
from domain.changes.differences import Difference
from domain.changes.kinds import KIND_TEXT, Kind
from kernel.language import Text

FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.CATALOGUE: (
            "functionalAreas",
            "isCharge",
            "publicRegion",
            "publicScope",
            "remark",
            "image",
            "demoAddress",
            "releaseCompanyInfo",
            "serviceProviderInfo",
            "componentDetails",
            "apiInfo.apiName",
            "apiInfo.apiDescription",
            "extension.layer",
            "extension.capabilityClass",
            "extension.chargeStandard",
            "extension.documents.userManual",
        ),
        Kind.CONFIGURATION: (
            "apiInfo.targetServers",
            "apiInfo.protocols",
            "apiInfo.forwardPath",
            "apiInfo.timeoutMs",
            "apiInfo.requestContentType",
            "apiInfo.responseTargetType",
            "extension.networkZone",
            "extension.serviceAddress",
            "extension.healthPath",
        ),
        Kind.POLICY: (
            "apiInfo.rateLimit",
            "extension.accessPolicies",
            "extension.callPolicies",
            "extension.maxConcurrency",
        ),
        Kind.VERSION: (),
    }
)


def kind_of(path: str) -> Kind | None:
    """Return the kind of change that may touch a field, or None where only a new version may."""
    for kind, fields in FIELDS.items():
        if any(path == field or path.startswith(f"{field}.") for field in fields):
            return kind
    return None


def misplaced(kind: Kind, found: Iterable[Difference]) -> list[RuleBreach]:
    """Return a breach for every changed field that this kind of change may not touch."""
    return [_breach(one.path, kind_of(one.path)) for one in found if kind_of(one.path) is not kind]


def _breach(path: str, belongs_to: Kind | None) -> RuleBreach:
    if belongs_to is None:
        message = Text("该字段只能随新版本变更", "This field changes with a new version only")
        mend = Text("恢复原值，或发起“版本”变更", "Keep the value, or start a change of the version")
    else:
        word = KIND_TEXT[belongs_to]
        message = Text(f"该字段属于“{word.zh}”变更", f"This field belongs to a change of “{word.en}”")
        mend = Text(f"恢复原值，另行发起“{word.zh}”变更", f"Keep the value, start a change of “{word.en}”")
    return RuleBreach("C-FIELD-01", path, Severity.ERROR, message, "11.4d", mend)
