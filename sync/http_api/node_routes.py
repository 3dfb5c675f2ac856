"""The doors of a node that other nodes knock at: `/couch/…`, `/exchange` and `/enrolment`.

Whoever comes to the first two signs each request; the third is for those who cannot yet, and what
it carries proves itself.

Must not know: what is exchanged, how the centre grants an enrolment.
"""

import io
from collections.abc import Callable

from flask import Blueprint, Flask, Response, g, request
from werkzeug.wsgi import get_input_stream

from sync.errors import LinkDown, SyncError, TooLarge
from sync.http_api.answers import problem, text_answer
from sync.http_api.blueprint import couch_blueprint
from sync.http_api.feeds import FeedGate
from sync.node.admission import Asked, Gatekeeper
from sync.node.answering import answer
from sync.node.node import Node
from sync.node.sharing import SharedDatabases, shared_with_child
from sync.store.ledger.certificates import Known
from sync.users.caller import Caller
from sync.wire.exchange import read_offer, write_answer

# A batch of records with its chunks; signed bodies are held whole, since the signature covers them.
MAX_BODY_BYTES = 32 << 20
_MAX_ENROLMENT_BYTES = 64 << 10


def mount_node(app: Flask, node: Node, *, enrol: Callable[[bytes], bytes], feeds: FeedGate) -> None:
    """Give an application the doors of its node.

    enrol  answers an enrolment request: the centre grants, every other node passes it on
    feeds  the places for requests that wait; the application closes it before it stops
    """
    gatekeeper = Gatekeeper(node)

    def admit() -> Caller:
        g.peer = _admitted(gatekeeper)
        return Caller(g.peer.writer)

    def shared() -> SharedDatabases:
        return shared_with_child(node, g.peer)

    app.register_blueprint(
        couch_blueprint(
            shared, admit, feeds=feeds, uuid=node.identity.life, prefix="/couch", max_body_bytes=MAX_BODY_BYTES
        )
    )
    app.register_blueprint(_exchange(node, gatekeeper, enrol))


def _exchange(node: Node, gatekeeper: Gatekeeper, enrol: Callable[[bytes], bytes]) -> Blueprint:
    blueprint = Blueprint("node", __name__)

    @blueprint.post("/exchange")
    def exchange() -> Response:
        peer = _admitted(gatekeeper)
        return text_answer(write_answer(answer(node, peer, read_offer(request.get_data()))))

    @blueprint.post("/enrolment")
    def enrolment() -> Response:
        return text_answer(enrol(_read_body(_MAX_ENROLMENT_BYTES)))

    @blueprint.errorhandler(SyncError)
    def refused(error: SyncError) -> Response:
        return problem(error)

    return blueprint


def _admitted(gatekeeper: Gatekeeper) -> Known:
    """The certified node that signed the current request; its body can be read again afterwards."""
    body = _read_body(MAX_BODY_BYTES)
    request.environ["wsgi.input"] = io.BytesIO(body)
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    return gatekeeper.admit(Asked(request.method, str(target), body, request.headers.get("Authorization", "")))


def _read_body(most_bytes: int) -> bytes:
    """The body as sent, whether its length was told beforehand or not; raises TooLarge."""
    if (request.content_length or 0) > most_bytes:
        raise TooLarge("the request entity is too large")
    try:
        body = get_input_stream(request.environ).read(most_bytes + 1)
    except ConnectionError:
        raise LinkDown("the request broke off") from None
    if len(body) > most_bytes:
        raise TooLarge("the request entity is too large")
    return body
