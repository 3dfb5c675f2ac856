"""Through the source's feed part after part: what comes next is read while the target writes what was read before.

A run spends about as long in the one as in the other, so doing both at once takes little more than half the
time. Each end is still asked one thing at a time, for behind it may be one connection. The second thread
begins when there is something to read beside a write: a run with little to carry has none.

    source   feed          part 1   part 2    part 3    feed          part 1 …
    target         lacks?           write 1   write 2         lacks?  write 3 …

A target across a link that holds nothing when all is to be carried from the beginning is not asked what it lacks: the
question and its answer have a hundred bytes for each document, and whether it is empty costs one small request.

Where a page is to be recorded as soon as it is written, nothing is read ahead: on a link that may break at any
moment what is safe is worth more than what comes next, and each part's size is learned from the one before.

Must not know: checkpoints, what becomes of what was read.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from types import TracebackType
from typing import TypeVar

from sync.database import Database
from sync.errors import SyncError
from sync.remote.traffic import Measured
from sync.replication.batch import Carried, Carrier, Part
from sync.typed import Value
from sync.values.changes import START, Changes

T = TypeVar("T")

_WORTH_A_LOOK = 50  # documents: of fewer it costs as much to be told whether the target is empty


class Page(Value, eq=False):
    """A page of the feed.

    lacking  what the target said to it
    parts    its documents; each is read when it is asked for
    is_last  whether no other page is behind it
    """

    changes: Changes
    lacking: Carried
    parts: Iterator[Part]
    is_last: bool


class Step(Value, eq=False):
    """A part that was read, and the page it belongs to."""

    page: Page
    part: Part


class Ahead:
    """One run's way through the feed; leaving its block waits for the end of what is being read."""

    def __init__(
        self,
        carrier: Carrier,
        source: Database,
        target: Database,
        *,
        doc_ids: tuple[str, ...] | None = None,
        records: Callable[[], bool],
    ) -> None:
        """carrier: of these two databases; doc_ids: those to be carried, None for all; records: whether a page
        that ends now will be recorded."""
        self._carrier = carrier
        self._source = source
        self._target = target
        self._begins_empty: bool | None = None  # whether the target held nothing when this began; None: not known
        self._doc_ids = doc_ids
        self._records = records
        self._is_one_connection = (
            isinstance(source, Measured) and isinstance(target, Measured) and source.meter is target.meter
        )
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="yizhan-ahead")
        self._reading: Future[Step] | None = None

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown()

    def steps(self, since: str) -> Iterator[Step]:
        """Step after step behind a sequence, each to be written when it is given; at least one.

        raises  whatever source and target raise
        """
        if since != START or not isinstance(self._target, Measured):
            self._begins_empty = False
        page = self._page(since)
        read: Callable[[], Step] | None = partial(self._step, page)
        while read is not None:
            with self._carrier.noting_cuts():
                step = read()
            read = self._following(step)
            yield step

    def ask(self, question: Callable[[], T]) -> T:
        """Ask something else of the source, when what is being read from it has been."""
        if self._reading is not None:
            wait([self._reading])
        return question()

    def _following(self, step: Step) -> Callable[[], Step] | None:
        """What gives the step behind one that is to be written, begun already if it may be; None behind the last."""
        page, part = step.page, step.part
        if part.is_last and page.is_last:
            return None
        if self._is_one_connection or not part.is_at_hand or self._records():
            return partial(self._follow, step)
        self._reading = Future()
        try:
            following = self._page_behind(step)
        except SyncError as error:  # raised when the step is written, for what has been read must not be lost
            self._reading.set_exception(error)
        else:
            self._reading = self._thread.submit(self._step, following)
        return self._reading.result

    def _follow(self, step: Step) -> Step:
        return self._step(self._page_behind(step))

    def _step(self, page: Page) -> Step:
        """The next step of a page; asks the source alone, and may be called in the other thread."""
        return Step(page, next(page.parts))

    def _page_behind(self, step: Step) -> Page:
        return self._page(step.page.changes.last_seq) if step.part.is_last else step.page

    def _page(self, since: str) -> Page:
        # 2.4.2.4.1 Listen to Changes Feed, 2.4.2.4.2 Read Batch of Changes
        limit = self._carrier.pace.documents
        changes = self._source.changes(since, limit=limit, doc_ids=self._doc_ids)
        is_end = changes.pending == 0 or (changes.pending is None and len(changes.results) < limit)
        lacking, wanted = self._carrier.lacking(changes.results, is_all=self._lacks_all(len(changes.results)))
        return Page(changes, lacking, self._carrier.fetch(wanted), is_end or not changes.results)

    def _lacks_all(self, documents: int) -> bool:
        """Whether the target has none of so many documents. It had none that come later, either: each comes once."""
        if self._begins_empty is None:
            self._begins_empty = documents >= _WORTH_A_LOOK and self._target.info().is_empty
        return self._begins_empty
