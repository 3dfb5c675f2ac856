"""How databases, documents, chunks and revisions derived from content are called.

    station_k3m7q          records of one station          blobs_k3m7q   its chunks and chunk lists
    staff_k3m7q            accounts, roles, certificates   voice_k3m7q   reviews and complaints, sealed
    public                 catalogue, guides, calendar, alerts: the same for all
    case:k3m7q-d2p5oo…     a record: its type, the station it was taken at, when, and chance
    chunk:<sha256>         16 kB of a photo                blob:<root>   the list of its chunks

Chunks and lists are named by their content, and so are their revisions: any CouchDB peer can carry
them, and two nodes that cut up the same photo write the same documents.

Must not know: what is in a record, who may write it, clocks, chance.
"""

import base64
import hashlib
import re
from typing import Any

from sync.errors import BadRequest
from sync.revisions.revision import Revision
from sync.typed import Value
from sync.values.json_text import canonical

KINDS = ("station", "blobs", "public", "staff", "voice")
MAX_CHUNK_BYTES = 16384  # what a cut link may cost again; at 64 kbit/s it is two seconds
RANDOM_BYTES = 5  # 40 bits, for what one station makes in one moment
_MOMENTS = 256  # to a second: as short as what a station receives at once takes
_MOMENT_BYTES = 5  # they begin anew in 2106
# The signs of RFC 4648 in the order in which they are sorted, so that what was made later stands behind.
_IN_ORDER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "234567abcdefghijklmnopqrstuvwxyz")
_SID = re.compile(r"[a-z0-9]{1,16}\Z")
_TYPE = re.compile(r"[a-z][a-z_]{0,31}\Z")
_TAIL = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class DatabaseName(Value):
    """A database's kind and station; `sid` is "" for `public` alone."""

    kind: str
    sid: str = ""

    def __str__(self) -> str:
        return f"{self.kind}_{self.sid}" if self.sid else self.kind


def parse_database(name: str) -> DatabaseName | None:
    """Read a database's name; None when it is none of ours."""
    kind, underscore, sid = name.partition("_")
    if kind == "public":
        return None if underscore else DatabaseName("public")
    if kind in KINDS and is_sid(sid):
        return DatabaseName(kind, sid)
    return None


def station_database(sid: str) -> str:
    """Where the records of a station are."""
    return f"station_{sid}"


def blobs_database(sid: str) -> str:
    """Where the chunks and chunk lists of a station are."""
    return f"blobs_{sid}"


def staff_database(sid: str) -> str:
    """Where accounts and roles of a township and its villages are."""
    return f"staff_{sid}"


def voice_database(sid: str) -> str:
    """Where reviews and complaints given at a station are."""
    return f"voice_{sid}"


PUBLIC = "public"


def is_sid(text: str) -> bool:
    """Whether the text can be a station id: lower-case letters and digits, at most sixteen."""
    return _SID.match(text) is not None


class RecordId(Value):
    """A record's id taken apart: `case:k3m7q-d2p5oo…`."""

    type: str
    sid: str
    tail: str

    def __str__(self) -> str:
        return f"{self.type}:{self.sid}-{self.tail}"


def parse_record_id(doc_id: str) -> RecordId | None:
    """Read a record's id; None when it is not one."""
    kind, colon, rest = doc_id.partition(":")
    sid, dash, tail = rest.partition("-")
    if colon and dash and _TYPE.match(kind) and is_sid(sid) and _TAIL.match(tail):
        return RecordId(kind, sid, tail)
    return None


def sid_of(doc_id: str) -> str:
    """The station a record belongs to, by its id; "" when the id is none."""
    parts = parse_record_id(doc_id)
    return parts.sid if parts is not None else ""


def new_record_id(record_type: str, sid: str, *, at_ms: int, chance: bytes) -> str:
    """A new record's id: the moment at which it is made, and chance.

    Whatever is sorted by id then grows at one place, and not at as many as there are records, each another page of the
    file to be read and written. Nobody reads the time from it.

    at_ms   what the clock shows; by a clock that is wrong an id is as good
    chance  RANDOM_BYTES of it, from the system's source
    raises  BadRequest on an unlawful type or station id, or too little chance
    """
    if len(chance) < RANDOM_BYTES:
        raise BadRequest(f"a record id needs {RANDOM_BYTES} bytes of chance")
    moment = at_ms * _MOMENTS // 1000 % (1 << 8 * _MOMENT_BYTES)
    drawn = moment.to_bytes(_MOMENT_BYTES, "big") + chance[:RANDOM_BYTES]
    tail = base64.b32encode(drawn).decode("ascii").translate(_IN_ORDER)
    doc_id = f"{record_type}:{sid}-{tail}"
    if parse_record_id(doc_id) is None:
        raise BadRequest(f"no record can be called {doc_id}")
    return doc_id


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def chunk_id(digest: str) -> str:
    """The id of the chunk whose content hashes to this (64 hexadecimal digits)."""
    return f"chunk:{digest}"


def blob_id(root: str) -> str:
    """The id of the chunk list with this root."""
    return f"blob:{root}"


def parse_content_id(doc_id: str) -> tuple[str, str] | None:
    """Read `chunk:<sha256>` or `blob:<root>`; returns (`chunk` or `blob`, digest), None when it is neither."""
    kind, _, digest = doc_id.partition(":")
    if kind in ("chunk", "blob") and _SHA256.match(digest):
        return kind, digest
    return None


def content_revision(digest: str) -> Revision:
    """The one revision a chunk or chunk list ever has: `1-<first 32 digits of its SHA-256>`."""
    return Revision(1, digest[:32])


def chunk_body(content: bytes) -> bytes:
    """The body of a chunk document, canonical; raises BadRequest when it is too long."""
    if len(content) > MAX_CHUNK_BYTES:
        raise BadRequest(f"a chunk has at most {MAX_CHUNK_BYTES} bytes")
    return canonical({"data": base64.b64encode(content).decode("ascii")})


def chunk_content_bytes(body_bytes: int) -> int:
    """About how many bytes of content bodies of chunks hold: base64 makes four characters of three bytes."""
    return body_bytes * 3 // 4


def blob_list(media_type: str, size: int, chunks: tuple[str, ...]) -> dict[str, Any]:
    """The body of a chunk list as a dict: media type, size in bytes, SHA-256 of each chunk in order."""
    return {"type": media_type, "size": size, "chunks": list(chunks)}


def blob_root(body: dict[str, Any]) -> str:
    """The root hash by which a record names a blob: SHA-256 of the canonical chunk list.

    raises  BadRequest when the list has no canonical form
    """
    return sha256_hex(canonical(body))
