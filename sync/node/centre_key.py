"""The one key that is believed: the centre's, pinned at enrolment.

Must not know: what it signs.
"""

from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.trust.chain import digest_text, read_digest

_CENTRE_KEY = "trust.centre_key"


def pin_centre(tx: Transaction, public_key: bytes) -> None:
    """From now on believe what this key certifies, and nobody else."""
    put_settings(tx, {_CENTRE_KEY: digest_text(public_key)})


def pinned_centre(reader: Reader) -> bytes | None:
    """The centre's public key; None before enrolment."""
    text = setting(reader, _CENTRE_KEY)
    return None if text is None else read_digest(text)
