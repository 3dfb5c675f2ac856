"""Whether a browser stands in the hall for everybody: told once, by opening /citizen/?kiosk=on; a cookie keeps it.

Must not know: what a kiosk does about it.
"""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

_COOKIE = "yizhan_kiosk"
_YEAR_SECONDS = 365 * 24 * 3600


def is_kiosk() -> bool:
    """Whether this browser was told so."""
    return request.cookies.get(_COOKIE) == "on"


def turn_kiosk() -> ResponseReturnValue | None:
    """Before a request: with ?kiosk=on this browser is one from now on, with ?kiosk=off none any more."""
    said = request.args.get("kiosk")
    if said not in ("on", "off"):
        return None
    response = make_response(redirect(url_for("citizen.home")))
    age = _YEAR_SECONDS if said == "on" else 0
    response.set_cookie(_COOKIE, "on", max_age=age, samesite="Strict", httponly=True)
    return response
