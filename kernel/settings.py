"""Every setting, read once at start; what is missing or malformed fails loudly.

docs/reference/settings.md describes each of them.
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import PlatformError
from kernel.language import Text
from kernel.territory import region_range

PREFIX = "ZUJIAN_"
_MIN_SECRET_LENGTH = 32
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class SettingsError(PlatformError):
    """A setting is missing or malformed; the message names it and the cure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one running platform.

    ``data_dir`` holds the stored files, the secret key and, by default, the database.
    ``probe_allowed_networks`` are the networks that health probes may reach; empty
    means none, and probes then report that nothing was checked. ``metrics_networks``
    may read the figures without signing in; ``redis_url`` names the broker of Celery.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    processes_dir: Path
    host: str = "127.0.0.1"
    port: int = 8600
    session_timeout_minutes: int = 20
    secure_cookies: bool = False
    sqlite_synchronous: str = "FULL"
    tick_seconds: float = 1.0
    probe_allowed_networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    strict_table_1: bool = False
    duplicate_threshold: int = 60
    sample_services_port: int = 8601
    redis_url: str | None = None
    log_format: str = "auto"
    log_level: str = "info"
    metrics_networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = _LOOPBACK
    region_code: str = "000000"
    credentials_key_file: Path | None = None
    signing_key: Path | None = None
    assessment_validity_days: int = 180
    local_deployments: bool = False
    deployment_start_seconds: int = 60

    @property
    def files_dir(self) -> Path:
        """Return the folder of the stored files."""
        return self.data_dir / "files"

    @property
    def deployments_dir(self) -> Path:
        """Return the folder of what the local driver runs."""
        return self.data_dir / "deployments"

    @property
    def credentials_key_path(self) -> Path:
        """Return where the keys lie that encrypt credentials; nothing stands in for a missing file."""
        return self.credentials_key_file or self.data_dir / "credentials-key"

    @property
    def signing_key_file(self) -> Path:
        """Return the file of the key that signs reports."""
        return self.signing_key or self.data_dir / "signing-key.pem"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from ``ZUJIAN_*`` variables.

        Raises:
            SettingsError: a variable is malformed, or the secret key is missing.
        """
        source = os.environ if environment is None else environment
        data_dir = Path(source.get(f"{PREFIX}DATA_DIR") or default_data_dir(source)).expanduser().absolute()
        return cls(
            data_dir=data_dir,
            database_url=source.get(f"{PREFIX}DATABASE_URL") or f"sqlite:///{data_dir / 'zujian.sqlite3'}",
            secret_key=_secret_key(source, data_dir),
            processes_dir=Path(source.get(f"{PREFIX}PROCESSES_DIR") or _shipped_processes()),
            host=source.get(f"{PREFIX}HOST") or "127.0.0.1",
            port=_integer(source, "PORT", 8600, 1, 65535),
            session_timeout_minutes=_integer(source, "SESSION_TIMEOUT_MINUTES", 20, 1, 24 * 60),
            secure_cookies=_flag(source, "SECURE_COOKIES", default=False),
            sqlite_synchronous=_choice(source, "SQLITE_SYNCHRONOUS", "FULL", ("FULL", "NORMAL")),
            tick_seconds=_integer(source, "TICK_SECONDS", 1, 1, 60),
            probe_allowed_networks=_networks(source, "PROBE_ALLOWED_NETWORKS"),
            strict_table_1=_flag(source, "STRICT_TABLE_1", default=False),
            duplicate_threshold=_integer(source, "DUPLICATE_THRESHOLD", 60, 1, 100),
            sample_services_port=_integer(source, "SAMPLE_SERVICES_PORT", 8601, 1, 65535),
            redis_url=source.get(f"{PREFIX}REDIS_URL") or None,
            log_format=_choice(source, "LOG_FORMAT", "auto", ("auto", "json", "text")),
            log_level=_choice(source, "LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
            metrics_networks=_networks(source, "METRICS_NETWORKS") or _LOOPBACK,
            region_code=_region(source),
            credentials_key_file=_file(source, "CREDENTIALS_KEY_FILE"),
            signing_key=_file(source, "SIGNING_KEY"),
            assessment_validity_days=_integer(source, "ASSESSMENT_VALIDITY_DAYS", 180, 1, 3650),
            local_deployments=_flag(source, "LOCAL_DEPLOYMENTS", default=False),
            deployment_start_seconds=_integer(source, "DEPLOYMENT_START_SECONDS", 60, 1, 3600),
        )


def _region(source: Mapping[str, str]) -> str:
    code = source.get(f"{PREFIX}REGION_CODE") or "000000"
    try:
        region_range(code)
    except ValueError as error:
        raise _malformed("REGION_CODE", "a code of six digits (GB/T 2260)", repr(code)) from error
    return code


def _file(source: Mapping[str, str], name: str) -> Path | None:
    path = source.get(f"{PREFIX}{name}")
    return Path(path).expanduser().absolute() if path else None


def default_data_dir(environment: Mapping[str, str]) -> str:
    """Return the folder that is used when none is set, outside any checkout.

    Source: XDG Base Directory Specification 0.8, ``XDG_DATA_HOME``
    """
    base = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(base) / "zujian")


def secret_key_path(data_dir: Path) -> Path:
    """Return where the generated secret key is kept."""
    return data_dir / "secret-key"


def _shipped_processes() -> Path:
    return Path(__file__).resolve().parent.parent / "processes"


def _secret_key(source: Mapping[str, str], data_dir: Path) -> str:
    key = source.get(f"{PREFIX}SECRET_KEY")
    path = secret_key_path(data_dir)
    if not key and path.is_file():
        key = path.read_text(encoding="ascii").strip()
    if not key:
        raise SettingsError(
            Text(
                f"缺少会话密钥：请运行 zujian init 生成，或设置 {PREFIX}SECRET_KEY",
                f"There is no secret key: run “zujian init” to make one, or set {PREFIX}SECRET_KEY",
            )
        )
    if len(key) < _MIN_SECRET_LENGTH:
        raise _malformed("SECRET_KEY", f"at least {_MIN_SECRET_LENGTH} characters", f"{len(key)} characters")
    return key


def _integer(source: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = source.get(f"{PREFIX}{name}")
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        raise _malformed(name, f"an integer from {low} to {high}", text)
    return int(text)


def _flag(source: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = source.get(f"{PREFIX}{name}")
    if not text:
        return default
    if text not in {"0", "1", "true", "false"}:
        raise _malformed(name, "true or false", text)
    return text in {"1", "true"}


def _choice(source: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = source.get(f"{PREFIX}{name}") or default
    if text not in allowed:
        raise _malformed(name, " or ".join(allowed), text)
    return text


def _networks(
    source: Mapping[str, str], name: str
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    parts = (source.get(f"{PREFIX}{name}") or "").replace(",", " ").split()
    try:
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError as error:
        raise _malformed(name, "networks such as 10.1.0.0/16, separated by spaces", str(error)) from None


def _malformed(name: str, expected: str, found: str) -> SettingsError:
    return SettingsError(
        Text(
            f"设置 {PREFIX}{name} 有误：应为 {expected}，现为 {found}",
            f"The setting {PREFIX}{name} is malformed: expected {expected}, found {found}",
        )
    )
