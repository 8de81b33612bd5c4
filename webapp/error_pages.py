"""The one place that turns errors into HTTP statuses and pages.

Rejected families carry a sentence for the person; anything else is a bug: it is logged with the
request id that the page shows, and nothing of its inside reaches the browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, PlatformError, Unavailable
from webapp.languages import gettext as _
from webapp.languages import in_language

log = structlog.get_logger(__name__)

STATUS_OF: tuple[tuple[type[PlatformError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page or a problem document says."""

    status: int
    title: str
    detail: str
    broken_rules: tuple[tuple[str, str], ...] = ()


def init_app(app: Flask) -> None:
    """Give each request an id and register the handlers."""
    app.before_request(_name_request)
    app.register_error_handler(PlatformError, _on_platform_error)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, _on_bug)


def status_of(error: PlatformError) -> int:
    """Return the HTTP status of a platform error."""
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 400)


def _name_request() -> None:
    g.request_id = uuid4().hex[:12]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _on_platform_error(error: PlatformError) -> ResponseReturnValue:
    status = status_of(error)
    items: tuple[tuple[str, str], ...] = ()
    if isinstance(error, Invalid):
        items = tuple((problem.path, in_language(problem.message)) for problem in error.problems)
    return _answer(Problem(status, _title(status), in_language(error.message), items))


def _on_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    detail = _("页面已过期或请求来源不明，本次操作未执行。请返回上一页刷新后重试。")
    return _answer(Problem(400, _("请求未通过安全校验"), detail))


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    return _answer(Problem(status, _title(status), _explanation(status)))


def _on_bug(error: Exception) -> ResponseReturnValue:
    log.error("request.failed", path=request.path, exc_info=error)
    return _answer(Problem(500, _title(500), _explanation(500)))


def _answer(problem: Problem) -> ResponseReturnValue:
    if request.blueprint == "api" or request.accept_mimetypes.best == "application/json":
        document = {
            "type": "about:blank",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "errors": [{"path": path, "message": message} for path, message in problem.broken_rules],
            "request_id": g.get("request_id"),
        }
        response = jsonify(document)
        response.content_type = "application/problem+json"
        return response, problem.status
    page = render_template("errors/error.html", problem=problem, request_id=g.get("request_id"))
    return page, problem.status


def _title(status: int) -> str:
    return {
        400: _("请求有误"),
        401: _("请先登录"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("不支持的操作"),
        409: _("事项已发生变化"),
        413: _("文件过大"),
        422: _("内容未通过校验"),
        429: _("操作过于频繁"),
        503: _("暂时无法办理"),
    }.get(status, _("系统出现故障"))


def _explanation(status: int) -> str:
    return {
        401: _("会话已超时或尚未登录。"),
        403: _("您的角色不包含此操作。如确需办理，请向安全管理员申请授权。"),
        404: _("此地址不存在，或该内容不在您的权限范围内。"),
        413: _("单次上传不得超过 60 MB，请压缩或拆分后重试。"),
        429: _("请稍候一分钟再试。"),
        500: _("系统未能完成本次操作，数据没有改变。请把下方编号告知运维人员。"),
        503: _("所依赖的服务暂不可用，请稍后重试。"),
    }.get(status, _("系统无法处理这一请求，请返回上一页重试。"))
