"""One function per check: choose what to look at, call the tools, put their answer in the domain's words.

Source: readings, table "Which checks apply"; draft standard, clauses 8.1.1, 8.2.4, 8.3.1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from domain.assessments.items import Item, ItemStatus
from domain.assessments.scanned import Library, Scanned, ScannedFinding
from domain.licences.queries import current_policy
from handlers.assessment.advisories import Advisories
from handlers.assessment.material import HeldFile, Material
from handlers.environment import Environment
from handlers.scanning.artefacts import Artefact, open_artefact
from handlers.scanning.composition import Composition, compose, read_sbom
from handlers.scanning.configuration import check_configuration
from handlers.scanning.dynamic import scan_dynamic
from handlers.scanning.inspection import inspect_artefact, refused_result
from handlers.scanning.intake import ArtefactRefused
from handlers.scanning.licences import LicencePolicy, check_licences
from handlers.scanning.pages import scan_pages
from handlers.scanning.results import ScanFinding, ScanResult
from handlers.scanning.secrets import scan_secrets
from handlers.scanning.static import scan_static
from handlers.scanning.vulnerabilities import match_vulnerabilities
from kernel.database import Database
from kernel.language import Text

_NO_ARTEFACT = Text("未上传制品", "no artefact was uploaded")
_NOTHING_HANDED_IN = Text(
    "未提交制品、源码或物料清单，可提交后重新检测，或提交第三方报告",
    "nothing was handed in to look at: artefact, source, bill of materials, or a third-party report",
)
NO_ADDRESS = Text("没有可检测的运行地址", "there is no address at which the component runs")


@dataclass
class Desk:
    """What the checks of one branch share; ``libraries`` is set when a bill of materials was made."""

    environment: Environment
    database: Database
    material: Material
    libraries: list[Library] | None = field(default=None, init=False)


def artefact(desk: Desk) -> Scanned:
    """Inspect the uploaded artefact: type by content, safe to unpack, no malware."""
    held = desk.material.artefact
    if held is None:
        return not_checked(Item.ARTEFACT, _NO_ARTEFACT)
    return combined(
        Item.ARTEFACT, [_opened(desk, held, lambda each: inspect_artefact(desk.environment.workbench, each))]
    )


def composition(desk: Desk) -> Scanned:
    """List the libraries with their licences, and hold the licences against the policy."""
    made = _bill(desk)
    if made is None:
        return not_checked(Item.COMPOSITION, _NOTHING_HANDED_IN)
    if isinstance(made, ScanResult):
        return combined(Item.COMPOSITION, [made])
    if made.sbom is None:
        return combined(Item.COMPOSITION, [made.result])
    desk.libraries = [
        Library(
            purl=each.purl,
            name=each.name,
            version=each.version,
            licences=tuple(each.licences),
            place=each.place,
        )
        for each in made.sbom.components
    ]
    with desk.database.read() as session:
        policy = current_policy(session)
    licences = check_licences(made.sbom, LicencePolicy(policy.allowed, policy.denied))
    # An unknown licence is a finding for people to look at; it does not mean that nothing was checked.
    scanned = combined(Item.COMPOSITION, [made.result], [licences])
    return replace(scanned, looked_at={**scanned.looked_at, "licencePolicy": policy.edition})


def vulnerabilities(desk: Desk) -> Scanned:
    """Hold the bill of materials against the imported vulnerability data."""
    made = _bill(desk)
    if made is None:
        return not_checked(Item.VULNERABILITIES, _NOTHING_HANDED_IN)
    if isinstance(made, ScanResult):
        return combined(Item.VULNERABILITIES, [made])
    if made.sbom is None:
        return combined(Item.VULNERABILITIES, [made.result])
    return combined(Item.VULNERABILITIES, [match_vulnerabilities(made.sbom, Advisories(desk.database))])


def static(desk: Desk) -> Scanned:
    """Look for weaknesses in the source, else in what the artefact holds of it."""
    held = desk.material.code
    if held is None:
        return not_checked(Item.STATIC, _NOTHING_HANDED_IN)
    return combined(
        Item.STATIC, [_opened(desk, held, lambda each: scan_static(desk.environment.workbench, each))]
    )


def secrets(desk: Desk) -> Scanned:
    """Look for secrets in everything handed in, and for configuration that is fixed in code."""
    held = [each for each in (desk.material.artefact, desk.material.source) if each is not None]
    if not held:
        return not_checked(Item.SECRETS, _NOTHING_HANDED_IN)
    bench = desk.environment.workbench
    found = [_opened(desk, each, lambda opened: scan_secrets(bench, opened)) for each in held]
    more = [_opened(desk, each, check_configuration) for each in held]
    return combined(Item.SECRETS, found, more)


def dynamic(desk: Desk) -> Scanned:
    """Attack the running component: its API by its document, its pages where it has no document."""
    address, bench = desk.material.address, desk.environment.workbench
    if address is None:
        return not_checked(Item.DYNAMIC, NO_ADDRESS)
    document = desk.material.document
    attacked = scan_dynamic(bench, document, address) if document is not None else scan_pages(bench, address)
    return combined(Item.DYNAMIC, [attacked])


def not_checked(item: str, why: Text) -> Scanned:
    """Say that nothing was looked at, and why."""
    return Scanned(item=item, status=ItemStatus.NOT_CHECKED, summary=why)


def inconclusive(item: str, cause: str) -> Scanned:
    """Say that a check broke down for good."""
    return Scanned(
        item=item,
        status=ItemStatus.INCONCLUSIVE,
        summary=Text(
            f"检测三次均未得出结论：{cause[:400]}", f"Three attempts came to nothing: {cause[:400]}"
        ),
    )


def _bill(desk: Desk) -> Composition | ScanResult | None:
    """Make the bill of materials of source or artefact, or read the one that was handed in."""
    bench, held = desk.environment.workbench, desk.material.artefact or desk.material.source
    if held is not None:
        try:
            with open_artefact(bench, held.path, held.name) as opened:
                return compose(bench, opened)
        except ArtefactRefused as refused:
            return refused_result(refused)
    if desk.material.sbom is not None:
        return read_sbom(bench, desk.material.sbom.path.read_bytes())
    return None


def _opened(desk: Desk, held: HeldFile, scan: Callable[[Artefact], ScanResult]) -> ScanResult:
    try:
        with open_artefact(desk.environment.workbench, held.path, held.name) as opened:
            return scan(opened)
    except ArtefactRefused as refused:
        return refused_result(refused)


def combined(item: str, deciding: Iterable[ScanResult], beside: Iterable[ScanResult] = ()) -> Scanned:
    """Put results together: those ``deciding`` say whether the check ran, all bring their findings."""
    decided = list(deciding)
    all_results = [*decided, *beside]
    first = decided[0]
    unfinished = [
        each for each in decided if each.status.value in (ItemStatus.INCONCLUSIVE, ItemStatus.NOT_CHECKED)
    ]
    broken = [each for each in all_results if each.status.value == ItemStatus.INCONCLUSIVE]
    leading = next(iter(broken or unfinished), first)
    return Scanned(
        item=item,
        status=leading.status.value,
        summary=leading.summary,
        tool=first.tool,
        tool_version=first.version,
        findings=tuple(_finding(each) for result in all_results for each in result.findings),
        looked_at={
            result.scan: {
                **result.looked_at,
                "tool": f"{result.tool} {result.version}".strip(),
                "rawReport": result.report_digest,
            }
            for result in all_results
        },
        seconds=sum(result.seconds for result in all_results),
        raw_digest=first.report_digest,
        # A tool that ran past a limit of the child process would do so again.
        is_worth_repeating=not any("stopped after" in each.summary.en for each in broken),
    )


def _finding(each: ScanFinding) -> ScannedFinding:
    return ScannedFinding(
        rule=each.rule,
        severity=each.severity.value,
        message=each.message,
        tool=each.tool,
        tool_version=each.version,
        place=each.place,
        evidence=each.evidence,
        clause=each.clause,
        identifiers=each.identifiers,
        component=each.component,
        fixed_in=each.fixed_in,
        is_uncertain=each.possible,
    )
