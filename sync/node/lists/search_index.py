"""The tables that are searched, brought up to date: with what is on the shelf, and the lists of cases and people.

Whatever changes notes in its own transaction that it has to be read in; here that is done, in small pieces, so that
nobody waits long behind it. Only what takes cases is found among items, and only in the version that is in force.

Must not know: how a search is ranked, who searches.
"""

from collections.abc import Callable
from datetime import datetime

from sync.errors import BadRequest
from sync.node.lists.people_index import index_person_words
from sync.records.items import Bundle, Item, ItemState
from sync.records.published import BUNDLE, ITEM, bundle_in, item_in
from sync.records.search_words import case_words, guide_words, phrases_of
from sync.store.engine import Engine
from sync.store.ledger.found_cases import put_case_words
from sync.store.ledger.phrases import drop_phrases, put_phrases
from sync.store.ledger.shelf import body_of, newest_of
from sync.store.ledger.unindexed import note_indexed, unindexed
from sync.store.transaction import Reader, Transaction

_CASE, _PERSON = "case", "person"
_AT_A_TIME = 100  # some tenths of a second on an old PC
_READ: dict[str, Callable[[bytes], Item | Bundle]] = {ITEM: item_in, BUNDLE: bundle_in}


def index_shelf(engine: Engine) -> None:
    """Read in whatever changed on the shelf."""
    for kind in _READ:
        _index(engine, kind, _index_published)


def index_listed(engine: Engine) -> None:
    """Read in the cases and people that were listed before they could be searched, or by fewer words than now."""
    _index(engine, _CASE, _index_listed)
    _index(engine, _PERSON, lambda tx, kind, person_id: index_person_words(tx, person_id))


def index_case_words(
    tx: Transaction,
    case_id: str,
    *,
    receipt_number: str,
    received_at: str,
    item: str,
    item_name: str,
    applicant_name: str,
    case_number: str,
) -> None:
    """A case is found by these, as it stands now."""
    words = case_words(
        receipt_number=receipt_number,
        case_number=case_number,
        applicant_name=applicant_name,
        item=item,
        item_name=item_name,
    )
    put_case_words(tx, case_id, received_seconds=_seconds(received_at), words=words)


def _index(engine: Engine, kind: str, index: Callable[[Transaction, str, str], None]) -> None:
    def waiting(reader: Reader) -> tuple[str, ...]:
        return unindexed(reader, kind, limit=_AT_A_TIME)

    def work(tx: Transaction) -> None:
        codes = waiting(tx)
        for code in codes:
            index(tx, kind, code)
        note_indexed(tx, kind, codes)

    while engine.read(waiting):
        engine.write(work)


def _index_published(tx: Transaction, kind: str, code: str) -> None:
    label = newest_of(tx, kind, code)
    body = None if label is None else body_of(tx, kind, code, label.version)
    if label is None or body is None or label.state != ItemState.IN_USE:
        drop_phrases(tx, kind, code)
        return
    try:
        found = _READ[kind](body)
    except BadRequest:
        drop_phrases(tx, kind, code)
        return
    phrases = [(one.source, one.text, one.sound, one.initials) for one in phrases_of(found)]
    put_phrases(tx, kind, code, common=label.common, phrases=phrases, guide=guide_words(found))


def _index_listed(tx: Transaction, kind: str, case_id: str) -> None:
    row = tx.one(
        "SELECT receipt_number, received_at, item, item_name, applicant_name, case_number FROM cases WHERE id = ?",
        (case_id,),
    )
    if row is not None:
        names = ("receipt_number", "received_at", "item", "item_name", "applicant_name", "case_number")
        index_case_words(tx, case_id, **dict(zip(names, row, strict=True)))


def _seconds(received_at: str) -> int:
    """Since 1970; 0 for a text that is no time, whose case then is the last that is found."""
    try:
        return max(0, int(datetime.fromisoformat(received_at).timestamp()))
    except (ValueError, OverflowError):
        return 0
