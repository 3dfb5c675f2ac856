"""One database carried one way between two Yizhan servers: what the caller says, and what it hears.

    caller                                            server
    I tell you what came behind 7-a …            ──►  … and I have taken up to 9-a
    tell me what came behind 3-b                 ──►  here it is, up to 8-b

Positions are the teller's own. Of those it has told, both keep a few under the name of their pairing, so that whatever
either forgets, they find the newest that both know.

Must not know: bytes, databases.
"""

from sync.typed import Value
from sync.values.conversation import SetAside


class Proposal(Value):
    """What the caller proposes.

    pairing  names what the two remember of each other, made by the caller; "" when it tells nothing
    since    the position behind which it tells
    proved   everything before `since` is known to be there, by whatever way it went
    heard    the server's position behind which the caller wants to be told; None when it does not
    plain    it could not read what was told, and wants it told in a way that needs nothing before it
    """

    pairing: str = ""
    since: str = ""
    proved: bool = False
    heard: str | None = None
    plain: bool = False


class Settlement(Value):
    """What came of it.

    taken      the position up to which the server has taken everything; "" when `since` is none that it knows
    stood      positions at which the two stood earlier, newest first; told where `since` was none of them
    was_empty  whether nothing was in the database before
    stands_at  where the server's feed stood, as it began
    set_aside  what was not taken in, and why
    unread     whether something could not be read, so that it is to be told plainly
    """

    taken: str = ""
    stood: tuple[str, ...] = ()
    was_empty: bool = False
    stands_at: str = ""
    set_aside: tuple[SetAside, ...] = ()
    unread: bool = False
