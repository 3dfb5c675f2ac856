"""The address of a form, asked for as a page: the page it stands on.

A page that came back for correction stands at the address its form was sent to. Whoever loads that address anew, or
chooses another size of text on it, asks for a page where only forms are taken; what he means is the page above.

    GET /cases/<id>/acts        →  /cases/<id>
    GET /stick/imports          →  /stick

Must not know: what the pages are.
"""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from sync.web.problems import answer, wants_page

_READING = frozenset(("GET", "HEAD"))


def register_leading_back(app: Flask) -> None:
    """Lead whoever asks an address of forms for a page to the one above it; register after the problems."""

    def lead_back(error: Exception) -> ResponseReturnValue:
        if request.method in _READING and wants_page():
            path = request.path
            while path != "/":
                path = path.rpartition("/")[0] or "/"
                if _is_page(app, path):
                    return redirect(path, 303)
        return answer(error)

    app.register_error_handler(MethodNotAllowed, lead_back)


def _is_page(app: Flask, path: str) -> bool:
    try:
        app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True
