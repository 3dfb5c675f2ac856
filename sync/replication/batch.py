"""One batch of changes carried over: which revisions lack, fetch them, write them.

Each is a step of its own, for who takes them may fetch one part while another is written; memory holds
one write's worth of documents for each of the two. A document refused is noted and the rest goes on; a
write refused as a whole is halved until the one document to blame is found.

source  CouchDB replication protocol, 2.4.2.4.3 to 2.4.2.5.2

Must not know: checkpoints, sequences.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sync.database import Database
from sync.errors import BadRequest, LinkError, TooLarge, UnsupportedType
from sync.remote.traffic import Measured
from sync.replication.pace import Limits, Pace, adapted, after_a_cut, first_pace, weighed
from sync.replication.report import Refusal
from sync.revisions.revision import Revision
from sync.typed import Value, replace
from sync.values.changes import Change, Missing
from sync.values.contents import Content
from sync.values.documents import GONE, Absent, Document, Outcome, Wanted
from sync.wire.problems import MissingStub

# Reads one document once more, with all its contents.
Again = Callable[[Wanted], Sequence[Document | Absent]]


class Carried(Value):
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


class Part(Value):
    """Documents that were read, and are written at once.

    absent         what the source has no more
    size, seconds  how much they are, and how long reading them took
    is_last        whether nothing of the batch is behind it
    """

    documents: tuple[Document, ...]
    absent: tuple[Refusal, ...]
    size: int
    seconds: float
    is_last: bool

    @property
    def is_at_hand(self) -> bool:
        """Whether writing it asks nothing of the source: no content is still to be read there."""
        return not any(isinstance(file.data, Content) for each in self.documents for file in each.attachments)


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

    def lacking(self, changes: Sequence[Change], *, is_all: bool = False) -> tuple[Carried, list[Wanted]]:
        """What the target lacks, counted and to be read; raises whatever the target raises.

        is_all  it is known to lack all of it, and is not asked
        """
        if not changes:
            return Carried(), []
        # 2.4.2.4.3 Calculate Revision Difference
        offered = {change.id: leaves for change in changes if (leaves := self._leaves_of(change))}
        missing: Mapping[str, Missing]
        if is_all or not offered:
            missing = {doc_id: Missing(leaves) for doc_id, leaves in offered.items()}
        else:
            missing = self._target.missing(offered)
        carried = Carried(
            checked=sum(len(leaves) for leaves in offered.values()),
            found=sum(len(each.revisions) for each in missing.values()),
            refused=tuple(_strange(change.id, rev) for change in changes for rev in change.strange),
        )
        return carried, [_wanted(doc_id, missing[doc_id]) for doc_id in offered if doc_id in missing]

    def _leaves_of(self, change: Change) -> tuple[Revision, ...]:
        """Those to be carried; of the winners none where the winner is one that we do not take."""
        return () if self._leaves and change.strange_first else change.leaves[: self._leaves]

    def fetch(self, wanted: Sequence[Wanted]) -> Iterator[Part]:
        """Read documents, part after part, at least one; raises whatever the source raises.

        Each part is as large as the pace is when it is begun.
        """
        weight = self._pace.weight
        while True:
            # What comes over a link is asked for by what it may weigh. From a disk it is read one by one,
            # and written as soon as there is enough.
            pace = replace(self._pace, weight=weight)
            at_once = pace.at_once if isinstance(self._source, Measured) else pace.documents
            asked, wanted = wanted[:at_once], wanted[at_once:]
            for part in self._fetch(asked, is_last=not wanted):
                # Not when it is written, for the next may be asked for before.
                weight = weighed(pace, documents=len(part.documents), size=part.size).weight
                yield part
            if not wanted:
                return

    def write(self, part: Part, *, again: Again) -> Carried:
        """Write a part, which is on disk then; raises whatever the target and `again` raise."""
        absent = Carried(refused=part.absent)
        if not part.documents:
            return absent
        begun = time.monotonic()
        with self.noting_cuts():
            written = self._write(part.documents, again)
        seconds = part.seconds + time.monotonic() - begun
        self._pace = adapted(self._pace, self._limits, documents=len(part.documents), size=part.size, seconds=seconds)
        return absent + written

    @contextmanager
    def noting_cuts(self) -> Iterator[None]:
        """Within, documents are carried: where a link breaks over that, it was perhaps too much at once."""
        try:
            yield
        except LinkError:
            self._pace = after_a_cut(self._pace, self._limits)
            raise

    def _fetch(self, asked: Sequence[Wanted], *, is_last: bool) -> Iterator[Part]:
        begun = time.monotonic()
        documents: list[Document] = []
        absent: list[Refusal] = []
        size = 0
        # 2.4.2.5.1 Fetch Changed Documents
        for read in self._source.read(asked) if asked else ():
            if isinstance(read, Absent):
                why = f"the source has it no more: {read.reason}" if read.reason in GONE else read.reason
                absent.append(Refusal(read.id, read.revision, why))
                continue
            documents.append(read)
            size += weight_of(read)
            if size >= self._pace.bytes:
                yield _part(documents, absent, size, begun, is_last=False)
                documents, absent, size, begun = [], [], 0, time.monotonic()
        if documents or absent or is_last:
            yield _part(documents, absent, size, begun, is_last=is_last)

    def _write(self, documents: Sequence[Document], again: Again) -> Carried:
        # 2.4.2.5.2 Upload Batch of Changed Documents
        outcomes = list(_graft(self._target, documents))
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome.error, MissingStub):
                outcomes[place] = self._write_whole(documents[place], outcome, again)
        # 2.4.2.5.3 Ensure In Commit: what `graft` has returned is on disk, see `sync.database`
        refused = tuple(
            Refusal(document.id, document.revision, outcome.error.reason)
            for document, outcome in zip(documents, outcomes, strict=True)
            if outcome.error is not None
        )
        return Carried(read=len(documents), written=len(documents) - len(refused), refused=refused)

    def _write_whole(self, document: Document, refused: Outcome, again: Again) -> Outcome:
        """Write once more with every content: the target has less than its leaves made us think."""
        for read in again(Wanted(document.id, (document.revision,), attachments=True)):
            if isinstance(read, Document):
                return _graft(self._target, [read])[0]
        return refused


def _part(documents: Sequence[Document], absent: Sequence[Refusal], size: int, begun: float, *, is_last: bool) -> Part:
    return Part(tuple(documents), tuple(absent), size, time.monotonic() - begun, is_last)


def weight_of(document: Document) -> int:
    """About how many bytes a document is on the wire, before compression."""
    contents = sum(each.length for each in document.attachments if each.data is not None)
    return len(document.body) + contents * 4 // 3 + 35 * len(document.path.digests) + len(document.id)


def _wanted(doc_id: str, missing: Missing) -> Wanted:
    return Wanted(doc_id, missing.revisions, latest=True, attachments=True, atts_since=missing.possible_ancestors)


def _strange(doc_id: str, rev: str) -> Refusal:
    return Refusal(doc_id, None, f"its revision cannot be taken as it is: {rev}")


def _graft(target: Database, documents: Sequence[Document]) -> Sequence[Outcome]:
    """Write documents; when all are refused in one word, find those to blame by halving."""
    try:
        return target.graft(documents)
    except (BadRequest, TooLarge, UnsupportedType, MissingStub) as error:
        if len(documents) == 1:
            return [Outcome(documents[0].id, None, error)]
    half = len(documents) // 2
    return [*_graft(target, documents[:half]), *_graft(target, documents[half:])]
