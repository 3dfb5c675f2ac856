"""What a station may let go of: only what the centre's newest word covers, on its disk and in its backup alike.

Two receipts of the centre are asked about every event: what it says of its disk, and what it says of its backup. Both
must be of the same life, for a centre that was restored may have lost what it backed up before; and neither may have
fallen behind what it said once. Every doubt counts as "not safe", and then all of the case stays.

What stations above us wrote is passed over: nobody tells us who holds it (decision 7), and it came from above anyway.

Must not know: which cases are closed, how a body is let go.
"""

from collections.abc import Collection, Iterable

from sync.custody.gathering import facts_of, plausible
from sync.custody.issuing import Own, receipt_subject
from sync.custody.receipts import DURABLE, RECEIPT, SAFE, Receipt, read_receipt
from sync.custody.standing import covered, covers
from sync.records.events import Event
from sync.store.ledger.custody import newest_statement
from sync.store.transaction import Reader
from sync.typed import Value


class Word(Value):
    """What the centre says of a station's writers: of its disk, and of its backup."""

    durable: Receipt
    safe: Receipt


def safe_blobs(
    reader: Reader, own: Own, centre: str, events: Iterable[Event], *, stations: Collection[str]
) -> frozenset[str] | None:
    """The blobs of a case that may be let go; None when something of the case is not safe.

    centre    the writer id of the pinned centre
    events    every event of the case
    stations  those whose receipts are told us: our own and those below
    """
    safe: set[str] = set()
    words: dict[str, Word | None] = {}
    for fact in facts_of(reader, own, events):
        if fact.sid and fact.sid not in stations:
            continue
        if fact.sid not in words:
            words[fact.sid] = word_of(reader, centre, fact.sid)
        word = words[fact.sid]
        if word is None or not all(
            covers(receipt, fact) and covered(receipt, fact) == frozenset(fact.materials)
            for receipt in (word.durable, word.safe)
        ):
            return None
        safe.update(fact.materials)
    return frozenset(safe)


def word_of(reader: Reader, centre: str, station: str) -> Word | None:
    """What the centre says of a station now; None when it does not say both, in one life, without having fallen."""
    durable = newest_statement(reader, RECEIPT, centre, subject=receipt_subject(station, DURABLE))
    safe = newest_statement(reader, RECEIPT, centre, subject=receipt_subject(station, SAFE))
    if durable is None or safe is None or durable.fallen_from is not None or safe.fallen_from is not None:
        return None
    word = Word(*(plausible(reader, read_receipt(one.signed.payload)) for one in (durable, safe)))
    same_life = (word.durable.epoch, word.durable.life) == (word.safe.epoch, word.safe.life)
    return word if same_life else None
