"""The parts of a volume, one after the other inside its envelope: frames again, but of these kinds.

    head       who says it, to whom (`header`)
    piece      some of one packed stream of what is told, readable to its end
    signature  the exporter's, over SHA-256 of everything before it: what stands before one counts
    end        {"last"}: the volume is whole, and whether it is the last of its set; a signature is behind it

Behind the last signature are zeros, so that the size tells little.

Must not know: what is told, who says it.
"""

from enum import IntEnum

# Kind of statement that the signatures in a volume are.
SIGNED_KIND = "volume"


class Part(IntEnum):
    """What a part is; numbers are for good."""

    HEAD = 1
    PIECE = 2
    SIGNATURE = 3
    END = 4
