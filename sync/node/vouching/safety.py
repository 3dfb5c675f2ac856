"""What of this node is also in its backup, signed: receipts of the grade `safe`.

They speak of what is in the backup, read there, and never of what is in the file that was copied. The newest backup
is noted; one that is found gone takes back what was signed over it, and says so. A backup that failed is told to the
operator and takes nothing back: the one before it still lies there.

Must not know: when backups are made, where they are kept, how the operator is told.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from sync.custody.issuing import Own, holdings_of_station, issue_receipt
from sync.custody.receipts import RECEIPT, SAFE, Holding, read_receipt
from sync.errors import Conflict, Forbidden, NotFound, StorageError
from sync.messages import _, pgettext
from sync.node.node import Node
from sync.node.vouching.statements import own_of
from sync.store.backup import is_on_another_disk, reading
from sync.store.ledger.certificates import all_certificates
from sync.store.ledger.custody import statements_of
from sync.store.ledger.settings import put_settings, setting
from sync.store.ledger.writers import held_hash
from sync.store.place import sequences
from sync.store.transaction import Reader, Transaction
from sync.typed import Value, asdict

_NOTE, _TROUBLE = "safe.backup", "safe.trouble"
_GONE, _TAKEN_BACK = "safe.gone", "safe.taken_back"  # since when the newest backup is not there, and what came of it
_PATIENCE_MS = 3_600_000  # a disk elsewhere on the network may be away for a moment
_AT_ONCE = 100  # stations signed for in one transaction; a centre has thousands


class Noted(Value):
    """The newest backup.

    file    where it was put;  size, of its bytes
    epoch, counter  how far the store stood that was copied
    at_ms   when it was noted
    """

    file: str
    size: int
    epoch: str
    counter: int
    at_ms: int


def sign_safe(node: Node, backup: Path, *, trust_same_disk: bool = False) -> int:
    """Note a finished backup of this node, and sign for what is in it.

    trust_same_disk  whether a backup on the disk of the data directory counts
    returns          how many receipts are new
    raises           Forbidden when it does not hold what this node holds, or does not lie apart from it; Conflict when
                     a newer one stands; NotFound, Damaged
    """
    if node.documents.elsewhere() is not None:
        raise Forbidden(
            _("The documents are on a CouchDB and not in a backup of the directory; “in its backup” cannot be signed"),
            remedy=_("Make backups with the tools of CouchDB."),
        )
    if not backup.is_file():
        raise NotFound(_("There is no backup %(file)s", file=backup))
    if not (trust_same_disk or is_on_another_disk(node.engine.directory, backup)):
        raise Forbidden(_("The backup is on the same disk as the data"), remedy=_("Make the backup on another disk."))
    own = own_of(node.identity)
    with reading(backup, node.keys) as copy:
        noted = _noted_of(copy, backup, now_ms=node.clock())
        _require_ours(copy, own)
        holds = {sid: holdings_of_station(copy, own, sid) for sid in _stations(copy, own)}
    known = node.read(newest_backup)
    if known is not None and known.epoch == noted.epoch and known.counter > noted.counter and _stands(node, known):
        raise Conflict(_("There is a newer backup, which counts"), remedy="")
    text = json.dumps(asdict(noted))
    node.write(lambda tx: put_settings(tx, {_NOTE: text, _GONE: None, _TAKEN_BACK: None, _TROUBLE: None}))
    return _sign(node, own, holds)


def look_after_backup(node: Node, *, trust_same_disk: bool = False) -> bool:
    """Whether the newest backup is still there.

    One that is not is told to the operator at once; when it stays away, what was signed over it is taken back. One that
    is there again, on a disk that was pulled out for a while, is signed for again.
    """
    known = node.read(newest_backup)
    if known is None:
        return False
    gone_since = node.read(lambda reader: setting(reader, _GONE))
    if _stands(node, known):
        if gone_since is not None:
            sign_safe(node, Path(known.file), trust_same_disk=trust_same_disk)
        return True
    now_ms = node.clock()
    if gone_since is None:
        node.write(lambda tx: put_settings(tx, {_GONE: str(now_ms)}))
    elif abs(now_ms - int(gone_since)) >= _PATIENCE_MS:
        node.write(lambda tx: put_settings(tx, {_TAKEN_BACK: "yes"}))
        _take_back(node)
    return False


def _take_back(node: Node) -> None:
    """Sign that nothing is safe any more, of every station where something was."""
    own = own_of(node.identity)
    signed = node.read(lambda reader: statements_of(reader, RECEIPT, [own.pair.writer]))
    receipts = (read_receipt(one.signed.payload) for one in signed)
    _sign(node, own, {one.station: () for one in receipts if one.grade == SAFE and one.holds})


def newest_backup(reader: Reader) -> Noted | None:
    """The backup noted last, of whichever life."""
    text = setting(reader, _NOTE)
    return None if text is None else Noted(**json.loads(text))


def is_of_this_life(reader: Reader, noted: Noted) -> bool:
    """Whether a backup was made since this directory was made or restored."""
    return noted.epoch == sequences(reader).epoch


def note_trouble(node: Node, sentence: str) -> None:
    """Keep why the last backup did not come to be, until one does."""
    node.write(lambda tx: put_settings(tx, {_TROUBLE: sentence}))


def trouble_of(reader: Reader) -> str:
    """What is wrong with the newest backup, and why there is no newer one; "" when nothing is."""
    known, told = newest_backup(reader), [setting(reader, _TROUBLE)]
    if known is not None and setting(reader, _GONE) is not None:
        if setting(reader, _TAKEN_BACK):
            gone = _(
                "The backup is gone: %(file)s; stations were told that nothing is in the backup of the centre any more",
                file=known.file,
            )
        else:
            gone = _("The backup is gone: %(file)s", file=known.file)
        told.insert(0, gone)
    return pgettext("between sentences", "; ").join(one for one in told if one)


def _sign(node: Node, own: Own, holds: Mapping[str, tuple[Holding, ...]]) -> int:
    return sum(node.write(partial(_signed, own, holds, page, node.clock())) for page in _pages(sorted(holds)))


def _signed(
    own: Own, holds: Mapping[str, tuple[Holding, ...]], stations: Sequence[str], now_ms: int, tx: Transaction
) -> int:
    """How many receipts about some stations are new."""
    signed = (issue_receipt(tx, own, sid, _also_here(tx, holds[sid]), grade=SAFE, now_ms=now_ms) for sid in stations)
    return sum(one is not None for one in signed)


def _pages(stations: Sequence[str]) -> Iterator[Sequence[str]]:
    return (stations[start : start + _AT_ONCE] for start in range(0, len(stations), _AT_ONCE))


def _also_here(reader: Reader, holds: Sequence[Holding]) -> tuple[Holding, ...]:
    """What is on our disk too: `safe` is more than `durable`, never something else."""
    return tuple(one for one in holds if held_hash(reader, one.writer, one.life, one.counter) == one.head)


def _noted_of(copy: Reader, backup: Path, *, now_ms: int) -> Noted:
    order = sequences(copy)
    return Noted(str(backup.absolute()), backup.stat().st_size, order.epoch, order.counter, now_ms)


def _stands(node: Node, noted: Noted) -> bool:
    """Whether a backup is there, as large and as far as it was."""
    path = Path(noted.file)
    try:
        with reading(path, node.keys) as copy:
            return _noted_of(copy, path, now_ms=noted.at_ms) == noted
    except (NotFound, StorageError, OSError):
        return False


def _require_ours(copy: Reader, own: Own) -> None:
    if copy.one("SELECT 1 FROM node_key WHERE writer = ?", (own.pair.writer,)) is None:
        raise Forbidden(_("This is no backup of this machine"), remedy=_("Check the file."))


def _stations(copy: Reader, own: Own) -> frozenset[str]:
    return frozenset(known.sid for known in all_certificates(copy)) | {own.sid}
