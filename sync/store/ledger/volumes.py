"""What volumes have brought: which were taken, from which life of whom, and what their senders say they hold of ours.

Must not know: how a volume is read, which database is which.
"""

from collections.abc import Iterable, Mapping

from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.values.json_text import dump_sorted, parse_object

_NUMBER = "volumes.number."
# Of so many sets of a node it is kept what was taken; one that comes later than that is read once more.
_SETS_KEPT = 20
# Whoever exports knows which of several positions is furthest; a set that came whole and the one behind it, which came
# in part, are two.
_SETS_TOLD = 3
_TAKEN = "whole, last, marks, at_ms, told_ms"


class Lived(Value):
    """A node as its volumes show it: its life, and whether another one of the same epoch was heard of."""

    life: str
    epoch: int
    doubtful: bool


class Place(Value):
    """Which volume of whom: the set's number within a life of a peer, and the volume's within the set."""

    peer: str
    life: str
    number: int
    volume: int


class Taken(Value):
    """A volume that was taken.

    whole    all of it;  last, whether it ends its set;  marks, {database: position in the peer's feed}
    told_ms  when its set was written, by its writer's clock; 0 where that was not noted
    """

    whole: bool
    last: bool
    marks: Mapping[str, str]
    at_ms: int
    told_ms: int = 0


def next_number(tx: Transaction, life: str) -> int:
    """The number of the next set that this life exports; it is used up."""
    number = int(setting(tx, _NUMBER + life) or 0) + 1
    put_settings(tx, {_NUMBER + life: str(number)})
    return number


def lived(reader: Reader, peer: str) -> Lived | None:
    """How a node lives, as far as its volumes have shown."""
    row = reader.one("SELECT life, epoch, doubtful FROM volume_peers WHERE peer = ?", (peer,))
    return None if row is None else Lived(row[0], row[1], bool(row[2]))


def note_lived(tx: Transaction, peer: str, known: Lived) -> None:
    """A node lives so. What another life of it said it holds counts no longer, and of its feeds we begin anew."""
    before = lived(tx, peer)
    if before == known:
        return
    tx.execute(
        "INSERT INTO volume_peers VALUES (?, ?, ?, ?) ON CONFLICT (peer) DO UPDATE SET "
        "life = excluded.life, epoch = excluded.epoch, doubtful = excluded.doubtful",
        (peer, known.life, known.epoch, int(known.doubtful)),
    )
    if before is not None:
        forget_acknowledged(tx, [peer])
        tx.execute("DELETE FROM volumes_taken WHERE peer = ? AND life <> ?", (peer, known.life))


def find_taken(reader: Reader, place: Place) -> Taken | None:
    """What was taken of a volume; None for nothing, or longer ago than is kept."""
    row = reader.one(
        f"SELECT {_TAKEN} FROM volumes_taken WHERE peer = ? AND life = ? AND number = ? AND volume = ?",
        (place.peer, place.life, place.number, place.volume),
    )
    return None if row is None else _taken(*row)


def newest_told_ms(reader: Reader, peer: str, life: str, number: int | None = None) -> int:
    """When the newest set was written of which something was taken, by its writer's clock; 0 for none, or not noted.

    number  only among sets of this number, which a node that was put back gives twice
    """
    asked, params = ("", ()) if number is None else (" AND number = ?", (number,))
    found = f"SELECT coalesce(max(told_ms), 0) FROM volumes_taken WHERE peer = ? AND life = ?{asked}"
    ((told_ms,),) = reader.execute(found, (peer, life, *params))
    return int(told_ms)


def marks_taken(reader: Reader, peer: str, life: str) -> dict[str, set[str]]:
    """{database: positions in the peer's feed that volumes brought us to}, of every set that is kept."""
    found: dict[str, set[str]] = {}
    for (marks,) in reader.execute("SELECT marks FROM volumes_taken WHERE peer = ? AND life = ?", (peer, life)):
        for name, position in parse_object(marks).items():
            found.setdefault(name, set()).add(position)
    return found


def forget_taken(tx: Transaction, peer: str, life: str) -> None:
    """What was taken of a life of a peer says nothing of where it stands now."""
    tx.execute("DELETE FROM volumes_taken WHERE peer = ? AND life = ?", (peer, life))


def put_taken(tx: Transaction, place: Place, taken: Taken) -> None:
    """Keep what was taken of a volume, unless more of it was before."""
    tx.execute(
        "INSERT INTO volumes_taken VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "whole = excluded.whole, last = excluded.last, marks = excluded.marks, at_ms = excluded.at_ms, "
        "told_ms = excluded.told_ms WHERE volumes_taken.whole = 0",
        (
            *(place.peer, place.life, place.number, place.volume),
            *(int(taken.whole), int(taken.last), dump_sorted(dict(taken.marks)).decode(), taken.at_ms, taken.told_ms),
        ),
    )
    kept = tx.execute(
        "SELECT DISTINCT number FROM volumes_taken WHERE peer = ? AND life = ? ORDER BY number DESC LIMIT ?",
        (place.peer, place.life, _SETS_KEPT),
    )
    tx.execute(
        "DELETE FROM volumes_taken WHERE peer = ? AND life = ? AND number < ?", (place.peer, place.life, kept[-1][0])
    )


def volumes_of(reader: Reader, peer: str, life: str, number: int) -> dict[int, Taken]:
    """What was taken of a set, by volume."""
    rows = reader.execute(
        f"SELECT volume, {_TAKEN} FROM volumes_taken WHERE peer = ? AND life = ? AND number = ?", (peer, life, number)
    )
    return {volume: _taken(*row) for volume, *row in rows}


def _taken(whole: int, last: int, marks: str, at_ms: int, told_ms: int) -> Taken:
    return Taken(bool(whole), bool(last), parse_object(marks), at_ms, told_ms)


def newest_set(reader: Reader, peer: str, life: str) -> int:
    """The highest number of a set of which anything was taken; 0 for none."""
    ((number,),) = reader.execute(
        "SELECT coalesce(max(number), 0) FROM volumes_taken WHERE peer = ? AND life = ?", (peer, life)
    )
    return int(number)


def positions_taken(reader: Reader, peer: str, life: str) -> dict[str, tuple[str, ...]]:
    """{database: positions in the peer's feed up to which each everything is here}, those of newer sets first.

    Of a set it counts what was taken without a gap, from its first volume on.
    """
    rows = reader.execute(
        "SELECT number, volume, whole, marks FROM volumes_taken WHERE peer = ? AND life = ? ORDER BY number, volume",
        (peer, life),
    )
    reached: dict[int, dict[str, str]] = {}
    expected: dict[int, int] = {}
    for number, volume, whole, marks in rows:
        if volume == expected.setdefault(number, 1):
            reached.setdefault(number, {}).update(parse_object(marks))
            expected[number] = volume + 1 if whole else 0
    found: dict[str, list[str]] = {}
    for number in sorted(reached, reverse=True):
        for name, position in reached[number].items():
            told = found.setdefault(name, [])
            if position not in told and len(told) < _SETS_TOLD:
                told.append(position)
    return {name: tuple(told) for name, told in found.items()}


def acknowledged(reader: Reader, peer: str, own_life: str) -> dict[str, str]:
    """{database: position in our feed up to which a node holds everything}, as it has said of this life of ours."""
    return dict(
        reader.execute("SELECT database, position FROM acknowledged WHERE peer = ? AND own_life = ?", (peer, own_life))
    )


def note_acknowledged(tx: Transaction, peer: str, own_life: str, positions: Mapping[str, str]) -> None:
    """A node has said that it holds our feeds so far."""
    for name, position in positions.items():
        tx.execute(
            "INSERT INTO acknowledged VALUES (?, ?, ?, ?) ON CONFLICT (peer, database) DO UPDATE SET "
            "own_life = excluded.own_life, position = excluded.position",
            (peer, name, own_life, position),
        )


def forget_acknowledged(tx: Transaction, peers: Iterable[str]) -> None:
    """These nodes no longer hold what they once did."""
    for peer in peers:
        tx.execute("DELETE FROM acknowledged WHERE peer = ?", (peer,))
