"""What the reader of this machine read off an identity card, believed for a while: of that, and of nothing else, it may
be said that a card was read (读卡).

A reading belongs to the session it was made in, to one number and one name. It is kept in memory and nowhere else, so
after a restart the card is read once more.

Must not know: how a card is read, who asks over what.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from sync.messages import N_, _
from sync.records.id_papers import CITIZEN_KINDS, canonical_number
from sync.records.person_words import BY_CARD
from sync.typed import Value

# As long as it takes to fill in the form; whoever comes next puts a card of his own on the reader.
MOST_SECONDS = 10 * 60
_MOST = 256  # readings of all sessions at a time
_NOT_READ = N_(
    "No card with this name and number was read here a moment ago. Read the card, or say that it was typed by hand"
)


class CardRead(Value):
    """What is on a card as far as a register keeps it.

    number  18 characters that passed every check;  has_expired, whether the card is no longer valid
    """

    name: str
    number: str
    address: str = ""
    has_expired: bool = False


class CardReadings:
    """The latest readings of a node. Guards them, and which session each belongs to."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        """now_ms: milliseconds since 1970, as this node's clock shows them."""
        self._now_ms = now_ms
        self._kept: OrderedDict[str, tuple[str, int, CardRead]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session: str, card: CardRead) -> str:
        """Keep what was just read in a session; returns what names the reading. The oldest make room."""
        token = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[token] = (session, self._now_ms(), card)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return token

    def of(self, session: str, token: str) -> CardRead | None:
        """A reading of this session; None where there is none, or it is too old."""
        with self._lock:
            owner, at_ms, card = self._kept.get(token, ("", 0, None))
        is_recent = 0 <= self._now_ms() - at_ms <= MOST_SECONDS * 1000
        return card if owner == session and is_recent else None


def reading_problems(
    told: Mapping[str, object], fields: Mapping[str, object], read: CardRead | None
) -> list[tuple[str, str]]:
    """What is claimed of a card that was not read: [(field, sentence)]; [] when nothing is.

    told   the fields told now;  fields, as the record will have them
    read   the card that lay on the reader, None for none
    """
    claimed = [name for name in BY_CARD if told.get(name) == "card"]
    if not claimed or (read is not None and is_of(read, fields)):
        return []
    return [(name, _(_NOT_READ)) for name in claimed]


def is_of(read: CardRead, fields: Mapping[str, object]) -> bool:
    """Whether these fields name whoever the card names."""
    kind, number, name = (str(fields.get(one, "")) for one in ("cert_kind", "cert_number", "name"))
    return kind in CITIZEN_KINDS and canonical_number(kind, number) == read.number and name.strip() == read.name.strip()
