"""The checks that the table names: small pure functions, True when the rule holds."""

from collections.abc import Mapping
from typing import Any

from domain.catalogue import dictionaries
from domain.catalogue.rules import addresses, texts
from domain.catalogue.rules.model import ABSENT, Check, Record, RuleContext, value_at
from domain.catalogue.versions import canonical_version
from domain.text_search import normalise

_TARIFF = ("unit", "price", "billingPeriod")
_WITHOUT_API = (dictionaries.AGENT, dictionaries.OTHER)
_TEST_REPORTS = ("functionalTestReport", "securityTestReport", "performanceTestReport")


def is_integer(value: Any) -> bool:
    """Tell whether the value is an integer; ``true`` and ``1.0`` are none (A09)."""
    return type(value) is int


def is_absent(value: Any) -> bool:
    """Tell whether an optional field is not given; ``null`` counts as absent there."""
    return value is ABSENT or value is None


def text_of(limit: int | None = None) -> Check:
    """Return the check: a string, not blank, of at most ``limit`` code points."""
    return lambda value, _record, _context: texts.is_text(value, limit)


def one_of_texts(*allowed: str) -> Check:
    """Return the check: one of these strings."""
    return lambda value, _record, _context: isinstance(value, str) and value in allowed


def one_of_integers(*allowed: int) -> Check:
    """Return the check: one of these integers."""
    return lambda value, _record, _context: is_integer(value) and value in allowed


def optional_content_type(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-13, V-API-14."""
    return value is ABSENT or (isinstance(value, str) and value in dictionaries.CONTENT_TYPES)


def at_most(limit: int) -> Check:
    """Return the check: a string is no longer than ``limit``; other types are another rule's."""
    return lambda value, _record, _context: not isinstance(value, str) or len(value) <= limit


def name_is_free(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-NAME-03."""
    return not context.is_taken("name", normalise(value))


def version_has_a_form(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-VER-01."""
    return canonical_version(value, strict=context.strict) is not None


def version_is_new(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-VER-02."""
    canonical = canonical_version(value)
    return canonical is None or not context.has_version(canonical)


def functional_area(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-FA-01."""
    return is_integer(value) and value in context.functional_areas


def tariff(value: Any, record: Record, _context: RuleContext) -> bool:
    """V-CHG-02: unit, price and billing period (8.2.1a)."""
    if record.get("isCharge") != "1":
        return True
    return isinstance(value, Mapping) and all(_is_said(value.get(each)) for each in _TARIFF)


def _is_said(value: Any) -> bool:
    """Tell whether a part of the tariff is given; a price may be a number."""
    return texts.is_text(value) or (isinstance(value, int | float) and not isinstance(value, bool))


def region(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-REG-01."""
    return isinstance(value, str) and value in context.regions


def icon(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-IMG-01."""
    return isinstance(value, str) and value in context.icons


def network_zone(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-NET-01."""
    return isinstance(value, str) and value in context.network_zones


def trial_address(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-DEMO-01."""
    return is_absent(value) or addresses.web_address(value) is not None


def trial_host_is_a_name(value: Any, _record: Record, _context: RuleContext) -> bool:
    """W-DEMO-IP."""
    parts = addresses.web_address(value)
    return parts is None or not addresses.is_ip_address(parts.hostname or "")


def trial_uses_tls(value: Any, _record: Record, _context: RuleContext) -> bool:
    """W-DEMO-TLS."""
    parts = addresses.web_address(value)
    return parts is None or parts.scheme == "https"


def providers(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-SPI-01."""
    return isinstance(value, list) and bool(value) and all(texts.is_text(entry, 500) for entry in value)


def api_object(value: Any, record: Record, _context: RuleContext) -> bool:
    """V-API-01."""
    if is_absent(value):
        return record.get("technicalField") in _WITHOUT_API
    return isinstance(value, Mapping)


def api_name(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-02."""
    return texts.is_api_name(value)


def api_code(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-04."""
    return texts.is_api_code(value)


def api_value_is_free(kind: str, key: str) -> Check:
    """Return the check: no other component and no further API of this one has the value."""

    def check(value: Any, record: Record, context: RuleContext) -> bool:
        further = value_at(record, "extension.additionalApis")
        own = (
            [api.get(key) for api in further if isinstance(api, Mapping)] if isinstance(further, list) else []
        )
        return value not in own and not context.is_taken(kind, value)

    return check


def public_path_is_free(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-API-16."""
    return not context.is_taken("public_path", value)


def api_code_reads_well(value: Any, _record: Record, _context: RuleContext) -> bool:
    """W-API-CODE."""
    return not value.startswith("-") and not value.endswith("-") and "--" not in value


def protocols(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-07."""
    if not isinstance(value, list) or not value:
        return False
    known = all(isinstance(entry, str) and entry in dictionaries.PROTOCOLS for entry in value)
    return known and len(set(value)) == len(value)


def has_tls_protocol(value: Any, _record: Record, _context: RuleContext) -> bool:
    """W-API-TLS."""
    return any(entry.startswith("HTTPS/") for entry in value)


def target_servers(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-08."""
    if is_absent(value):
        return True
    if not isinstance(value, list) or not value or not all(isinstance(entry, Mapping) for entry in value):
        return False
    hosts = [entry.get("host") for entry in value]
    ranks = [entry.get("rank") for entry in value]
    if not all(addresses.is_target_host(host) for host in hosts):
        return False
    if not all(is_integer(rank) and 0 <= rank <= 100 for rank in ranks):
        return False
    return len({str(host).lower() for host in hosts}) == len(hosts) and sum(map(int, ranks)) == 100


def target_servers_given(value: Any, record: Record, _context: RuleContext) -> bool:
    """V-API-15; it runs only where apiInfo is given."""
    unhosted = is_integer(record.get("isHosting")) and record.get("isHosting") == 0
    return not unhosted or not is_absent(value)


def path(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-API-09, V-API-10."""
    return texts.is_path(value)


def integer_between(low: int, high: int | None) -> Check:
    """Return the check: an integer in the range, both ends included."""
    return lambda value, _record, _context: (
        is_integer(value) and value >= low and (high is None or value <= high)
    )


def details_object(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-DET-01."""
    return isinstance(value, Mapping)


def detail(value: Any, _record: Record, context: RuleContext) -> bool:
    """V-DET-02 to V-DET-05."""
    return texts.is_detail(value, strict=context.strict)


def reports_given(value: Any, _record: Record, _context: RuleContext) -> bool:
    """V-DET-06."""
    return isinstance(value, Mapping) and all(texts.is_text(value.get(report)) for report in _TEST_REPORTS)
