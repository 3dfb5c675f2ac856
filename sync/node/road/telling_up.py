"""What one exchange tells the node above, lane after lane, read while it is sent.

Records go before photos, and in the middle of one; the photos of one station do not wait for another's; what was
refused before and is due again goes last.

Must not know: how it travels, what is said besides.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping

from sync.node.lanes import Lane, lane_of
from sync.node.node import Node
from sync.node.road.photo_lane import PhotoLane, sent_bytes
from sync.node.road.retrying import Retries
from sync.node.seeking import Piece
from sync.records.ids import content_revision, parse_content_id
from sync.replication.batch import weight_of
from sync.replication.small_first import tell_small_first
from sync.replication.telling import BaseOf, Knows, tell, tellable
from sync.typed import Changing, Value, field
from sync.values.conversation import Item, Mark, Told
from sync.values.documents import Document

# Whether to tell nothing behind the next mark.
Stop = Callable[[], bool]


class Positions(Changing):
    """The marks told, which the other may have come to.

    records  those behind which a mark was told, by database
    """

    marks: dict[str, list[str]] = field(default_factory=dict)
    records: dict[str, list[Document]] = field(default_factory=dict)

    def add(self, other: "Positions") -> None:
        """Count others in, of other databases."""
        self.marks |= other.marks
        self.records |= other.records

    def may_be(self, name: str, position: str) -> bool:
        """Whether the other may have come to this."""
        return position in self.marks.get(name, ())

    def last(self, name: str) -> str | None:
        """The mark told last; None when none was."""
        marks = self.marks.get(name)
        return marks[-1] if marks else None


class Manner(Value):
    """How to tell.

    most_bytes  of bodies; behind them it ends at the next mark
    knows       what is not told, for it came from there
    base_of     what the other holds of a document
    plain       databases of which nothing is to be told against anything
    """

    most_bytes: int
    knows: Knows
    base_of: BaseOf
    plain: frozenset[str] = frozenset()


class TellingUp:
    """What is told in one exchange; `told`, `weight` in bytes and `positions` say how much that was so far."""

    def __init__(
        self,
        node: Node,
        since: Mapping[str, str],
        manner: Manner,
        *,
        retries: Retries,
        stop: Stop,
        lane: PhotoLane | None = None,
    ) -> None:
        """Begin to tell.

        since    of each database that is to be told, the position behind which to begin
        retries  what is offered again behind all else
        lane     of the photos; None for one that is open
        """
        self._node = node
        self._manner = manner
        self._stop = stop
        self._lane = lane or PhotoLane()
        self._records = {name: position for name, position in since.items() if lane_of(name) is not Lane.PHOTOS}
        self._photos = {name: position for name, position in since.items() if lane_of(name) is Lane.PHOTOS}
        self._unmarked: list[Document] = []
        self._retries = retries
        self.positions = Positions()
        self.sought: list[Piece] = []  # told because the node above asked for it
        self.told = self.weight = 0

    @property
    def is_full(self) -> bool:
        """Whether no more fits into this exchange."""
        return self.weight >= self._manner.most_bytes

    def items(self) -> Iterator[Item]:
        """All of it; asked for again, all once more, and the marks stay: nobody said that they were not taken."""
        self.told = self.weight = 0
        self.positions.records, self._unmarked, self.sought = {}, [], []
        for item in self._all():
            if isinstance(item, Told):
                self.told += 1
                self.weight += weight_of(item.document)
                if lane_of(item.name) is Lane.PHOTOS:
                    self._lane.add(sent_bytes(item.document))
            yield item

    def _all(self) -> Iterator[Item]:
        yield from self._tell_records(self._records)
        waiting = deque(self._begin(name, since) for name, since in sorted(self._photos.items()))
        while waiting and not self._is_over() and self._lane.is_open():
            told = waiting.popleft()
            for item in told:
                self._note(item)
                yield item
                if isinstance(item, Mark):
                    yield from self._tell_records(self._newer())
                    waiting.append(told)
                    break
        if not self._is_over():
            photos = self._photos.keys() if self._lane.is_open() else set[str]()
            yield from self._tell_sought(photos)
            yield from self._retries.tell(self._records.keys() | photos)

    def _tell_sought(self, names: Collection[str]) -> Iterator[Told]:
        """What the node above has lost, and is here."""
        for name, doc_id in self._node.sought.all():
            content = parse_content_id(doc_id)
            if name not in names or content is None or self._is_over():
                continue
            database, revision = self._node.documents.database(name), content_revision(content[1])
            for document in tellable(database, doc_id, (revision,), self._retries.pass_over):
                self.sought.append((name, doc_id))
                yield Told(name, document)

    def _tell_records(self, positions: Mapping[str, str]) -> Iterator[Item]:
        for name, since in positions.items():
            if self._is_over():
                return
            for item in self._begin(name, since):
                self._note(item)
                yield item
                if isinstance(item, Mark) and self._stop():
                    return

    def _begin(self, name: str, since: str) -> Iterator[Item]:
        database, manner = self._node.documents.database(name), self._manner
        left, pass_over = manner.most_bytes - self.weight, self._retries.pass_over
        if lane_of(name) is Lane.PHOTOS:
            return tell_small_first(database, since, knows=manner.knows, most_bytes=left, pass_over=pass_over)
        return tell(
            database,
            since,
            knows=manner.knows,
            most_bytes=left,
            pass_over=pass_over,
            plain=name in manner.plain,
            base_of=manner.base_of,
        )

    def _note(self, item: Item) -> None:
        if isinstance(item, Told) and lane_of(item.name) is not Lane.PHOTOS:
            self._unmarked.append(item.document)
        elif isinstance(item, Mark):
            self.positions.marks.setdefault(item.name, []).append(item.position)
            self.positions.records.setdefault(item.name, []).extend(self._unmarked)
            self._unmarked = []

    def _newer(self) -> dict[str, str]:
        """The databases of records that have changed since they were told, and where to go on with each."""
        reached = {name: self.positions.last(name) or since for name, since in self._records.items()}
        stand = {name: self._node.documents.database(name).info().update_seq for name in reached}
        return {name: since for name, since in reached.items() if since != stand[name]}

    def _is_over(self) -> bool:
        return self.is_full or self._stop()
