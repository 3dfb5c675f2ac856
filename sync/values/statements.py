"""Signed statements: what a node says of itself or of another, kept and relayed unchanged; and how they are exchanged.

A statement is canonical JSON text; whoever relays it passes the very bytes that were signed on.

Must not know: how signatures are made, or where statements are kept.
"""

from sync.typed import Value
from sync.values.conversation import SetAside, Share


class Signed(Value):
    """A statement with its signature.

    kind       `certificate`, `seal`, `receipt` …; signed along, so that none passes for another
    payload    canonical JSON text (RFC 8785)
    signer     writer id of the key that signed
    signature  Ed25519, 64 bytes
    """

    kind: str
    payload: bytes
    signer: str
    signature: bytes


class Offer(Value):
    """What one node puts to its peer in an exchange.

    statements  certificates, seals and receipts the peer has not acknowledged yet
    heard       the peer's cursor we have taken its statements up to; "" for none
    shares      the databases we share; of each the peer says where it stands
    life        ours: positions of our feeds count within it
    unread      databases of which we could not read what was told last time; they are to be told plainly
    clock       (how far the peer's clock is ahead of ours, give or take what), in ms; () where it has heard that
    version     of exchanges: read, the asker's; to be sent, the one that the peer is known to understand
    """

    statements: tuple[Signed, ...] = ()
    heard: str = ""
    shares: tuple[Share, ...] = ()
    life: str = ""
    unread: tuple[str, ...] = ()
    clock: tuple[int, ...] = ()
    version: int = 1


class Answer(Value):
    """What the peer says back.

    statements  certificates, seals and receipts the asker has not heard yet
    heard       the cursor up to which the asker has now heard them
    databases   ((name, update sequence of the peer's copy), ...) of those both share
    at_ms       what the peer's clock shows, milliseconds since 1970; 0 when it does not say
    taken       ((name, position of the asker's feed up to which the peer has taken everything), ...)
    set_aside   what of it the peer did not take in, and why
    unread      databases of which the peer could not read what was told; they are to be told plainly
    shut        ((name, why), ...) of the databases of photos that it takes nothing into now
    version     of exchanges that the peer speaks
    sought      ((name of a database of photos, ids), ...) of what the peer has lost and would have from the asker
    """

    statements: tuple[Signed, ...] = ()
    heard: str = ""
    databases: tuple[tuple[str, str], ...] = ()
    at_ms: int = 0
    taken: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    unread: tuple[str, ...] = ()
    shut: tuple[tuple[str, str], ...] = ()
    version: int = 1
    sought: tuple[tuple[str, tuple[str, ...]], ...] = ()
