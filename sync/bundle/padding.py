"""How large a volume is made, so that its size does not tell what is in it.

All volumes of a set but the last have the size that was asked for. The last is rounded up as Padmé does, by at most an
eighth: of 2^n bytes only some log n sizes remain.

source  Nikitin et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs, 2019, section 4

Must not know: what is in it.
"""

# What a handful of applications comes to, and what an idle exchange does: these shall look alike.
LEAST_BYTES = 64 << 10


def rounded(size: int) -> int:
    """The size that a last volume of so many bytes is given."""
    if size <= LEAST_BYTES:
        return LEAST_BYTES
    exponent = size.bit_length() - 1
    free = exponent - exponent.bit_length()  # so many of the lowest bits are not told
    mask = (1 << free) - 1
    return (size + mask) & ~mask
