"""Certificates: the centre says which key is which station's node, and how high it stands.

The centre's public key is pinned at enrolment; its own certificate is signed by itself and every
other one by it, so the chain is one link long and there is nothing to walk. A renewed or revoked
certificate has a higher `issue` and replaces the older one wherever it arrives.

Must not know: how a station proves at enrolment that it may have one.
"""

from sync.custody.shapes import count_of, read_payload, text_of, writer_of
from sync.custody.stating import require_signed, state
from sync.errors import BadRequest, Unauthorized
from sync.records.events import LEVELS
from sync.records.ids import is_sid
from sync.store.ledger.certificates import Known
from sync.trust.chain import digest_text, read_digest
from sync.trust.keys import KeyPair, writer_id
from sync.typed import Value
from sync.values.statements import Signed

CERTIFICATE = "certificate"
_MEMBERS = frozenset(("writer", "key", "sid", "level", "region", "name", "parent", "issue", "revoked"))


class Certificate(Value):
    """What the centre says of a writer.

    public_key  32 bytes; the writer id follows from it
    level       `village`, `township`, `county` or `centre`;  region, its 12-digit code as of now
    parent      sid of the station above; "" for the centre
    issue       from 1, higher in each newer certificate of this writer
    """

    public_key: bytes
    sid: str
    level: str
    region: str
    name: str
    parent: str
    issue: int = 1
    revoked: bool = False

    @property
    def writer(self) -> str:
        """The id of the key's owner."""
        return writer_id(self.public_key)


def as_known(certificate: Certificate) -> Known:
    """The certificate as the ledger keeps it."""
    return Known(
        writer=certificate.writer,
        sid=certificate.sid,
        level=certificate.level,
        region=certificate.region,
        name=certificate.name,
        parent=certificate.parent,
        public_key=certificate.public_key,
        issue=certificate.issue,
        revoked=certificate.revoked,
    )


def certify(centre: KeyPair, certificate: Certificate) -> Signed:
    """Sign a certificate with the centre's key."""
    members = {
        "writer": certificate.writer,
        "key": digest_text(certificate.public_key),
        "sid": certificate.sid,
        "level": certificate.level,
        "region": certificate.region,
        "name": certificate.name,
        "parent": certificate.parent,
        "issue": certificate.issue,
        "revoked": certificate.revoked,
    }
    return state(centre, CERTIFICATE, members)


def verify_certificate(signed: Signed, *, centre_key: bytes) -> Certificate:
    """What a certificate says.

    centre_key  the centre's public key as pinned at enrolment
    raises      Unauthorized unless the centre signed it; BadRequest when it is malformed
    """
    if signed.kind != CERTIFICATE or signed.signer != writer_id(centre_key):
        raise Unauthorized("not a certificate of our centre")
    require_signed(signed, CERTIFICATE, public_key=centre_key)
    return read_certificate(signed.payload)


def read_certificate(payload: bytes) -> Certificate:
    """What a payload says, whoever signed it; raises BadRequest when it is malformed."""
    body = read_payload(payload, _MEMBERS)
    key = read_digest(body["key"])
    if writer_of(body, "writer") != writer_id(key):
        raise BadRequest("a certificate's writer is not the owner of its key")
    sid, parent = text_of(body, "sid"), text_of(body, "parent")
    if not is_sid(sid) or not (is_sid(parent) or not parent) or sid == parent:
        raise BadRequest("a certificate's station id has not its shape")
    if body["level"] not in LEVELS or type(body["revoked"]) is not bool:
        raise BadRequest("a certificate's level or revocation has not its shape")
    return Certificate(
        public_key=key,
        sid=sid,
        level=body["level"],
        region=text_of(body, "region", longest=12),
        name=text_of(body, "name"),
        parent=parent,
        issue=count_of(body, "issue", least=1),
        revoked=body["revoked"],
    )
