"""The doors of a node that other nodes knock at: `/couch/…`, `/exchange` and `/enrolment`.

Whoever comes to the first two signs each request, and the signature is looked at before a large body is
read; the third is for those who cannot yet, and what it carries proves itself.

Must not know: what is exchanged, how the centre grants an enrolment.
"""

import io
from collections.abc import Callable
from functools import partial

from flask import Blueprint, Flask, g, request
from werkzeug.wrappers import Request
from werkzeug.wsgi import get_input_stream

from sync.database import Databases
from sync.errors import LinkDown, SyncError, TooLarge, Unauthorized
from sync.http_api.answers import Answer, problem, text_answer
from sync.http_api.blueprint import couch_blueprint
from sync.http_api.bodies import packed_pieces
from sync.http_api.call import Server, tell_known
from sync.http_api.feeds import FeedGate
from sync.node.meeting.admission import Asked, Gatekeeper
from sync.node.node import Node
from sync.node.road.answering import Answering, Shut, all_open
from sync.node.road.relaying import Fetch, RelayingDatabases
from sync.node.sharing import shared_with_child
from sync.store.ledger.certificates import Known
from sync.trust.requests import body_digest, told_digest
from sync.typed import replace
from sync.users.accounts import Session
from sync.users.caller import Caller
from sync.wire.conversation import Kind, read_items, read_opening, write_conversation
from sync.wire.exchange import read_offer, write_answer
from sync.wire.stream import CONTENT_TYPE, dictionary_of, frames_of, gathered, packed_by_size, to_answer
from sync.wire.words import Spoken, split_name, with_words

# A batch of records with its chunks; signed bodies are held whole, since the signature covers them.
MAX_BODY_BYTES = 32 << 20
# Before a signature was looked at: the largest record there is. Nodes of before do not name what they send, and halve.
_MAX_UNNAMED_BYTES = 2 << 20
_MAX_ENROLMENT_BYTES = 64 << 10


def mount_node(
    app: Flask,
    node: Node,
    *,
    enrol: Callable[[bytes], bytes],
    feeds: FeedGate,
    shut: Shut = all_open,
    fetch: Fetch | None = None,
) -> None:
    """Give an application the doors of its node.

    enrol  answers an enrolment request: the centre grants, every other node passes it on
    feeds  the places for requests that wait; the application closes it before it stops
    shut   for whose photos there is no room now
    fetch  has from above what nodes below ask for in vain; None at the centre
    """
    gatekeeper = Gatekeeper(node)

    def admit(asked: Request) -> Session:
        g.peer = _admitted(gatekeeper, asked)
        return Session(Caller(g.peer.writer))

    server = Server(
        trouble=lambda: node.engine.trouble,
        open_databases=lambda caller: _shared(node, g.peer, shut, fetch),
        admit=admit,
        feeds=feeds,
        uuid=node.identity.life,
        max_body_bytes=MAX_BODY_BYTES,
        max_attachment_bytes=MAX_BODY_BYTES,
    )
    app.register_blueprint(couch_blueprint(server, prefix="/couch"))
    app.register_blueprint(_exchange(node, gatekeeper, enrol, shut))


def _shared(node: Node, peer: Known, shut: Shut, fetch: Fetch | None) -> Databases:
    shared = shared_with_child(node, peer, shut=shut)
    return shared if fetch is None else RelayingDatabases(shared, fetch)


def _exchange(node: Node, gatekeeper: Gatekeeper, enrol: Callable[[bytes], bytes], shut: Shut) -> Blueprint:
    blueprint = Blueprint("node", __name__)
    answering, spoken = Answering(node, shut=shut), Spoken()

    @blueprint.post("/exchange")
    def exchange() -> Answer:
        kind, name = split_name(request.headers.get("Content-Type", ""))
        dictionary = dictionary_of(kind)
        claimed = gatekeeper.claimed(_authorization(request))
        words = spoken.recall(claimed[0].writer, name)
        frames = frames_of(packed_pieces(request), with_words(dictionary, words))
        opening = read_opening(frames, Kind.OFFER)
        peer = gatekeeper.admit(_asked(request, body_digest(opening)), claimed)
        tell_known(request)
        offer = replace(read_offer(opening), life=claimed[0].life)
        told, items = answering.answer(peer, offer, partial(read_items, frames, spend=frames.spend))
        text = write_answer(told)
        spoken.note(peer.writer, opening, text)
        said = write_conversation(Kind.ANSWER, text, items, version=offer.version)
        common = to_answer(words + opening, dictionary, version=offer.version)
        sent = gathered(packed_by_size(said, common, in_crowd=node.crowd.is_large))
        return Answer(sent, 200, {"Content-Type": CONTENT_TYPE})

    @blueprint.post("/enrolment")
    def enrolment() -> Answer:
        return text_answer(enrol(_read_body(request, _MAX_ENROLMENT_BYTES)))

    @blueprint.errorhandler(SyncError)
    def refused(error: SyncError) -> Answer:
        return problem(error, request.headers)

    return blueprint


def _admitted(gatekeeper: Gatekeeper, request: Request) -> Known:
    """The certified node that signed a request; its body can be read again afterwards.

    raises  Unauthorized, TooLarge when more is sent than what is read on a name alone, LinkDown
    """
    told = told_digest(request.headers.get("Content-Digest", ""))
    if told is None:
        claimed = gatekeeper.claimed(_authorization(request))  # else the body is not worth its memory
        body = _read_body(request, _MAX_UNNAMED_BYTES)
        known = gatekeeper.admit(_asked(request, body_digest(body)), claimed)
    else:
        known = gatekeeper.admit(_asked(request, told))
        tell_known(request)
        body = _read_body(request, MAX_BODY_BYTES)
        if body_digest(body) != told:
            raise Unauthorized("What was sent is not what the signature is over")
    request.environ["wsgi.input"] = io.BytesIO(body)
    return known


def _asked(request: Request, digest: bytes) -> Asked:
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    return Asked(request.method, str(target), digest, _authorization(request))


def _authorization(request: Request) -> str:
    return request.headers.get("Authorization", "")


def _read_body(request: Request, most_bytes: int) -> bytes:
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
