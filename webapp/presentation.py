"""How values look on a page: times in Asia/Shanghai, spans in words, sizes in bytes.

Times are stored in UTC; they become local here and nowhere else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from kernel import clock
from webapp.forms.fields import field_id
from webapp.languages import TIME_ZONE, ngettext
from webapp.languages import gettext as _

SHANGHAI = ZoneInfo(TIME_ZONE)


def register_filters(app: Flask) -> None:
    """Offer the functions of this module to the templates as filters."""
    for function in (local_time, local_day, short_time, span, file_size, field_id):
        app.template_filter(function.__name__)(function)


def to_local(at: datetime) -> datetime:
    """Return an instant as Shanghai time."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(SHANGHAI)


def local_time(at: datetime | None) -> str:
    """Return ``YYYY-MM-DD HH:mm`` in Shanghai time."""
    return to_local(at).strftime("%Y-%m-%d %H:%M") if at else ""


def local_day(at: datetime | date | None) -> str:
    """Return ``YYYY-MM-DD`` in Shanghai time."""
    if at is None:
        return ""
    return (to_local(at) if isinstance(at, datetime) else at).strftime("%Y-%m-%d")


def short_time(at: datetime | None) -> str:
    """Return the time today, "yesterday" with the time, the month and day this year, else the full day."""
    if at is None:
        return ""
    local, today = to_local(at), to_local(clock.now()).date()
    if local.date() == today:
        return local.strftime("%H:%M")
    if local.date() == today - timedelta(days=1):
        return _("昨天 %(time)s", time=local.strftime("%H:%M"))
    return local.strftime("%m-%d" if local.year == today.year else "%Y-%m-%d")


def span(seconds: float | timedelta | None) -> str:
    """Return a duration in its two largest units: "2 天 3 小时", "35 分钟", "1.2 秒"."""
    if seconds is None:
        return ""
    total = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    total = abs(total)
    if total < 60:
        return _("%(n)s 秒", n=f"{total:.1f}".rstrip("0").rstrip(".") or "0")
    minutes, hours, days = int(total // 60), int(total // 3600), int(total // 86400)
    if hours < 1:
        return ngettext("%(num)d 分钟", "%(num)d 分钟", minutes)
    if days < 1:
        rest = minutes % 60
        whole = ngettext("%(num)d 小时", "%(num)d 小时", hours)
        return whole if not rest else whole + " " + ngettext("%(num)d 分钟", "%(num)d 分钟", rest)
    rest = hours % 24
    whole = ngettext("%(num)d 天", "%(num)d 天", days)
    return whole if not rest else whole + " " + ngettext("%(num)d 小时", "%(num)d 小时", rest)


def file_size(count: int | None) -> str:
    """Return a number of bytes as B, KB or MB."""
    if count is None:
        return ""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"
