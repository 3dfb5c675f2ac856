"""The API within a Flask application, under a prefix such as `/couch`: how a node mounts it.

The routes are our own (see `routes`), because Flask matches addresses after they were decoded, and a
document id may hold a slash.

    gate = FeedGate()
    server = Server(open_databases=guarded_for, admit=admit_signed, feeds=gate, uuid=life_id, …)
    app.register_blueprint(couch_blueprint(server, prefix="/couch"))
    ...
    gate.close()            # before the server stops, so that waiting feeds end

Must not know: what admits a caller, how databases keep their documents.
"""

from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from sync.http_api.answers import Answer
from sync.http_api.call import METHODS, Server

if TYPE_CHECKING:
    from sync.http_api.api import Api


def couch_blueprint(server: Server, *, prefix: str) -> Blueprint:
    """All routes under a prefix, "" for the root; whoever is admitted may use all, and sees what the server opens."""

    @cache
    def api() -> "Api":
        # Here and not above: our nodes exchange, and the routes of CouchDB are loaded when a foreign tool comes (1 MB).
        from sync.http_api.api import Api

        return Api(server, prefix=prefix)

    def answer(rest: str) -> Answer:
        return api().answer(request._get_current_object())  # type: ignore[attr-defined]

    blueprint = Blueprint("couch", __name__, url_prefix=prefix or None)
    blueprint.record(_take_every_address)
    blueprint.add_url_rule(
        "/<couch_address:rest>",
        "answer",
        answer,
        methods=METHODS,
        strict_slashes=False,
        provide_automatic_options=False,
    )
    return blueprint


class _Address(BaseConverter):
    """Whatever stands behind the prefix, slashes and nothing included."""

    regex = "(?s:.*)"
    part_isolating = False


def _take_every_address(state: BlueprintSetupState) -> None:
    # Ids may begin with a slash; Flask would answer such addresses with a redirect of its own.
    state.app.url_map.merge_slashes = False
    state.app.url_map.converters["couch_address"] = _Address
