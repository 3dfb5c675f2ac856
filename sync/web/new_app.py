"""A Flask application as all of ours begin.

Must not know: what it answers.
"""

import secrets

from flask import Flask

from sync.web.serving import LARGEST_BODY_BYTES
from sync.wire.routing import Rule


class _App(Flask):
    url_rule_class = Rule


def new_app(name: str) -> Flask:
    """An application without routes, whose messages from one page to the next a restart may forget.

    name  of the module it is made in: its templates stand beside that
    """
    app = _App(name, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES  # but where a route says otherwise
    app.secret_key = secrets.token_bytes(32)
    return app
