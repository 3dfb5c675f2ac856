"""Our database to another Yizhan server's, told by frames behind a position that both know.

    {"pairing": "3f2a…", "pushed": ["9-a", "7-a"], "sent": []}

`pushed` was acknowledged, newest first; `sent` was told when the link broke, and one of it may have been taken.

A server of which nothing is known is told a little without asking, and asked first where there is much: one that
speaks CouchDB's protocol alone answers and hangs up before it has read what it is told. Where its answer is lost by
that, it is asked anew in few words.

Must not know: HTTP.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from uuid import uuid4

from sync.database import Database
from sync.errors import LinkError
from sync.remote.conveyance import Conveyance, SpeaksCouchOnly
from sync.replication.memory import Run
from sync.replication.noting import Note
from sync.replication.settling import MOST_STOOD
from sync.replication.telling import MOST_TOLD_BYTES, nobody_knows, tell
from sync.values.changes import START
from sync.values.conversation import Item, Mark, Told, Untold
from sync.values.conveyance import Proposal, Settlement

_MOST_UNASKED = 50  # documents: some kilobytes, which a weak link carries before any answer can be here
_MOST_SENT = 200


class Push:
    """One push; see `conveying.carry`."""

    def __init__(self, source: Database, far: Conveyance, replication: str) -> None:
        """replication: its id."""
        self._source = source
        self._far = far
        self._note = Note(source, replication)
        self._pairing = self._note.text("pairing") or uuid4().hex
        self._pushed = self._note.texts("pushed")
        self._sent = self._note.texts("sent")

    def run(self, run: Run) -> bool:
        """Carry all that can be carried this way; False when the rest is for CouchDB's protocol.

        raises  LinkError when the link broke; what had been taken before it is not told again
        """
        if self._note.is_not_understood:
            return False
        plain, told = False, 0
        ahead = self._source.changes(self._since, limit=1)
        expected = len(ahead.results) + (ahead.pending or 0)
        run.expect(expected)
        asks_strangers = expected > _MOST_UNASKED
        while True:
            is_first = not self._pushed and not self._sent
            since, asks = self._since, bool(self._sent) or (is_first and asks_strangers)
            telling = _Telling(self._source, since, told, run, plain=plain)
            try:
                settled, _ = self._far.settle(Proposal(self._pairing, since), () if asks else telling)
            except SpeaksCouchOnly:
                self._note.note_not_understood()
                return False
            except LinkError:
                self._keep(self._pushed, sent=(*self._sent, *telling.marks)[-_MOST_SENT:])
                if asks or not is_first:
                    raise
                asks_strangers = True
                continue
            told += telling.count
            run.carried(told, settled.set_aside)
            if (is_first and not settled.was_empty) or not self._come_to(settled, telling.marks) or telling.passed_over:
                return False
            if run.report.stopped or (not asks and self._is_through(since, telling)):
                return True
            if settled.unread and plain:
                return False
            plain = settled.unread

    def prove(self, seq: str) -> None:
        """Everything up to a sequence of ours is there, by whatever way it went: behind it we can tell."""
        if not self._note.is_not_understood:
            with suppress(SpeaksCouchOnly):
                self._far.settle(Proposal(self._pairing, seq, proved=True))
                self._keep((seq,))

    @property
    def _since(self) -> str:
        return self._pushed[0] if self._pushed else START

    def _is_through(self, since: str, telling: "_Telling") -> bool:
        return (not telling.count and self._since == since) or self._since == self._source.info().update_seq

    def _come_to(self, settled: Settlement, marks: Iterable[str]) -> bool:
        """Note where the two stand; False when they share no position."""
        if settled.taken in (self._since, *marks, *self._sent):
            self._keep((settled.taken, *(one for one in self._pushed if one != settled.taken)))
            return True
        shared = [number for number, one in enumerate(self._pushed) if one in settled.stood]
        if shared:
            self._keep(self._pushed[shared[0] :])
        return bool(shared)

    def _keep(self, pushed: tuple[str, ...], *, sent: tuple[str, ...] = ()) -> None:
        self._pushed, self._sent = pushed[:MOST_STOOD], sent
        self._note.write(pairing=self._pairing, pushed=list(self._pushed), sent=list(sent))


class _Telling:
    """What is told behind a position, anew each time it is gone through; it ends before what no frame holds."""

    def __init__(self, source: Database, since: str, before: int, run: Run, *, plain: bool) -> None:
        """before: how much the run has told already."""
        self._source = source
        self._since = since
        self._before = before
        self._run = run
        self._plain = plain
        self.count = 0
        self.marks: list[str] = []
        self.passed_over: list[Untold] = []

    def __iter__(self) -> Iterator[Item]:
        self.count = 0
        told = tell(
            self._source,
            self._since,
            knows=nobody_knows,
            most_bytes=MOST_TOLD_BYTES,
            pass_over=self.passed_over.append,
            plain=self._plain,
        )
        for item in told:
            if self.passed_over:
                return
            self.count += isinstance(item, Told)
            if isinstance(item, Mark):
                self.marks.append(item.position)
                self._run.telling(self._before + self.count)
            yield item
            if isinstance(item, Mark) and self._run.is_stopped():
                return
