"""One map from what went wrong to an answer: RFC 9457 for programs, a helpful page for people."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Response
from litestar.exceptions import (
    HTTPException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import N_, _
from evaluation.platform.pages import AnyRequest

PROBLEM = "application/problem+json"

TITLES = {
    400: N_("请求无法理解"),
    401: N_("请先登录"),
    403: N_("页面已过期"),
    404: N_("没有找到"),
    409: N_("与同时进行的另一操作冲突"),
    405: N_("不支持这种操作"),
    413: N_("文件太大"),
    429: N_("请求过于频繁"),
    500: N_("系统出错"),
    503: N_("暂时繁忙"),
    507: N_("存储空间不足"),
}
REMEDIES = {
    400: N_("请检查填写的内容后重试。"),
    401: N_("请登录后继续。"),
    403: N_("为了安全，请返回上一页，刷新后重新提交。您填写的内容没有保存。"),
    404: N_("没有这个页面，或者您无权查看。请检查地址，或返回首页。"),
    405: N_("请从页面上的按钮操作。"),
    409: N_("另一操作刚刚保存了同样的内容，您的操作没有保存。请刷新页面查看后再试。"),
    413: N_("一次上传最多 {limit} MB。请减小文件后重试；未保存任何内容。"),
    429: N_("请稍等片刻再试。"),
    500: N_("我们已记录这个错误。您的操作没有保存，请稍后重试；如仍出错，请把编号告诉管理员。"),
    503: N_("系统正忙，您的操作没有保存，请几秒后重试。"),
    507: N_("服务器磁盘空间不足，您的操作没有保存。已有数据仍可查看，请联系管理员。"),
}


DATABASE_FAILS = N_("数据库出现故障")
CALL_SOMEBODY = N_(
    "数据库只能读取或已损坏，您的操作没有保存。请联系管理员检查磁盘权限或从备份恢复。"
)


def handle_domain(request: AnyRequest, error: DomainError) -> Response[Any]:
    """A refusal by a rule."""
    return answer(
        request,
        status=type(error).status,
        code=type(error).code,
        title=_(type(error).title),
        detail=error.explain(),
        faults=error.faults if isinstance(error, Faulty) else (),
        headers={"Retry-After": str(error.facts["seconds"])} if error.status == 429 else {},
    )


def handle_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A refusal by the framework: unknown address, wrong method, broken form, stale page."""
    if isinstance(error, NotAuthorizedException) and not wants_problem(request):
        return to_sign_in(request)
    status = error.status_code
    if isinstance(error, PermissionDeniedException):
        status = 403
    if isinstance(error, NotFoundException):
        return handle_domain(request, NotFound())
    if status not in TITLES:
        status = 400 if status < 500 else 500
    return answer(
        request,
        status=status,
        code={401: "sign-in-needed", 403: "stale-page", 413: "too-large"}.get(
            status, f"http-{status}"
        ),
        title=_(TITLES[status]),
        detail=_(REMEDIES[status], limit=request.app.state.settings.upload_megabytes),
        headers={k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"},
    )


def handle_database(request: AnyRequest, error: DatabaseError) -> Response[Any]:
    """The database is busy, full, only readable, broken or away; nothing was stored."""
    text = str(error.orig).lower()
    status = 507 if "full" in text or "no space" in text else 503
    structlog.get_logger().error("database", error=text, status=status)
    code, title, detail = "storage-full" if status == 507 else "busy", TITLES[status], ""
    if any(word in text for word in ("readonly", "read-only", "malformed", "not a database")):
        code, title, detail = "database-fails", DATABASE_FAILS, CALL_SOMEBODY
    return answer(
        request,
        status=status,
        code=code,
        title=_(title),
        detail=_(detail or REMEDIES[status]),
        headers={"Retry-After": "5"} if code != "database-fails" else {},
    )


def handle_clash(request: AnyRequest, error: IntegrityError) -> Response[Any]:
    """Somebody else stored the same a moment ago; nothing was stored now. Else it is a bug."""
    said = str(error.orig).partition("\n")[0]  # what follows holds the values
    if "unique" not in said.lower():
        return handle_unexpected(request, error)
    structlog.get_logger().warning("clash", error=said)
    return answer(request, status=409, code="clash", title=_(TITLES[409]), detail=_(REMEDIES[409]))


def handle_data(request: AnyRequest, error: DataError) -> Response[Any]:
    """A text or number that the database cannot hold, such as a NUL character."""
    structlog.get_logger().warning("data", error=str(error.orig))
    return answer(
        request, status=400, code="unstorable", title=_(TITLES[400]), detail=_(REMEDIES[400])
    )


def handle_unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    """A bug: logged in full under a reference, told in a sentence."""
    if isinstance(error, HTTPException):
        return handle_http(request, error)
    reference = secrets.token_hex(4)
    structlog.get_logger().error(
        "unexpected", reference=reference, path=request.url.path, exc_info=error
    )
    return answer(
        request,
        status=500,
        code="unexpected",
        title=_(TITLES[500]),
        detail=_(REMEDIES[500]),
        reference=reference,
    )


def answer(
    request: AnyRequest,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    faults: tuple[Fault, ...] = (),
    headers: dict[str, str] | None = None,
    reference: str = "",
) -> Response[Any]:
    """Problem details for a program, `error.html` for a person."""
    if wants_problem(request):
        body: dict[str, Any] = {
            "type": f"urn:yingshang:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
        }
        if faults:
            body["errors"] = [as_dict(fault) for fault in faults]
        if reference:
            body["reference"] = reference
        return Response(body, status_code=status, media_type=PROBLEM, headers=headers or {})
    return pages.render(
        request,
        "error.html",
        status=status,
        headers=headers,
        framed=False,
        status_code=status,
        title=title,
        detail=detail,
        faults=faults,
        reference=reference,
    )


def as_dict(fault: Fault) -> dict[str, Any]:
    """A fault for a program: its place, what is wrong and how to mend it."""
    return {
        "code": fault.code,
        "sheet": fault.sheet,
        "cell": fault.cell,
        "row": fault.row,
        "column": fault.column,
        "what": fault.explain(),
        "mend": fault.remedy(),
        "severity": fault.severity,
    }


def wants_problem(request: AnyRequest) -> bool:
    """Whether a program is asking: an API address, or JSON accepted rather than HTML."""
    if request.url.path.startswith("/api/"):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def to_sign_in(request: AnyRequest) -> Response[Any]:
    """Off to the sign-in page, and back here afterwards if it was a page that was asked for."""
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(there)}" if request.method == "GET" and there != "/" else ""
    headers = {"Location": f"/sign-in{back}"}
    return Response("", status_code=303, media_type=MediaType.HTML, headers=headers)
