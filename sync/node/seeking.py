"""What is sought of the nodes below us, and what the node above seeks of us: pieces of photos, by name.

What was told once is not told again, so a photo that a centre has lost would not come back by itself. It names what
it lacks in its answer, a little at a time; whoever below has it tells it in the next exchange, and whoever has not
seeks it in turn of those below. So it is found however many nodes are between.

    centre ── "I lack chunk:9f…" ──► township, which let go of it ── the same ──► village
    centre ◄──────── the chunk ───── township ◄─────────────────────────────────── village

Nothing is kept on disk: what is lost is known there already (`lost_photos`), and a question that a restart forgets is
asked again. Who could not help is asked again ever more seldom, at the most once a day, so an idle exchange has
nothing of it.

Must not know: how anything travels, what is on the photos.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable

# (database, id of a chunk list or a chunk)
Piece = tuple[str, str]

# Asked for in one answer: a quarter of a megabyte, half a minute at 64 kbit/s.
AT_ONCE = 16
_FIRST_SECONDS, _LONGEST_SECONDS = 60.0, 86_400.0
_MOST_ASKED = 10_000
_MOST_SOUGHT = 1_000
_SOUGHT_SECONDS = 2 * _LONGEST_SECONDS  # who still seeks it has named it again by then

# A peer in one life of its own: a restored one may have what it had not.
Peer = tuple[str, str]


class Asked:
    """When each piece may be asked for again, of each node below. For any thread."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now_seconds = now_seconds
        self._lock = threading.Lock()
        self._asked: dict[Peer, dict[Piece, tuple[int, float]]] = {}  # how often, and not before when again

    def choose(self, peer: Peer, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        """Those of some pieces that this node is to be asked for now; they count as asked."""
        now = self._now_seconds()
        chosen: list[Piece] = []
        with self._lock:
            asked = self._asked.setdefault(peer, {})
            if len(asked) > _MOST_ASKED:
                asked.clear()
            for piece in pieces:
                times, not_before = asked.get(piece, (0, now))
                if now >= not_before:
                    wait = min(_LONGEST_SECONDS, _FIRST_SECONDS * 4.0**times)
                    asked[piece] = (min(times + 1, 10), now + wait)
                    chosen.append(piece)
                if len(chosen) == AT_ONCE:
                    break
            if not asked:
                del self._asked[peer]
        return tuple(chosen)

    def arrived(self, peer: Peer, pieces: Collection[Piece]) -> None:
        """It told some of what it was asked for: it has them, so the rest is asked for without waiting."""
        with self._lock:
            asked = self._asked.get(peer)
            if asked is not None and any(asked.pop(piece, None) for piece in tuple(pieces)):
                asked.clear()


class Sought:
    """What the node above seeks. For any thread."""

    def __init__(self, now_seconds: Callable[[], float] = time.monotonic) -> None:
        self._now_seconds = now_seconds
        self._lock = threading.Lock()
        self._sought: dict[Piece, float] = {}  # until when

    def add(self, pieces: Iterable[Piece]) -> None:
        """It named these; beyond so many, the others are named again when these are found."""
        with self._lock:
            for piece in pieces:
                if piece in self._sought or len(self._sought) < _MOST_SOUGHT:
                    self._sought[piece] = self._now_seconds() + _SOUGHT_SECONDS

    def all(self) -> tuple[Piece, ...]:
        """What is sought still, the first first."""
        with self._lock:
            now = self._now_seconds()
            self._sought = {piece: until for piece, until in self._sought.items() if until > now}
            return tuple(self._sought)

    def remove(self, pieces: Iterable[Piece]) -> None:
        """These it has now, or will name again."""
        with self._lock:
            for piece in pieces:
                self._sought.pop(piece, None)
