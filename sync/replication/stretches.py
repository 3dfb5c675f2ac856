"""How far a database of photos has been told, when the small ones go before the large ones.

A feed gives photos in the order in which they were written. So a position of such a telling says more than a feed's:

    12-ab                                        everything up to there
    ~["12-ab", ["90-ab", 214310, "3f…", 7]]      that; and of what follows up to 90-ab all photos before the one of that
                                                 size and digest, and the first 7 pieces of it
    ~["12-ab", ["90-ab", …], ["97-ab"]]          and everything between 90-ab and 97-ab

What is written while a stretch is told begins a stretch of its own. Only the teller reads a position, and it says all
there is to know: nothing is kept beside it, so a restart forgets nothing.

Must not know: databases, how anything is told.
"""

from typing import Any

from sync.errors import BadRequest
from sync.typed import Changing, Value, field
from sync.values.json_text import dump, parse

_SIGN = "~"


class Place(Value, order=True):
    """A place in a stretch: behind so many pieces of the photo of that size in bytes and digest.

    pieces  its list of chunks is the first
    """

    size: int = 0
    digest: str = ""
    pieces: int = 0


START = Place()


class Piece(Value):
    """A document of a photo; `place` is the place behind it."""

    place: Place
    doc_id: str


class Stretch(Changing):
    """A part of a feed, up to a sequence.

    reached  how far it was told; None when all of it was
    left     what is left of it, the next last
    """

    upto: str
    reached: Place | None = START
    left: list[Piece] = field(default_factory=list)


class Position(Changing):
    """Everything up to `base`, and of the stretches behind it, in the feed's order, what each says."""

    base: str
    stretches: list[Stretch]

    @property
    def end(self) -> str:
        """The sequence at which the last stretch ends."""
        return self.stretches[-1].upto if self.stretches else self.base

    def take_next(self) -> Piece | None:
        """The next piece of the smallest photo; from now on the position is behind it. None when nothing is left."""
        waiting = [stretch for stretch in self.stretches if stretch.left]
        if not waiting:
            return None
        stretch = min(waiting, key=lambda one: one.left[-1].place)
        piece = stretch.left.pop()
        stretch.reached = piece.place
        return piece

    def settle(self) -> None:
        """Note which stretches are told whole, and make one of those that lie beside each other."""
        for stretch in self.stretches:
            stretch.reached = stretch.reached if stretch.left else None
        while self.stretches and self.stretches[0].reached is None:
            self.base = self.stretches.pop(0).upto
        for number in range(len(self.stretches) - 1, 0, -1):
            if self.stretches[number].reached is None and self.stretches[number - 1].reached is None:
                del self.stretches[number - 1]

    def text(self) -> str:
        """As a mark tells it; last stretches of which nothing was told are left out."""
        told = list(self.stretches)
        while told and told[-1].reached == START:
            told.pop()
        if not told:
            return self.base
        return _SIGN + dump([self.base, *(_written(one) for one in told)]).decode()


def read_position(text: str) -> Position:
    """Read a position, a feed's own included; raises BadRequest when it is none."""
    if not text.startswith(_SIGN):
        return Position(text, [])
    told = parse(text[len(_SIGN) :].encode())
    if not isinstance(told, list) or not told or not isinstance(told[0], str):
        raise BadRequest("a position that nobody told")
    return Position(told[0], [_read(one) for one in told[1:]])


def _written(stretch: Stretch) -> list[Any]:
    reached = stretch.reached
    return [stretch.upto] if reached is None else [stretch.upto, reached.size, reached.digest, reached.pieces]


def _read(value: object) -> Stretch:
    match value:
        case [str(upto)]:
            return Stretch(upto, None)
        case [str(upto), int(size), str(digest), int(pieces)]:
            return Stretch(upto, Place(size, digest, pieces))
    raise BadRequest("a position that nobody told")
