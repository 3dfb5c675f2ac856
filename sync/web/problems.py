"""How a refusal reads: RFC 9457 problem details for programs, a plain Chinese page for people.

One table, `PROBLEMS`, turns an error of `sync.errors` or an HTTP status of Flask's into a status, a
title and what to do about it. What nobody foresaw becomes 500: the client gets a reference, the log
gets the frames of the traceback once, and neither gets an error's message, a body or an address,
since those may hold somebody's number.

Must not know: routes, accounts, what was being asked for.
"""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response, current_app, has_app_context, render_template, request
from werkzeug.exceptions import HTTPException

from sync.errors import (
    BadRequest,
    Conflict,
    Damaged,
    DiskFull,
    FileExists,
    Forbidden,
    Invalid,
    LinkDown,
    LinkError,
    LinkTimeout,
    NotAllowed,
    NotFound,
    NotOffered,
    PeerBusy,
    ProtocolError,
    StorageError,
    StoreLocked,
    StoreUnreachable,
    SyncError,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    UnsupportedType,
    WrongPeer,
)
from sync.values.traces import trace_of

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 30
_EXTENSION = "yizhan.problems"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal: its stable name, HTTP status, title, and what the person may do."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def type(self) -> str:
        """The URI that names this kind and never changes (RFC 9457, 3.1.1)."""
        return f"urn:yizhan:problem:{self.name}"


UNFORESEEN = Problem("unforeseen", 500, "系统出错", "请稍后再试；仍不行，请把下面的编号告诉管理员。")

PROBLEMS: Mapping[type[SyncError], Problem] = {
    Invalid: Problem("invalid", 422, "填写有误", "请按提示改正后重新提交。"),
    BadRequest: Problem("bad-request", 400, "请求无法识别", "请返回上一页检查后重新提交。"),
    Unauthorized: Problem("unauthorized", 401, "需要登录", "请登录后再试。"),
    Forbidden: Problem("forbidden", 403, "没有权限", "您的账号不能进行此操作，如有需要请联系站长或管理员。"),
    NotFound: Problem("not-found", 404, "没有找到", "请核对地址或编号，也可以回到首页重新查找。"),
    NotAllowed: Problem("not-allowed", 405, "不支持这种操作", "请从页面上的按钮进入，不要直接输入地址。"),
    Conflict: Problem("conflict", 409, "内容已有变化", "请刷新后在最新内容上重新操作。"),
    FileExists: Problem("exists", 412, "已经存在", "请换一个名称。"),
    TooLarge: Problem("too-large", 413, "内容过大", "请减少内容或把图片压缩后再提交。"),
    UnsupportedType: Problem("unsupported-type", 415, "内容类型不支持", "请按接口说明的类型提交。"),
    TooManyRequests: Problem("too-many-requests", 429, "请求过于频繁", "没有办理任何操作，请过一会儿再试。"),
    NotOffered: Problem("not-offered", 501, "暂不提供", "此功能尚未提供。"),
    PeerBusy: Problem("peer-busy", 503, "对方正忙", "请稍后再试，已保存的内容不受影响。"),
    LinkTimeout: Problem("link-timeout", 504, "网络超时", "已保存的内容在本机，网络恢复后自动上报。"),
    LinkDown: Problem("link-down", 502, "网络未连接", "已保存的内容在本机，联网后自动上报。"),
    LinkError: Problem("link", 502, "网络未连接", "已保存的内容在本机，联网后自动上报。"),
    WrongPeer: Problem(
        "wrong-peer", 502, "对方不是上级节点", "没有向它发送任何内容。请核对上级地址；上级换了设备的，请与中心联系。"
    ),
    ProtocolError: Problem("protocol", 502, "对方应答有误", "请联系管理员检查对方节点。"),
    DiskFull: Problem("disk-full", 507, "磁盘已满", "这次内容没有保存。请联系管理员清理磁盘后重新提交。"),
    StoreLocked: Problem("store-locked", 503, "数据正被占用", "请稍后再试。"),
    Damaged: Problem("damaged", 500, "数据文件损坏", "请停止使用并立即联系管理员，不要关机或删除文件。"),
    StoreUnreachable: Problem(
        "store-unreachable",
        503,
        "文档库暂时连接不上",
        "旧办件暂时打不开，这次操作没有保存，请稍后再试。新收件照常保存在本机，文档库恢复后自动写入。",
    ),
    StorageError: Problem("storage", 500, "保存失败", "这次内容没有保存，请联系管理员。"),
    SyncError: UNFORESEEN,
}

# Statuses that Flask and Werkzeug raise by themselves, as the errors they amount to.
_STATUSES: Mapping[int, type[SyncError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: NotAllowed,
    409: Conflict,
    412: FileExists,
    413: TooLarge,
    414: TooLarge,
    415: UnsupportedType,
    422: Invalid,
    429: TooManyRequests,
    501: NotOffered,
    503: PeerBusy,
}


def problem_of(error: Exception) -> Problem:
    """The table's row for an error: its class's, or the nearest class above it."""
    if isinstance(error, HTTPException):
        kind = _STATUSES.get(error.code or 500)
        return PROBLEMS[kind] if kind else UNFORESEEN
    table = current_app.extensions.get(_EXTENSION, PROBLEMS) if has_app_context() else PROBLEMS
    for kind in type(error).__mro__:
        if kind in table:
            row: Problem = table[kind]
            return row
    return UNFORESEEN


def problem_table(app: Flask) -> Mapping[type[SyncError], Problem]:
    """Every row an application knows."""
    table: Mapping[type[SyncError], Problem] = app.extensions[_EXTENSION]
    return table


def register_problems(app: Flask, more: Mapping[type[SyncError], Problem] | None = None) -> None:
    """Answer every error of an application in one shape; blueprints with handlers of their own keep them.

    more  rows for errors only this application knows

    Pages need the templates of `sync.web.frame`; addresses under `/api/` and `/control/`, and
    clients that do not ask for HTML, get `application/problem+json`.
    """
    app.extensions[_EXTENSION] = {**PROBLEMS, **(more or {})}
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """The response to an error, for a program or a person."""
    problem = problem_of(error)
    reference = _log_once(error, problem) if problem.status >= 500 and not _waiting_helps(error) else ""
    if wants_page():
        response = _page(problem, error, reference)
    else:
        response = Response(orjson.dumps(details(error, reference=reference)), mimetype=CONTENT_TYPE)
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    _add_headers(response, error, problem)
    return response


def details(error: Exception, *, reference: str = "") -> dict[str, Any]:
    """The members of a problem details object.

    reference  names this occurrence in the log; without one, `instance` is the address asked for
    returns    {type, title, status, detail, instance, errors: [{field, message}] when fields are named}, and what the
               error itself adds
    source     RFC 9457, 3.1
    """
    problem = problem_of(error)
    members: dict[str, Any] = {
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": _reason(error, problem) or problem.advice,
        "instance": f"urn:yizhan:fault:{reference}" if reference else request.path,
    }
    if isinstance(error, SyncError):
        members |= error.members
    if isinstance(error, Invalid) and error.fields:
        members["errors"] = [{"field": field, "message": message} for field, message in error.fields]
    return members


def error_of(members: Mapping[str, Any]) -> SyncError:
    """The error that a problem details object of ours amounts to, for raising on the other side."""
    kinds = {problem.type: kind for kind, problem in PROBLEMS.items()}
    kind = kinds.get(str(members.get("type")), SyncError)
    detail = str(members.get("detail", ""))
    if kind is Invalid:
        errors = members.get("errors") or ()
        return Invalid(detail, fields=[(str(e["field"]), str(e["message"])) for e in errors])
    return kind(detail)


def wants_page() -> bool:
    """Whether the one who asks is a person before a browser."""
    if request.path.startswith(("/api/", "/control/")):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def _page(problem: Problem, error: Exception, reference: str) -> Response:
    reason = _reason(error, problem)
    # A reason written for developers is English, and a person at a desk cannot use it.
    readable = reason if any("\u4e00" <= character <= "\u9fff" for character in reason) else ""
    fields = error.fields if isinstance(error, Invalid) else ()
    return Response(
        render_template("frame/error.html", problem=problem, reason=readable, reference=reference, fields=fields),
        mimetype="text/html",
    )


def _reason(error: Exception, problem: Problem) -> str:
    """What the raiser said; of our own faults only the table speaks, since reasons may name paths."""
    if isinstance(error, SyncError) and problem.status < 500:
        return error.reason
    return ""


def _waiting_helps(error: Exception) -> bool:
    return isinstance(error, SyncError) and error.waiting_helps


def _log_once(error: Exception, problem: Problem) -> str:
    reference = uuid.uuid4().hex[:12]
    frames = trace_of(error)
    rule = request.url_rule.rule if request.url_rule else "(no route)"
    _log.error("%s %s %s %s %s\n%s", reference, problem.name, request.method, rule, type(error).__name__, frames)
    return reference


def _add_headers(response: Response, error: Exception, problem: Problem) -> None:
    if isinstance(error, HTTPException):
        response.headers.extend([(k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After")])
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if problem.status in (503, 507) and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if problem.status == 401:
        # Not Basic: that would make browsers open a dialogue of their own over our page.
        response.headers["WWW-Authenticate"] = 'Session realm="yizhan"'
