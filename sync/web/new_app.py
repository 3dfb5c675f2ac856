"""A Flask application as all of ours begin.

Must not know: what it answers.
"""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from sync.web.serving import LARGEST_BODY_BYTES
from sync.wire.routing import Rule


class _Messages(SecureCookieSessionInterface):
    """The messages from one page to the next. A request that brings none and leaves none pays nothing for them."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.headers.get("Cookie", ""):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.accessed or session.modified:
            super().save_session(app, session, response)


class _App(Flask):
    url_rule_class = Rule
    session_interface = _Messages()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """What it is: no view of ours is a coroutine, and Flask looks at seven functions for each request."""
        return func


def new_app(name: str) -> Flask:
    """An application without routes, whose messages from one page to the next a restart may forget.

    name  of the module it is made in: its templates stand beside that
    """
    app = _App(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES  # but where a route says otherwise
    app.secret_key = secrets.token_bytes(32)
    return app
