"""What becomes of files that somebody brought, for the page and the command line.

Must not know: how anything is taken in.
"""

from sync.typed import Value

TAKEN, PARTLY, ALREADY = "taken", "partly", "already"
OWN, CARRIED, KNOWN = "own", "carried", "known"
REFUSED, STRANGE = "refused", "strange"


class Set(Value):
    """A set of volumes: whose (writer id, and name), in which life, and its number there."""

    peer: str
    name: str
    life: str
    number: int


class Outcome(Value):
    """What became of one file.

    what      `taken`, `partly`, `already` taken before, `own`: written here, `carried` for others now, `known`: carried
              already, `refused`, or `strange`: no volume
    sentence  the same for a person
    of        the set that it is of, where it is for us
    """

    file: str
    what: str
    sentence: str
    of: Set | None = None


class Gathered(Value):
    """What became of each file, in their order; and a sentence for each set of which volumes are missing still."""

    outcomes: tuple[Outcome, ...]
    missing: tuple[str, ...]
