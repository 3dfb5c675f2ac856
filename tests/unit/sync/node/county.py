"""A centre's word for tests: stations certified by its key, and an upstream served over a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from sync.custody.certificates import Certificate, certify
from sync.custody.taking import Taken, take
from sync.http_api.feeds import FeedGate
from sync.http_api.node_routes import mount_node
from sync.node.centre_key import pin_centre
from sync.node.identity import note_certified
from sync.node.node import Node
from sync.node.vouching.statements import own_of
from sync.store.ledger.certificates import Known, certificate_of
from sync.trust.keys import KeyPair, load
from sync.values.statements import Signed
from sync.web.serving import running

CENTRE_KEY = load(bytes(range(32)))
REGION = "990281101201"


def certificate(node: Node, parent: str, *, issue: int = 1, revoked: bool = False) -> Signed:
    """A node's certificate."""
    who = node.identity
    said = Certificate(who.keys.public, who.sid, who.level, who.region, who.name, parent, issue, revoked)
    return certify(CENTRE_KEY, said)


def certificate_of_key(pair: KeyPair, sid: str, parent: str, *, level: str = "village", issue: int = 1) -> Signed:
    """A certificate of a key that no node of the test has."""
    return certify(CENTRE_KEY, Certificate(pair.public, sid, level, REGION, sid, parent, issue))


def centre_certificate() -> Signed:
    return certificate_of_key(CENTRE_KEY, "centre", "", level="centre")


def give(node: Node, *statements: Signed) -> Taken:
    """Let a node take in statements, as of a pinned centre."""

    def work(tx) -> Taken:
        pin_centre(tx, CENTRE_KEY.public)
        return take(tx, own_of(node.identity), statements, centre_key=CENTRE_KEY.public, now_ms=node.clock())

    return node.write(work)


def trust(node: Node, centre: Node) -> None:
    """What this centre publishes is believed from now on."""
    node.engine.write(lambda tx: pin_centre(tx, centre.identity.keys.public))
    node.catalogue.look_again()


def introduce(parent: Node, child: Node, *, above: str = "centre") -> None:
    """Parent and child know each other's certificates, and are certified themselves."""
    known = (centre_certificate(), certificate(parent, above), certificate(child, parent.identity.sid))
    for node in (parent, child):
        give(node, *known)
        node.rewrite_identity(note_certified)


def known(node: Node, other: Node) -> Known:
    """What a node knows of another."""
    found = node.read(lambda reader: certificate_of(reader, other.identity.writer))
    assert found is not None
    return found


@contextmanager
def served(node: Node, *, port: int = 0) -> Iterator[str]:
    """A node's doors on a port, free unless told; gives the URL."""
    feeds = FeedGate()
    with running(doors(node, feeds), port=port) as at:
        try:
            yield f"http://127.0.0.1:{at}"
        finally:
            feeds.close()


def doors(node: Node, feeds: FeedGate) -> Flask:
    """An application with a node's doors and nothing else."""
    app = Flask("node")
    mount_node(app, node, enrol=lambda request: b"{}", feeds=feeds)
    return app
