"""Configuration by environment only: addresses, keys and passwords written into code or packed files.

Secrets are found by the secrets scan; here it is about where a component thinks that it runs.

Source: draft standard, clause 6.2 b
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from handlers.scanning.artefacts import Artefact
from handlers.scanning.class_constants import ClassUnreadable, constants_of
from handlers.scanning.intake import ScanRule
from handlers.scanning.languages import SOURCE_SUFFIXES, own_files
from handlers.scanning.masking import without_secrets
from handlers.scanning.results import ScanFinding, ScanResult, ScanSeverity, concluded_scan, not_checked_scan
from kernel.language import Text

SCAN = "configuration"
TITLE = Text("环境配置", "Configuration by environment")
TOOL = ("zujian-configuration", "1")
CLAUSE = "6.2b"
_MAX_FILE_BYTES = 2 * 1024 * 1024
_MAX_PER_FILE = 20
_CONFIGURATION = {".yml", ".yaml", ".properties", ".env", ".ini", ".conf", ".cfg", ".toml", ".xml", ".json"}
_EXEMPT_FILES = {
    "package.json",
    "package-lock.json",
    "pom.xml",
    "vcpkg.json",
    "conan.lock",
    "poetry.lock",
    "uv.lock",
}
_EXEMPT_FOLDERS = {"test", "tests", "docs", "doc", "META-INF"}


def _rule(identifier: str, severity: ScanSeverity, zh: str, en: str) -> ScanRule:
    return ScanRule(identifier, severity, CLAUSE, Text(zh, en))


E_DATABASE = _rule(
    "E-DATABASE",
    ScanSeverity.HIGH,
    "数据库、缓存或消息队列地址被写死，请改由环境变量或配置中心注入",
    "The address of a database, cache or queue is fixed, inject it from the environment",
)
E_CREDENTIAL = _rule(
    "E-CREDENTIAL",
    ScanSeverity.HIGH,
    "账号口令或密钥被写死，请改由环境变量或配置中心注入",
    "A password or key is fixed, inject it from the environment",
)
E_ADDRESS = _rule(
    "E-ADDRESS",
    ScanSeverity.MEDIUM,
    "内部服务地址被写死，请改由环境变量或配置中心注入",
    "The address of an internal service is fixed, inject it from the environment",
)

_PRIVATE = r"(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}"
_HOST = r"(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)"
_SCHEMES = (
    r"(?:mysql|mariadb|postgres(?:ql)?|oracle|sqlserver|mongodb(?:\+srv)?|rediss?|amqps?|kafka|nats|ldaps?"
    r"|dm|kingbase8?|opengauss|gaussdb|oceanbase)"
)
_DATABASE = re.compile(
    rf"(?i)\b(?:jdbc:[a-z0-9:]+|{_SCHEMES}:)(?://|:@|thin:@)(?:[^\s/@\"']*@)?({_HOST})[:/;]"
)
_CREDENTIAL = re.compile(
    r"""(?ix) ^ \s* [\w.-]* (?:password|passwd|pwd|secret[_.-]?key|access[_.-]?key(?:[_.-]?secret)?) ["']?
        \s* [:=] \s* ["']? ([^\s"'#$<{(][^\s"']{4,}) """
)
_ADDRESS = re.compile(
    rf"(?i)\b(?:https?|ftp|tcp)://({_PRIVATE}|[a-z0-9.-]+\.(?:internal|intranet|local|lan))\b"
)
_PLACEHOLDER = re.compile(r"(?i)^(?:\$\{|%\{|ENC\(|changeme$|x{3,}|\*+|your[_-]|null$|true$|false$)")
_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "example", "host", "hostname"}


def check_configuration(artefact: Artefact) -> ScanResult:
    """Look for environment written into the provider's own code, configuration and classes."""
    findings: list[ScanFinding] = []
    files = 0
    unread: list[str] = list(artefact.unread)
    for path in own_files(artefact.tree):
        place = path.relative_to(artefact.tree)
        if not _concerns(place):
            continue
        files += 1
        try:
            findings += list(_in_file(path, place.as_posix()))
        except (OSError, ClassUnreadable):
            unread.append(place.as_posix())
    if files == 0:
        nothing = Text("没有代码或配置文件", "there is neither code nor configuration")
        return not_checked_scan(SCAN, TOOL, TITLE, nothing)
    left = Text(f"未能读取 {unread[0]}", f"{unread[0]} could not be read") if unread else None
    return concluded_scan(SCAN, TOOL, TITLE, findings, not_checked=left, looked_at={"files": files})


def _concerns(place: Path) -> bool:
    if place.name in _EXEMPT_FILES or _EXEMPT_FOLDERS & set(place.parts[:-1]):
        return False
    suffix = place.suffix.lower()
    return suffix in _CONFIGURATION or suffix in SOURCE_SUFFIXES or suffix == ".class" or place.name == ".env"


def _in_file(path: Path, place: str) -> Iterator[ScanFinding]:
    compiled = path.suffix == ".class"
    if path.stat().st_size > _MAX_FILE_BYTES:
        raise ClassUnreadable("too large")
    content = path.read_bytes()
    lines = constants_of(content) if compiled else content.decode("utf-8", "replace").splitlines()
    is_configuration = path.suffix.lower() in _CONFIGURATION or path.name == ".env"
    count = 0
    for number, line in enumerate(lines, start=1):
        rule = _broken_by(line[:2000], is_configuration)
        if rule is None or (not compiled and _is_comment(line)):
            continue
        count += 1
        if count > _MAX_PER_FILE:
            return
        where = place if compiled else f"{place}:{number}"
        yield rule.found(tool=TOOL, place=where, evidence=without_secrets(line.strip())[:200])


def _broken_by(line: str, is_configuration: bool) -> ScanRule | None:
    database = _DATABASE.search(line)
    if database is not None and database[1].lower() not in _ON_THIS_MACHINE:
        return E_DATABASE
    credential = _CREDENTIAL.search(line) if is_configuration else None
    if credential is not None and not _PLACEHOLDER.match(credential[1]):
        return E_CREDENTIAL
    return E_ADDRESS if _ADDRESS.search(line) else None


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//", "*", "/*", "<!--", ";"))
