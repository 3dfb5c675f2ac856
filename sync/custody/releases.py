"""Releases: the centre says what it has published, so that no relay can slip a station another catalogue.

    release:00000012-k3ZqV0aB  {"type": "release", "statement": {…}, "signature": "…"}

A release names what is new in it alone: {document id: the first 96 bits of the body's SHA-256}. An entry is genuine
when any release of the pinned centre names it with the digest it has. So entries may arrive in any order, an item is
good until its successor is here, and what is told grows with the change and not with the catalogue. Of two entries of
one version the one released later counts.

Must not know: what entries say, which are in force here.
"""

import base64
import hashlib
from collections.abc import Mapping

from sync.custody.shapes import count_of, read_payload
from sync.custody.stating import state, stated_in, statement_document
from sync.errors import BadRequest
from sync.records.published import DIGEST_BYTES
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair
from sync.typed import Value

RELEASE = "release"
_PREFIX = "release:"
_MEMBERS = frozenset(("number", "at", "entries"))


class Release(Value):
    """One publication.

    number  from 1;  at_ms, when, by the centre's clock and never before the one before it
    digests {document id: first bytes of the SHA-256 of its body}
    """

    number: int
    at_ms: int
    digests: Mapping[str, bytes]


def is_release(doc_id: str) -> bool:
    """Whether a document of `public` is a release by its id."""
    return doc_id.startswith(_PREFIX)


def release_document(centre: KeyPair, release: Release) -> tuple[str, bytes]:
    """The id and the canonical body of a release, signed by the centre.

    The id has some of the content in it: a centre restored from a backup may count a number twice, not write over one.
    """
    entries = {doc_id: digest_text(digest) for doc_id, digest in release.digests.items()}
    signed = state(centre, RELEASE, {"number": release.number, "at": release.at_ms, "entries": entries})
    return _id_of(release.number, signed.payload), statement_document(signed)


def read_release_of(doc_id: str, body: bytes, *, centre_key: bytes) -> Release:
    """The same as `read_release`, of one that stands under the id it was given and no other; raises likewise."""
    release = read_release(body, centre_key=centre_key)
    signed = stated_in(body, RELEASE, called="a release", public_key=centre_key)
    if doc_id != _id_of(release.number, signed.payload):
        raise BadRequest("a release under another id than its own")
    return release


def read_release(body: bytes, *, centre_key: bytes) -> Release:
    """Read a release.

    raises  Unauthorized when the centre did not sign it; BadRequest when it is none
    """
    signed = stated_in(body, RELEASE, called="a release", public_key=centre_key)
    told = read_payload(signed.payload, _MEMBERS)
    entries = told["entries"]
    if not isinstance(entries, dict) or not all(isinstance(one, str) for one in entries.values()):
        raise BadRequest("a release names documents and their digests")
    digests = {doc_id: read_digest(text, length=DIGEST_BYTES) for doc_id, text in entries.items()}
    return Release(count_of(told, "number"), count_of(told, "at"), digests)


def _id_of(number: int, payload: bytes) -> str:
    name = base64.urlsafe_b64encode(hashlib.sha256(payload).digest()[:6]).decode("ascii")
    return f"{_PREFIX}{number:08}-{name}"
