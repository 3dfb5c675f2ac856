"""What a node shows to whoever speaks TLS to it: to nodes its badge, to browsers the certificate of the settings.

A node that calls names us by a word no browser would (`NODE_NAME`), so one port serves both. The badge is shown in
TLS 1.3 alone: there what is signed with our key begins with words that nothing else we sign begins with.

source  RFC 8446, 4.4.3; RFC 6066, 3

Must not know: HTTP, who is let in.
"""

import os
import secrets
import ssl
import tempfile
import threading

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from sync.custody.certificates import CERTIFICATE
from sync.node.centre_key import pinned_centre
from sync.node.meeting.badge import make_badge
from sync.node.node import Node
from sync.remote.pinning import NODE_NAME
from sync.store.ledger.custody import newest_statement
from sync.store.transaction import Reader
from sync.trust.keys import KeyPair, writer_id
from sync.values.statements import Signed


class Showing:
    """Gives the context for a connection; called for each, so that a certificate is shown as soon as it is there."""

    def __init__(self, node: Node, *, browsers: ssl.SSLContext | None = None) -> None:
        """`browsers`: what those are shown who name no node; None for the badge, which browsers refuse."""
        self._node = node
        self._browsers = browsers
        self._lock = threading.Lock()
        self._certificate: Signed | None = None
        self._context: ssl.SSLContext | None = None

    def __call__(self) -> ssl.SSLContext:
        """What the next connection is shown."""
        who = self._node.identity
        certificate = self._node.read(lambda reader: own_certificate(reader, who.writer))
        with self._lock:
            if self._context is None or certificate != self._certificate:
                # A new context, not the old one changed: handshakes are under way on that.
                self._context, self._certificate = self._made(who.keys, certificate), certificate
            return self._context

    def _made(self, pair: KeyPair, certificate: Signed | None) -> ssl.SSLContext:
        badge = badge_context(pair, certificate)
        if self._browsers is None:
            return badge

        def choose(link: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            if name == NODE_NAME:
                link.context = badge

        self._browsers.sni_callback = choose
        return self._browsers


def own_certificate(reader: Reader, writer: str) -> Signed | None:
    """The centre's certificate of this node; None before enrolment."""
    centre_key = pinned_centre(reader)
    if centre_key is None:
        return None
    kept = newest_statement(reader, CERTIFICATE, writer_id(centre_key), subject=writer)
    return None if kept is None else kept.signed


def badge_context(pair: KeyPair, certificate: Signed | None) -> ssl.SSLContext:
    """A context that shows the badge of a key, in TLS 1.3 and no other version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # Where the name decides, the version was chosen before this context was; without a cipher there is no older one.
    context.set_ciphers("aRSA")
    context.num_tickets = 1  # a node has one connection, and each ticket is 255 bytes
    password = secrets.token_bytes(32).hex().encode()
    key = Ed25519PrivateKey.from_private_bytes(pair.private)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    _load(context, secret + make_badge(pair, certificate), password)
    return context


def _load(context: ssl.SSLContext, pem: bytes, password: bytes) -> None:
    """Hand over what `ssl` reads from files only: the key under a password that is gone a moment later."""
    number, name = tempfile.mkstemp(prefix="yizhan-")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(pem)
        context.load_cert_chain(name, password=password)
    finally:
        os.unlink(name)
