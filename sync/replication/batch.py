"""One batch of changes carried over: which revisions lack, fetch them, write them.

Memory holds one write's worth of documents. A document refused is noted and the rest goes on; a
write refused as a whole is halved until the one document to blame is found.

source  CouchDB replication protocol, 2.4.2.4.3 to 2.4.2.5.2

Must not know: checkpoints, sequences.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.database import Database
from sync.errors import BadRequest, LinkError, TooLarge, UnsupportedType
from sync.remote.traffic import Measured
from sync.replication.pace import Limits, Pace, adapted, after_a_cut, first_pace
from sync.replication.report import Refusal
from sync.values.changes import Change, Missing
from sync.values.documents import Absent, Document, Outcome, Wanted
from sync.wire.problems import MissingStub


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done with a batch or a part of it."""

    checked: int = 0
    found: int = 0
    read: int = 0
    written: int = 0
    refused: tuple[Refusal, ...] = ()

    def __add__(self, other: "Carried") -> "Carried":
        return Carried(
            self.checked + other.checked,
            self.found + other.found,
            self.read + other.read,
            self.written + other.written,
            self.refused + other.refused,
        )


class Carrier:
    """Carries batches from one database to the other, at a pace it learns."""

    def __init__(self, source: Database, target: Database, limits: Limits, *, winners_only: bool = False) -> None:
        self._source = source
        self._target = target
        self._limits = limits
        self._leaves = 1 if winners_only else None  # how many of each document; the winner stands first
        self._pace = first_pace(limits)

    @property
    def pace(self) -> Pace:
        """The sizes it has come to."""
        return self._pace

    def carry(self, changes: Sequence[Change]) -> Iterator[Carried]:
        """Carry one batch, telling of each part when the target has it on disk.

        The batch is safe when the iterator has ended, and not before.
        raises  whatever source and target raise; what was told of is on the target's disk
        """
        # 2.4.2.4.3 Calculate Revision Difference
        offered = {change.id: change.leaves[: self._leaves] for change in changes}
        missing = self._target.missing(offered)
        yield Carried(
            checked=sum(len(leaves) for leaves in offered.values()),
            found=sum(len(each.revisions) for each in missing.values()),
        )
        wanted = [_wanted(doc_id, missing[doc_id]) for doc_id in offered if doc_id in missing]
        while wanted:
            at_once = self._at_once()
            try:
                yield from self._fetch_and_write(wanted[:at_once])
            except LinkError:
                self._pace = after_a_cut(self._pace, self._limits)
                raise
            wanted = wanted[at_once:]

    def _at_once(self) -> int:
        # What comes over a link is asked for by what it may weigh. From a disk it is read one by one,
        # and written as soon as there is enough.
        return self._pace.at_once if isinstance(self._source, Measured) else self._pace.documents

    def _fetch_and_write(self, wanted: Sequence[Wanted]) -> Iterator[Carried]:
        begun = time.monotonic()
        documents: list[Document] = []
        size = 0
        # 2.4.2.5.1 Fetch Changed Documents
        for read in self._source.read(wanted):
            if isinstance(read, Absent):
                yield Carried(refused=(Refusal(read.id, read.revision, f"the source has it no more: {read.reason}"),))
                continue
            documents.append(read)
            size += weight_of(read)
            if size >= self._pace.bytes:
                yield self._write(documents)
                self._learn(documents, size, begun)
                documents, size, begun = [], 0, time.monotonic()
        if documents:
            yield self._write(documents)
            self._learn(documents, size, begun)

    def _learn(self, documents: Sequence[Document], size: int, begun: float) -> None:
        seconds = time.monotonic() - begun
        self._pace = adapted(self._pace, self._limits, documents=len(documents), size=size, seconds=seconds)

    def _write(self, documents: Sequence[Document]) -> Carried:
        # 2.4.2.5.2 Upload Batch of Changed Documents
        outcomes = list(_graft(self._target, documents))
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome.error, MissingStub):
                outcomes[place] = self._write_whole(documents[place], outcome)
        # 2.4.2.5.3 Ensure In Commit: what `graft` has returned is on disk, see `sync.database`
        refused = tuple(
            Refusal(document.id, document.revision, outcome.error.reason)
            for document, outcome in zip(documents, outcomes, strict=True)
            if outcome.error is not None
        )
        return Carried(read=len(documents), written=len(documents) - len(refused), refused=refused)

    def _write_whole(self, document: Document, refused: Outcome) -> Outcome:
        """Write once more with every content: the target has less than its leaves made us think."""
        for read in self._source.read([Wanted(document.id, (document.revision,), attachments=True)]):
            if isinstance(read, Document):
                return _graft(self._target, [read])[0]
        return refused


def weight_of(document: Document) -> int:
    """About how many bytes a document is on the wire, before compression."""
    contents = sum(each.length for each in document.attachments if each.data is not None)
    return len(document.body) + contents * 4 // 3 + 35 * len(document.path.digests) + len(document.id)


def _wanted(doc_id: str, missing: Missing) -> Wanted:
    return Wanted(doc_id, missing.revisions, latest=True, attachments=True, atts_since=missing.possible_ancestors)


def _graft(target: Database, documents: Sequence[Document]) -> Sequence[Outcome]:
    """Write documents; when all are refused in one word, find those to blame by halving."""
    try:
        return target.graft(documents)
    except (BadRequest, TooLarge, UnsupportedType, MissingStub) as error:
        if len(documents) == 1:
            return [Outcome(documents[0].id, None, error)]
    half = len(documents) // 2
    return [*_graft(target, documents[:half]), *_graft(target, documents[half:])]
