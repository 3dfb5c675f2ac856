"""What did not get to the node above, because it was refused there or could not be told: kept, and offered again.

It waits here with its bytes and the reason, where somebody sees it, and delays nothing. What is wrong may be put right
on either side, by a new version of the software, a certificate, a repaired disk; so it is offered again on a clock of
its own, ever more seldom. A record with steps of others that may be wanting there, for they lost them, is offered again
at once, beside what their writers signed over them; and with it whatever else of it was refused, such as the end of a
leaf that was merged into it.

Must not know: how an exchange goes.
"""

from collections.abc import Collection, Iterator
from functools import partial

from sync.node.node import Node
from sync.node.setting_aside import set_aside, set_aside_untold
from sync.node.vouching.statements import avowals_of
from sync.replication.telling import tellable
from sync.revisions.revision import Revision, parse_revision
from sync.store.ledger.set_aside import Item, due_aside, postpone_aside, settle_aside
from sync.store.transaction import Transaction
from sync.values.conversation import SetAside, Told, Untold
from sync.values.documents import Document, Wanted
from sync.values.statements import Signed

_FIRST_MS, _LONGEST_MS = 3_600_000, 86_400_000  # an hour, then twice that, at the most a day
_AT_ONCE = 20


class Retries:
    """What one exchange offers again, and what became of it."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._now_ms = now_ms = node.clock()
        self._due = node.read(
            lambda reader: due_aside(reader, now_ms=now_ms, latest_ms=now_ms + _LONGEST_MS, limit=_AT_ONCE)
        )
        self._newly_refused_may_go = False
        self._offered: dict[tuple[str, str, Revision], Item] = {}
        self._in_vain: dict[tuple[str, str, Revision], str] = {}

    @property
    def has_more(self) -> bool:
        """Whether something is due already that this exchange did not offer."""
        return self._newly_refused_may_go or self.goes_on

    @property
    def goes_on(self) -> bool:
        """Whether that is the rest of what one exchange did not hold, and some of it was taken."""
        return len(self._due) == _AT_ONCE and len(self._in_vain) < len(self._offered)

    def avowals(self) -> tuple[Signed, ...]:
        """What others signed over their steps in the records that are due: with it beside them they may be taken."""
        records = dict.fromkeys((item.database, item.id) for item in self._due)  # of which several leaves may be due
        found = (one for database, doc_id in records for one in _avowals(self._node, database, doc_id))
        return tuple(dict.fromkeys(found))

    def tell(self, names: Collection[str]) -> Iterator[Told]:
        """What is due, of some databases; plainly, for it may have been the telling that was wrong."""
        for item in self._due:
            if item.database in names:
                revision = parse_revision(item.revision)
                self._offered[(item.database, item.id, revision)] = item
                database = self._node.documents.database(item.database)
                tree = database.tree(item.id)
                if tree is not None and revision in tree.leaves():  # else another stands on it, and was told
                    for document in tellable(database, item.id, (revision,), self.pass_over):
                        yield Told(item.database, document, plain=True)

    def pass_over(self, untold: Untold) -> None:
        """Something cannot be told now."""
        place = (untold.name, untold.id, untold.revision)
        if place in self._offered:
            self._in_vain[place] = untold.reason
        else:
            set_aside_untold(self._node, untold, next_ms=self._now_ms + _FIRST_MS)

    def settle(self, refused: Collection[SetAside]) -> None:
        """The exchange went through, and this was refused of all that it told."""
        for one in refused:
            place = (one.name, one.id, one.revision)
            if place in self._offered:
                self._in_vain[place] = one.reason
            elif keep_refused(self._node, one):
                self._newly_refused_may_go = True
        if self._offered:
            self._node.write(self._note)

    def _note(self, tx: Transaction) -> None:
        for place, item in self._offered.items():
            reason = self._in_vain.get(place)
            if reason is None:
                settle_aside(tx, item.item, now_ms=self._now_ms)
            else:
                wait_ms = min(_LONGEST_MS, _FIRST_MS << min(item.tries + 1, 10))
                postpone_aside(tx, item.item, reason=reason, next_ms=self._now_ms + wait_ms)


def keep_refused(node: Node, one: SetAside) -> bool:
    """Something was refused above for the first time; whether it may go in the next exchange."""
    avowed = any(True for _ in _avowals(node, one.name, one.id))
    for found in node.documents.database(one.name).read([Wanted(one.id, (one.revision,))]):
        if isinstance(found, Document):
            next_ms = node.clock() + (0 if avowed else _FIRST_MS)
            set_aside(node, one.name, found, reason=one.reason, offered_by=node.identity.writer, next_ms=next_ms)
    return avowed


def _avowals(node: Node, database: str, doc_id: str) -> Iterator[Signed]:
    """What others signed over their steps in a record, whichever of its leaves they stand in."""
    for found in node.documents.database(database).read([Wanted(doc_id, ())]):
        if isinstance(found, Document):
            yield from node.read(partial(avowals_of, database=database, document=found))
