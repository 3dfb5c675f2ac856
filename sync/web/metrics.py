"""`GET /metrics`: numbers for Prometheus, read when somebody asks and kept by nobody.

From this machine they are had without signing in, as an exporter's are; from another with the token of the settings, as
a bearer, or by an account that may see the node. What a proxy on this machine passes on is from elsewhere.

No label and no value names a station, a person or a case: labels are lanes, directions, levels and states.

source  Prometheus, Exposition formats and Metric and label naming

Must not know: what is counted.
"""

import hmac
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request

from sync.errors import Forbidden, Unauthorized
from sync.messages import _
from sync.values.addresses import is_loopback
from sync.web.roles import Role
from sync.web.sessions import current_account

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PATH = "/metrics"
# What proxies say of whom they speak for.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

Collect = Callable[[], Iterable["Metric"]]


def register_metrics(app: Flask, collect: Collect, *, token: str, roles: tuple[Role, ...]) -> None:
    """Give an application the numbers.

    collect  the families, read anew at each request
    token    whoever brings it may read them from elsewhere; "" for nobody
    roles    whose accounts may
    """
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get(PATH)
    def metrics() -> Response:
        _require(token, roles)
        # Here and not above: a node that nobody watches never loads the library of Prometheus (1.3 MB).
        from sync.web.exposition import CONTENT_TYPE, exposed

        response = Response(exposed(collect()), content_type=CONTENT_TYPE)
        response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(blueprint)


def _require(token: str, roles: tuple[Role, ...]) -> None:
    sent = request.authorization
    if sent is not None and sent.type == "bearer":
        if token and hmac.compare_digest((sent.token or "").encode(), token.encode()):
            return
        raise Unauthorized("the token is not the one of the settings")
    is_here = is_loopback(request.remote_addr or "") and not any(name in request.headers for name in _FORWARDED)
    if is_here:
        return
    account = current_account()
    if account is None:
        raise Unauthorized(_("Sign in first, or send the token of the settings"))
    if account.must_change or account.role not in roles:
        raise Forbidden(_("Your account may not see the metrics"))
