"""What a check found, and what is to be done about it.

Must not know: how anything is checked.
"""

from collections.abc import Callable, Iterator

from sync.messages import N_, _
from sync.store.transaction import Reader
from sync.typed import Value

RESTORE = N_(
    "Stop the station, keep a copy of the whole data directory, and restore the newest backup (yizhan restore)."
)
COUNT = N_(
    "The documents are sound and only what is counted of them is not; cases can be "
    "received, give this result to a technician."
)
RESYNC = N_(
    "Other documents are not touched by it; the level above sends it back once there is a "
    "link, and what it does not send back has to be taken from a backup."
)
ASK = N_(
    "A node that runs asks those below for them by itself; which are missing and where they may still be "
    "is told by yizhan central photos (at a station: yizhan edge photos)."
)
REPORT = N_("Receive no more cases, and call the centre at once.")
NOTHING = N_("Nothing has to be done.")
SERVED = 5  # cases of one kind that are named; beyond that their number says enough


class Finding(Value):
    """One thing to know.

    what      a sentence that names no person
    remedy    what to do
    is_fault  False for a remark about a store that is sound
    """

    what: str
    remedy: str
    is_fault: bool = True


Advance = Callable[[int], None]  # called now and then with how many were looked at
Checking = Callable[[Reader, Advance], Iterator[Finding]]


class Check(Value):
    """One examination.

    looked_at  the message that says what is looked at
    find       the function that does
    """

    looked_at: str
    find: Checking

    @property
    def title(self) -> str:
        """What is looked at, in the words shown while it runs."""
        return _(self.looked_at)


def gathered(found: Iterator[tuple[str, str]], remedy: str) -> Iterator[Finding]:
    """Findings of one kind after another, each with a few examples and their number.

    found  (what is wrong, where)
    """
    places: dict[str, list[str]] = {}
    for what, where in found:
        places.setdefault(what, []).append(where)
    for what, where_all in places.items():
        named = _(", ").join(where_all[:SERVED])
        if len(where_all) > SERVED:
            told = _("%(what)s: %(places)s and more, %(count)s in all", what=what, places=named, count=len(where_all))
        else:
            told = _("%(what)s: %(places)s", what=what, places=named)
        yield Finding(told, remedy)
