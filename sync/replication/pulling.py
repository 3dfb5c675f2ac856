"""Another Yizhan server's database to ours, told by frames behind the position that we have heard.

Must not know: HTTP.
"""

from collections.abc import Iterator

from sync.database import Database
from sync.remote.conveyance import Conveyance, SpeaksCouchOnly
from sync.replication.hearing import Heard, hear
from sync.replication.memory import Run
from sync.replication.noting import Note
from sync.replication.settling import is_empty, refused_of
from sync.values.changes import START
from sync.values.conversation import Garbled, Item
from sync.values.conveyance import Proposal


class Pull:
    """One pull; see `conveying.carry`."""

    def __init__(self, far: Conveyance, target: Database, replication: str) -> None:
        """replication: its id."""
        self._far = far
        self._target = target
        self._note = Note(target, replication)
        self._told = 0

    def run(self, run: Run) -> bool:
        """Carry all that can be carried this way; False when the rest is for CouchDB's protocol.

        raises  LinkError when the link broke; what had arrived before it stays
        """
        since = self._note.text("heard") or START
        if self._note.is_not_understood or (since == START and not is_empty(self._target)):
            return False
        plain = False
        while not run.is_stopped():
            try:
                settled, items = self._far.settle(Proposal(heard=since, plain=plain))
            except SpeaksCouchOnly:
                self._note.note_not_understood()
                return False
            before, heard = since, Heard()
            since, unread = self._hear(items, since, heard, run)
            if since == settled.stands_at:
                return True
            if since == before and (plain or not unread):
                return False  # there stands what no frame holds, or what we cannot read
            plain = unread
        return True

    def prove(self, seq: str) -> None:
        """Everything up to a sequence of theirs is here, by whatever way it came."""
        if not self._note.is_not_understood:
            self._note.write(heard=seq)

    def _hear(self, items: Iterator[Item], since: str, heard: Heard, run: Run) -> tuple[str, bool]:
        """How far it came, and whether something could not be read that the rest speaks of."""
        garbled: list[Garbled] = []
        try:
            for mark in hear(items, heard, open_database=lambda name: self._target, keep_garbled=garbled.append):
                since = mark.position
                run.telling(self._told + heard.written)
        finally:
            if since != START:
                self._note.write(heard=since)
            refused = refused_of(heard, garbled)
            self._told += heard.written + len(refused)
            run.carried(self._told, refused)
        return since, bool(heard.unread)
