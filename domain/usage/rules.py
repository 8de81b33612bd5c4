"""What a line of a gateway's log must say, and which kinds of call there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from kernel.clock import now
from kernel.errors import FieldProblem
from kernel.language import Text

REAL: Final = "real"
KINDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        REAL: Text("真实调用", "Real call"),
        "probe": Text("探测", "Probe"),
        "debug": Text("在线调试", "Debugging"),
        "operator_test": Text("运营方测试", "Operator's test"),
    }
)
# The clocks of a gateway and of the platform may differ by so much.
_AHEAD: Final = timedelta(minutes=5)
_LONGEST: Final = {"traceId": 120, "application": 200, "apiCode": 200}
_LARGEST: Final = {"latencyMs": 2**31 - 1, "bytes": 2**63 - 1}
_KNOWN: Final = frozenset(
    {
        "versionId",
        "calledAt",
        "kind",
        "traceId",
        "application",
        "apiCode",
        "sourceIp",
        "resultCode",
        "latencyMs",
        "bytes",
        "orderId",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as it is to be recorded."""

    version_id: UUID
    called_at: datetime
    kind: str
    trace_id: str
    application: str
    result_code: int
    api_code: str | None = None
    source_ip: str | None = None
    latency_ms: int | None = None
    bytes_sent: int | None = None
    order_id: UUID | None = None


def read_call(line: object) -> tuple[Call | None, list[FieldProblem]]:
    """Read one line; return the call, or everything that is wrong with the line.

    A field that is not known is refused: a log must not carry payloads or secrets in here.
    """
    if not isinstance(line, Mapping):
        return None, [_problem("", "usage.line", "每行应为一个对象", "Each line is one object")]
    problems = [
        _problem(str(name)[:80], "usage.field", "不认识的字段，请删除", "Unknown field, take it out")
        for name in line
        if name not in _KNOWN
    ]
    version_id = _id(line, "versionId", problems, required=True)
    called_at = _instant(line.get("calledAt"), problems)
    kind = line.get("kind", REAL)
    if kind not in KINDS:
        expected = "、".join(KINDS)
        problems.append(_problem("kind", "usage.kind", f"应为 {expected} 之一", f"One of {', '.join(KINDS)}"))
    trace_id = _text(line, "traceId", problems, required=True)
    application = _text(line, "application", problems, required=True)
    result_code = _result(line.get("resultCode"), problems)
    call_values = {
        "api_code": _text(line, "apiCode", problems),
        "source_ip": _address(line.get("sourceIp"), problems),
        "latency_ms": _count(line, "latencyMs", problems),
        "bytes_sent": _count(line, "bytes", problems),
        "order_id": _id(line, "orderId", problems),
    }
    if problems or version_id is None or called_at is None or trace_id is None or application is None:
        return None, problems
    return (
        Call(
            version_id=version_id,
            called_at=called_at,
            kind=str(kind),
            trace_id=trace_id,
            application=application,
            result_code=result_code,
            **call_values,  # type: ignore[arg-type]  # each reader above returns what its field takes
        ),
        [],
    )


def _id(
    line: Mapping[str, Any], name: str, problems: list[FieldProblem], *, required: bool = False
) -> UUID | None:
    value = line.get(name)
    if value is None and not required:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        problems.append(_problem(name, "usage.id", "应为有效的标识（UUID）", "Expected an id (UUID)"))
        return None


def _instant(value: object, problems: list[FieldProblem]) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        problems.append(
            _problem(
                "calledAt",
                "usage.time",
                "应为带时区的时间，如 2026-03-01T10:00:00+08:00",
                "Expected a time with zone, such as 2026-03-01T10:00:00+08:00",
            )
        )
        return None
    if instant > now() + _AHEAD:
        problems.append(_problem("calledAt", "usage.future", "时间在将来", "The time lies in the future"))
        return None
    return instant


def _text(
    line: Mapping[str, Any], name: str, problems: list[FieldProblem], *, required: bool = False
) -> str | None:
    value = line.get(name)
    if value is None and not required:
        return None
    longest = _LONGEST[name]
    if isinstance(value, str) and value.strip() and len(value) <= longest:
        return value.strip()
    problems.append(
        _problem(
            name,
            "usage.text",
            f"应为1至{longest}个字符的文本",
            f"Expected a text of 1 to {longest} characters",
        )
    )
    return None


def _result(value: object, problems: list[FieldProblem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999_999:
        return value
    problems.append(_problem("resultCode", "usage.result", "应为非负整数", "Expected a whole number"))
    return 0


def _count(line: Mapping[str, Any], name: str, problems: list[FieldProblem]) -> int | None:
    value = line.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST[name]:
        return value
    problems.append(_problem(name, "usage.count", "应为非负整数", "Expected a whole number"))
    return None


def _address(value: object, problems: list[FieldProblem]) -> str | None:
    if value is None:
        return None
    try:
        return str(ip_address(str(value)))
    except ValueError:
        problems.append(_problem("sourceIp", "usage.address", "应为 IP 地址", "Expected an IP address"))
        return None


def _problem(path: str, rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(path, rule, Text(zh, en), "9.4a")
