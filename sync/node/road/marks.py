"""How far we have come with the node above: kept over restarts, so that a start costs no extra round trip.

Marks only save work. The proof that something arrived is a receipt, and where to go on after a cut
is the replication checkpoint's business; a mark lost or forgotten costs a look, never a document.

Must not know: what is carried, how.
"""

from sync.node.node import Node
from sync.node.vouching.cursors import life_of, position_of
from sync.store.ledger.settings import all_settings, put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.values.changes import START

_SENT, _HEARD, _VERSION = "upward.sent", "upward.heard", "upward.version"
_PUSHED, _PULLED = "upward.pushed.", "upward.pulled."


class Marks:
    """The marks of one node towards its upstream."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def sent(self) -> int:
        """Arrival of the newest of our statements that the node above has taken."""
        return int(self._get(_SENT) or 0)

    def heard(self) -> str:
        """The cursor the node above gave us last."""
        return self._get(_HEARD)

    def peer_life(self) -> str:
        """The life of the node above, as its cursor names it."""
        return life_of(self.heard())

    def version(self) -> int:
        """The version of exchanges that the node above spoke last; the oldest before it spoke."""
        return int(self._get(_VERSION) or 1)

    def note_exchange(self, tx: Transaction, *, sent: int, heard: str, version: int, fallen: bool) -> bool:
        """Keep what an exchange came to, in the transaction that takes in what was said.

        version  of exchanges that it speaks
        fallen   someone above has less than it once signed for
        returns  whether every mark was forgotten: for that, or because the node above lives another life, or has gone
                 back in the one it lives
        """
        before, life = setting(tx, _HEARD) or "", life_of(heard)
        put_settings(tx, {_SENT: str(sent), _HEARD: heard, _VERSION: str(version)})
        went_on = position_of(before, life) <= position_of(heard, life)
        if not fallen and life_of(before) in ("", life) and went_on:
            return False
        self.forget_all(tx)
        return True

    def forget_all(self, tx: Transaction) -> None:
        """Nothing that was remembered of the node above holds any more, in the transaction that found that out."""
        put_settings(tx, dict.fromkeys(name for name in all_settings(tx) if name.startswith((_PUSHED, _PULLED, _SENT))))

    def pushed(self, name: str) -> str:
        """The sequence of our database up to which everything was pushed."""
        return self._get(_PUSHED + name)

    def note_pushed(self, name: str, seq: str) -> None:
        """A push went through."""
        self._put(_PUSHED + name, seq)

    def pulled(self, name: str) -> str:
        """The sequence of their database up to which everything was pulled."""
        return self._get(_PULLED + name)

    def note_pulled(self, name: str, seq: str) -> None:
        """A pull went through."""
        self._put(_PULLED + name, seq)

    def hear_anew(self, tx: Transaction, name: str) -> None:
        """A database of theirs is to be told from its beginning."""
        put_settings(tx, {_PULLED + name: START})

    def all(self, reader: Reader) -> tuple[tuple[str, str], ...]:
        """Every mark by name, as it stands."""
        return tuple((name, value) for name, value in all_settings(reader).items() if name.startswith("upward."))

    def forget(self, name: str) -> None:
        """Neither is known any more: the node above has no such database now."""
        self._put(_PUSHED + name, None)
        self._put(_PULLED + name, None)

    def _get(self, name: str) -> str:
        return self._node.read(lambda reader: setting(reader, name)) or ""

    def _put(self, name: str, value: str | None) -> None:
        if self._get(name) != (value or ""):
            self._node.write(lambda tx: put_settings(tx, {name: value}))
