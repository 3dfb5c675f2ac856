"""How long Ed25519's keys and signatures are, and the name a key gives; for those who pass them on and verify nothing.

What verifies loads a library of seven megabytes, which a server that only stores documents does without.

Must not know: how anything is signed.
"""

KEY_BYTES = 32
SIGNATURE_BYTES = 64
WRITER_ID_LENGTH = 16
