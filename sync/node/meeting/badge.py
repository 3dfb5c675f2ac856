"""The badge a node shows over TLS: an X.509 certificate it makes for itself, over its own key.

TLS wants X.509, and believes whoever a list of authorities believes, on a machine whose name and clock are right. We
have none of these. So a badge says nothing but "this is my key": no name, no date that ever passes. Whoever calls
looks at the key alone, and at the centre's certificate of it, which a badge carries once there is one, so that a node
whose predecessor was replaced is known at once by those who never met it.

The same node with the same certificate always makes the same badge, so none is kept.

source  RFC 5280, 4.1 and 4.1.2.5; RFC 8410

Must not know: whom anybody trusts, sockets, disks.
"""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from sync.custody.certificates import CERTIFICATE
from sync.errors import BadRequest
from sync.trust.keys import KeyPair
from sync.trust.sizes import SIGNATURE_BYTES, WRITER_ID_LENGTH
from sync.typed import Value
from sync.values.statements import Signed

_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "yizhan")])
_BEGINNING = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NEVER = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)
# An arc that needs no registration: 2.25 and a UUID (Rec. ITU-T X.667).
_VOUCHED = x509.ObjectIdentifier("2.25.288937712459107310438291663301447951204")


class Badge(Value):
    """What a badge says.

    public_key   32 bytes; whoever shows the badge has proved to TLS that it has the private half
    certificate  the centre's certificate of it, not yet verified; None when none was shown
    """

    public_key: bytes
    certificate: Signed | None


def make_badge(pair: KeyPair, certificate: Signed | None) -> bytes:
    """The badge of a key, with its certificate if there is one, as PEM text."""
    key = Ed25519PrivateKey.from_private_bytes(pair.private)
    badge = x509.CertificateBuilder(_NAME, _NAME, key.public_key(), 1, _BEGINNING, _NEVER)
    if certificate is not None:
        told = certificate.signature + certificate.signer.encode() + certificate.payload
        badge = badge.add_extension(x509.UnrecognizedExtension(_VOUCHED, told), critical=False)
    return badge.sign(key, None).public_bytes(Encoding.PEM)


def read_badge(der: bytes) -> Badge:
    """Read a badge as TLS hands it over; raises BadRequest when it is none."""
    try:
        shown = x509.load_der_x509_certificate(der)
        key, extensions = shown.public_key(), shown.extensions
    except Exception:  # the library has a long list, and it grows
        raise BadRequest("not a certificate that can be read") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadRequest("not a certificate over an Ed25519 key")
    return Badge(key.public_bytes_raw(), _certificate(extensions))


def _certificate(extensions: x509.Extensions) -> Signed | None:
    for extension in extensions:
        if extension.oid == _VOUCHED and isinstance(extension.value, x509.UnrecognizedExtension):
            told = extension.value.value
            signature, rest = told[:SIGNATURE_BYTES], told[SIGNATURE_BYTES:]
            signer, payload = rest[:WRITER_ID_LENGTH], rest[WRITER_ID_LENGTH:]
            return Signed(CERTIFICATE, payload, signer.decode("latin-1"), signature)
    return None
