"""Answers as OpenRosa clients read them; the same in JSON for a client that asks for it."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import structlog
from litestar import Response
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import HTTPException
from obstore.exceptions import BaseError as StoreError
from sqlalchemy.exc import DatabaseError

from evaluation.platform import problems
from evaluation.platform.edge import drain
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.evidence import EvidenceGone
from evaluation.platform.i18n import N_, _, current_locale
from evaluation.platform.pages import AnyRequest
from surveys.openrosa.asking import KeyNeeded
from surveys.submissions import receipts
from surveys.submissions.errors import Refused
from surveys.submissions.reasons import REASONS
from surveys.submissions.receipts import Receipt
from surveys.submissions.rules import RECEIPT_STATES

XML = "text/xml"
VERSION = {"X-OpenRosa-Version": "1.0"}
NAMESPACE = "http://openrosa.org/http/response"
MOST_TOLD = 5
RECEIPT_NAMESPACE = "urn:yingshang:receipt"

REMEDIES = {
    400: N_("请求无法理解。手机上的记录没有丢失，请重新发送；如仍不行，请联系评价督导。"),
    404: N_("没有这个地址，或者它不属于这台设备。"),
    405: N_("这个地址不支持这种操作。"),
    413: N_("一次发送的内容超过 {limit} MB。手机上的记录没有丢失，请分批发送。"),
    500: N_("服务器出错，没有保存这次发送的内容。手机上的记录没有丢失，请稍后重试。"),
    503: N_("服务器正忙，没有保存这次发送的内容。手机上的记录没有丢失，稍后会自动重试。"),
    507: N_("服务器空间不足，没有保存这次发送的内容。手机上的记录没有丢失，请联系管理员。"),
}


def xml(
    content: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """An XML answer with what every OpenRosa answer carries."""
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{content}',
        status_code=status,
        media_type=XML,
        headers={**VERSION, **(headers or {})},
    )


def nothing(*, headers: Mapping[str, str] | None = None) -> Response[None]:
    """204: everything is in the headers."""
    return Response(None, status_code=204, headers={**VERSION, **(headers or {})})


def taken(request: AnyRequest, receipt: Receipt, afterwards: BackgroundTask) -> Response[Any]:
    """201 for what is new, 202 for what was here; the receipt for whoever can read it."""
    status = 201 if receipt.new else 202
    if wants_json(request):
        return Response(
            receipts.as_json(receipt), status_code=status, headers=VERSION, background=afterwards
        )
    files = "".join(
        f'<file name={quoteattr(each.name)} received="{"true" if each.received else "false"}"'
        f" sha256={quoteattr(each.sha256 or '')}/>"
        for each in receipt.files
    )
    held = (
        f'<receipt xmlns="{RECEIPT_NAMESPACE}" code={quoteattr(receipt.code)}'
        f" instance={quoteattr(receipt.instance)} state={quoteattr(receipt.state)}"
        f' complete="{"true" if receipt.complete else "false"}">{files}</receipt>'
    )
    answer = xml(_response(told(receipt), "submit_success", held), status=status)
    answer.background = afterwards
    return answer


def told(receipt: Receipt) -> str:
    """A receipt in a sentence or two, in the current language."""
    said = [_("回执 {code}：{state}。", code=receipt.code, state=_(RECEIPT_STATES[receipt.state]))]
    if receipt.missing:
        said.append(_("还缺 {count} 个文件。", count=len(receipt.missing)))
    sealed = sum(each.received and bool(each.problem) for each in receipt.files)
    if sealed:
        said.append(_("{count} 个文件不是可显示的照片，已按原样封存。", count=sealed))
    for each in receipt.asides[:MOST_TOLD]:
        why = _(REASONS[each.reason].text, name=each.name)
        said.append(
            _("{why}已另存，编号 {code}。", why=why, code=each.refusal) if each.refusal else why
        )
    return "".join(said) if current_locale() == "zh" else " ".join(said)


def handle_domain(request: AnyRequest, error: DomainError) -> Response[Any]:
    """A refusal by a rule."""
    if isinstance(error, EvidenceGone):  # ours to mend, and no sign to a phone to wipe itself
        return _plain(request, 500)
    if isinstance(error, NotFound):
        return _plain(request, 404)
    headers = dict(error.headers) if isinstance(error, KeyNeeded) else {}
    if "seconds" in error.facts:
        headers["Retry-After"] = str(error.facts["seconds"])
    extra: dict[str, Any] = {}
    detail = error.explain()
    if isinstance(error, Refused):
        extra = {"reason": error.reason, "refusal": error.refusal}
        detail += _reviewers_reason(request, error)
    return _failed(
        request,
        type(error).status,
        type(error).code,
        _(type(error).title),
        detail,
        headers=headers,
        **extra,
    )


def _reviewers_reason(request: AnyRequest, error: Refused) -> str:
    """Why the record was set aside, as the reviewer wrote it for its evaluator."""
    if error.submission_id is None:
        return ""
    with request.app.state.database.reading() as session:
        told = request.app.state.given_back(session, [error.submission_id])
    found = told.get(error.submission_id)
    return _("审核意见：{reason}", reason=found.reason) if found and found.reason else ""


def handle_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A refusal by the framework."""
    status = error.status_code
    if status not in REMEDIES:
        status = 400 if status < 500 else 500
    allow = {k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"}
    return _plain(request, status, headers=allow)


def handle_database(request: AnyRequest, error: DatabaseError) -> Response[Any]:
    """The database is busy, full or away; nothing was stored."""
    text = str(error.orig).lower()
    status = 507 if "full" in text or "no space" in text else 503
    structlog.get_logger().error("database", error=text, status=status)
    return _plain(request, status, headers={"Retry-After": "5"})


def handle_unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    """A bug, or a disk that is full; logged without the address, which may hold a key."""
    if isinstance(error, HTTPException):
        return handle_http(request, error)
    if disk_full(error):
        structlog.get_logger().error("disk full")
        return _plain(request, 507, headers={"Retry-After": "60"})
    reference = secrets.token_hex(4)
    structlog.get_logger().error("unexpected", reference=reference, exc_info=error)
    return _plain(request, 500, reference=reference)


def disk_full(error: BaseException) -> bool:
    """Whether a file could not be written for want of room."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, StoreError) and "os error 28" in str(error).lower()


def wants_json(request: AnyRequest) -> bool:
    """Whether our own app is asking."""
    return "json" in request.headers.get("accept", "")


def _plain(
    request: AnyRequest, status: int, *, headers: Mapping[str, str] | None = None, **extra: Any
) -> Response[Any]:
    limit = request.app.state.settings.upload_megabytes
    detail = _(REMEDIES[status], limit=limit) if status == 413 else _(REMEDIES[status])
    title = _(problems.TITLES[status])
    return _failed(request, status, f"http-{status}", title, detail, headers=headers, **extra)


def _failed(
    request: AnyRequest,
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response[Any]:
    if wants_json(request):
        body = {
            "type": f"urn:yingshang:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            **extra,
        }
        return Response(
            body,
            status_code=status,
            media_type=problems.PROBLEM,
            headers={**VERSION, **(headers or {})},
        )
    return xml(_response(detail, "submit_error"), status=status, headers=headers)


def _response(message: str, nature: str, held: str = "") -> str:
    return (
        f'<OpenRosaResponse xmlns="{NAMESPACE}">'
        f'<message nature="{nature}">{escape(_printable(message))}</message>{held}'
        "</OpenRosaResponse>"
    )


def _printable(text: str) -> str:
    # XML 1.0 has no sign for most control characters, and a message may quote what was sent.
    return "".join(letter if letter.isprintable() else "�" for letter in text)


async def drained(request: AnyRequest) -> None:
    """Read and drop the body, so that whoever sends it gets to see the answer."""
    await drain(request.receive)
