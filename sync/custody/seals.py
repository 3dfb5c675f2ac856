"""Seals: a writer says how many events it has written in a life, and which was the last.

The last one's hash chains all before it, so a seal fixes a writer's whole past: whoever shows
another event under one of its numbers, the writer itself included, is found out.

Must not know: who relays it.
"""

from sync.custody.shapes import count_of, life_of, read_payload, writer_of
from sync.custody.stating import require_own, require_signed, state
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.typed import Value
from sync.values.statements import Signed

SEAL = "seal"
_MEMBERS = frozenset(("writer", "life", "counter", "head"))


class Seal(Value):
    """A writer's events in one life: how many, and the hash of the last (32 bytes)."""

    writer: str
    life: str
    counter: int
    head: bytes


def make_seal(pair: KeyPair, life: str, *, counter: int, head: bytes) -> Signed:
    """Sign a seal over one's own events."""
    members = {"writer": pair.writer, "life": life, "counter": counter, "head": digest_text(head)}
    return state(pair, SEAL, members)


def verify_seal(signed: Signed, *, public_key: bytes) -> Seal:
    """What a seal says.

    raises  Unauthorized unless its writer signed it with this key; BadRequest when it is malformed
    """
    require_signed(signed, SEAL, public_key=public_key)
    seal = read_seal(signed.payload)
    require_own(signed, seal.writer)
    return seal


def read_seal(payload: bytes) -> Seal:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    counter = count_of(body, "counter", least=1)
    return Seal(writer_of(body, "writer"), life_of(body, "life"), counter, read_digest(body["head"]))
