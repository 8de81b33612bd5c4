"""Whether a data source can be reached with the account that was given, and whether that account may write.

A write is really attempted, in a transaction that is rolled back: it has to be refused.

Source: draft standard, clause 8.3.4 a
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import errors as postgresql_errors

from handlers.checks.addresses import NotAllowedToProbe, NotResolved, ProbeGuard
from handlers.checks.calls import CannotCall, NoAnswer, call
from handlers.checks.results import CheckResult, Rule, Severity, concluded
from kernel.language import Text

TIMEOUT_SECONDS = 5
CONNECTION, PRIVILEGE = "data.reached", "data.privilege"
_CONNECTED = Text("数据源连接", "Connection of the data source")
_LEAST = Text("最小权限", "Least privilege")


def _rule(rule: str, zh: str, en: str) -> Rule:
    return Rule(rule, Severity.ERROR, "8.3.4a", Text(zh, en))


E_ADDRESS = _rule(
    "E-ADDRESS",
    "数据源地址应为 postgresql://主机:端口/库、http(s) 地址，或已上传的 SQLite 文件",
    "Expected postgresql://host:port/database, an http(s) address, or an uploaded SQLite file",
)
E_CONNECT = _rule(
    "E-CONNECT",
    "无法连接数据源，请核对地址、账号和口令",
    "No connection: check address, account and password",
)
E_WRITE = _rule(
    "E-WRITE",
    "该账号可以写入，应改用只读账号（最小权限）",
    "The account may write; use one that may only read (least privilege)",
)
E_SUPERUSER = _rule(
    "E-SUPERUSER",
    "该账号是数据库管理员或可建库、建角色，不得用于数据服务",
    "The account is a superuser or may create databases or roles; it must not serve a data service",
)
E_OPEN = _rule(
    "E-OPEN",
    "第三方接口不带令牌也能访问，应要求鉴权",
    "The interface answers without a token; it must ask for one",
)
NOT_TRIED = Text(
    "接口类数据源不做写入尝试，以免产生影响",
    "nothing is written to an interface, because that could have an effect",
)


@dataclass(frozen=True)
class DataSource:
    """A source as declared, with its secret as the vault gave it out."""

    address: str
    account: str
    secret: str
    file: Path | None = None


def check_source(guard: ProbeGuard, source: DataSource) -> list[CheckResult]:
    """Connect to the source and try to write to it; the results are connection and least privilege."""
    if source.file is not None:
        return _sqlite(source.file)
    scheme = source.address.partition(":")[0].lower()
    if scheme in ("postgresql", "postgres"):
        return _postgresql(guard, source)
    if scheme in ("http", "https"):
        return _interface(guard, source)
    return _failed(E_ADDRESS, source.address.partition("@")[2] or source.address)


def _postgresql(guard: ProbeGuard, source: DataSource) -> list[CheckResult]:
    try:
        parts = urlsplit(source.address)
        host, port, database = parts.hostname or "", parts.port or 5432, unquote(parts.path.strip("/"))
    except ValueError:
        return _failed(E_ADDRESS, "")
    if not host or not database or "@" in parts.netloc or parts.query:
        return _failed(E_ADDRESS, f"{host}:{port}/{database}")
    try:
        target = guard.target(host, port)
    except NotAllowedToProbe as error:
        return _not_checked(error.reason)
    except NotResolved as error:
        return _failed(E_CONNECT, str(error))
    try:
        with psycopg.connect(
            host=host,
            hostaddr=target.address,
            port=port,
            dbname=database,
            user=source.account,
            password=source.secret,
            connect_timeout=TIMEOUT_SECONDS,
            options=f"-c statement_timeout={TIMEOUT_SECONDS * 1000} -c lock_timeout=1000",
            autocommit=True,
        ) as connection:
            return [concluded(CONNECTION, _CONNECTED, []), _postgresql_privilege(connection)]
    except psycopg.Error as error:
        return _failed(E_CONNECT, _first_line(error, source.secret))


def _postgresql_privilege(connection: psycopg.Connection[tuple[object, ...]]) -> CheckResult:
    findings = []
    powerful = connection.execute(
        "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user"
    ).fetchone()
    if powerful and powerful[0]:
        findings.append(E_SUPERUSER.broken(place="account"))
    writable = connection.execute(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')"
        " and n.nspname not like 'pg_%' and has_schema_privilege(n.oid, 'USAGE')"
        " and has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') order by 1 limit 5"
    ).fetchall()
    if writable:
        findings.append(E_WRITE.broken(place="account", evidence=", ".join(str(row[0]) for row in writable)))
    elif _can_create(connection):
        findings.append(E_WRITE.broken(place="account", evidence="CREATE TABLE"))
    return concluded(PRIVILEGE, _LEAST, findings)


def _can_create(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Try to create a table, and leave nothing of it."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("create table zujian_write_probe (probe integer)")
    except (postgresql_errors.InsufficientPrivilege, postgresql_errors.ReadOnlySqlTransaction):
        return False
    except postgresql_errors.InvalidSchemaName:
        return False  # no schema in which it could create anything
    return True


def _sqlite(path: Path) -> list[CheckResult]:
    """Open a stored file read-only; it belongs to nobody who could write to it, and this must hold."""
    try:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro&immutable=1", uri=True, timeout=TIMEOUT_SECONDS
        )
    except sqlite3.Error as error:
        return _failed(E_CONNECT, str(error))
    try:
        connection.execute("select count(*) from sqlite_master").fetchone()
        try:
            connection.execute("create table zujian_write_probe (probe integer)")
        except sqlite3.OperationalError:
            findings = []
        else:
            findings = [E_WRITE.broken(place="file")]
        return [concluded(CONNECTION, _CONNECTED, []), concluded(PRIVILEGE, _LEAST, findings)]
    except sqlite3.Error as error:
        return _failed(E_CONNECT, str(error))
    finally:
        connection.rollback()
        connection.close()


def _interface(guard: ProbeGuard, source: DataSource) -> list[CheckResult]:
    headers: Mapping[str, str] = {"Authorization": f"Bearer {source.secret}"} if source.secret else {}
    try:
        with_token = call(guard, "GET", source.address, headers=headers)
        without = call(guard, "GET", source.address)
    except CannotCall as error:
        return _not_checked(error.reason)
    except NoAnswer as error:
        return _failed(E_CONNECT, str(error))
    findings = []
    if not 200 <= with_token.status < 300:
        findings.append(E_CONNECT.broken(place="dataSource.address", evidence=with_token.evidence))
    if without.status not in (401, 403):
        findings.append(E_OPEN.broken(place="dataSource.address", evidence=without.evidence))
    return [concluded(CONNECTION, _CONNECTED, findings), concluded(PRIVILEGE, _LEAST, [], NOT_TRIED)]


def _failed(rule: Rule, evidence: str) -> list[CheckResult]:
    broken = rule.broken(place="dataSource", evidence=evidence)
    return [concluded(CONNECTION, _CONNECTED, [broken])]


def _not_checked(reason: Text) -> list[CheckResult]:
    return [concluded(CONNECTION, _CONNECTED, [], reason), concluded(PRIVILEGE, _LEAST, [], reason)]


def _first_line(error: Exception, secret: str) -> str:
    """Return what the server said, without the secret should it repeat it."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line.replace(secret, "***") if secret else line
