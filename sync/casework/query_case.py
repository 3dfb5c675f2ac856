"""查进度: a citizen without an account asks for a case by its number and the query code of his slip.

Whether a number is unknown or the code is another's is told in the same words, and takes the same work. Five
wrong ones about one number, or from one address, and both wait a quarter of an hour, with the right code too.

Must not know: what he is shown of the case, forms, slips.
"""

import hashlib
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial

from sync.casework.errors import WrongTooOften
from sync.casework.find_case import find_case
from sync.errors import BadRequest, Invalid, NotFound
from sync.messages import N_, _
from sync.node.lists.case_index import cases_of
from sync.node.lists.case_list import list_cases
from sync.node.node import Node
from sync.records.case_number import is_case_number
from sync.records.log import Record
from sync.records.query_code import is_code, parse_query_code, query_code
from sync.records.receipt_number import LIKE, is_device_code, parse_receipt_number, plain_number
from sync.records.search_words import backwards
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.found_cases import find_case_words
from sync.store.ledger.wrong_codes import forgive_wrong_codes, note_wrong_code, shorten_waits, wrong_codes
from sync.store.transaction import Reader, Transaction

MOST_WRONG = 5
WAIT_MS = 15 * 60 * 1000
CITIZEN = "citizen"  # who it is in the audit: nobody knows more
TAIL = 13  # of a receipt number, from its day on; a shorter end is shared by too many cases, but for those taken here
SHORT = 7  # as it is read aloud at the station: device, serial, check character
_RECEIPT = 25
_CASE = 43
# A tail is one case of each village that had a device and serial alike that day; a short one, one of each day here.
_MOST_ALIKE = 50
_MOST_SHORT = 1000  # looked at for those taken here
_NOT_TOGETHER = N_(
    "Nothing was found: receipt number and query code do not fit each other; check them against the slip and try again"
)


class Queries:
    """The queries of one node. Guards that one is answered at a time, so that no burst slips past the count."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._turn = threading.Lock()

    def case(self, number: str, code: str, *, address: str) -> Record:
        """The case of a number and its code; that it was asked for is audited.

        number   receipt number, or its last 13 characters, or of one taken here the short one, or 办件编号, as it was
                 typed
        address  where the question comes from
        raises   Invalid naming `number` or `code` when they are none, which is no try; NotFound in one sentence
                 whatever does not fit; WrongTooOften
        """
        wanted, typed = _read(number, code)
        with self._turn:
            candidates = self._node.engine.read(lambda reader: _candidates(reader, wanted, self._node.identity.sid))
            # Whatever way a case is named, it is the same case that is guessed at.
            named = candidates if _is_short(wanted) else candidates[:1]
            tails = dict.fromkeys(min(_alike(one[-TAIL:])) for one in [number for _id, number in named] or [wanted])
            subjects = (*(_subject("number", tail) for tail in tails), _subject("address", address))
            self._require_patience(subjects)
            found = self._fitting([case_id for case_id, _at in candidates], typed)
            if found is None:
                self._node.engine.write(lambda tx: self._note_wrong(tx, subjects))
                raise NotFound(_(_NOT_TOGETHER))
            number = str(found.fields.get("receipt_number", ""))
            self._note_right(found.id, _subject("number", min(_alike(number[-TAIL:]))))
        return found

    def _fitting(self, case_ids: Sequence[str], typed: str) -> Record | None:
        """The case with that code; where there is none to compare with, another is, to the same end."""
        fits = [case for case in self._cases(case_ids or self._others()) if is_code(typed, query_code(case.events))]
        return fits[0] if fits and case_ids else None

    def _cases(self, case_ids: Iterable[str]) -> list[Record]:
        found: list[Record] = []
        for case_id in case_ids:
            with suppress(NotFound):  # listed, and gone with its station since
                found.append(self._node.read(partial(find_case, node=self._node, case_id=case_id)))
        return found

    def _others(self) -> list[str]:
        return [row.id for row in self._node.engine.read(lambda reader: list_cases(reader, limit=1)).rows]

    def _require_patience(self, subjects: Iterable[str]) -> None:
        now_ms = self._node.clock()
        for subject in subjects:
            times, left_ms = self._node.engine.read(partial(wrong_codes, about=subject, now_ms=now_ms))
            if times < MOST_WRONG:
                continue
            if left_ms > WAIT_MS:
                self._node.engine.write(lambda tx: shorten_waits(tx, now_ms=now_ms, kept_ms=WAIT_MS))
                left_ms = WAIT_MS
            raise WrongTooOften(
                _("Wrong too often, look it up again in %(minutes)s minutes", minutes=-(-left_ms // 60000))
            )

    def _note_wrong(self, tx: Transaction, subjects: Iterable[str]) -> None:
        now_ms = self._node.clock()
        for subject in subjects:
            if note_wrong_code(tx, subject, now_ms=now_ms, kept_ms=WAIT_MS) == MOST_WRONG:
                append_entry(tx, Entry(now_ms, CITIZEN, "queries_locked", subject.partition(":")[0]))

    def _note_right(self, case_id: str, subject: str) -> None:
        # The address is not forgiven: with a slip of one's own one could go on guessing at others.
        now_ms = self._node.clock()

        def work(tx: Transaction) -> None:
            forgive_wrong_codes(tx, subject)
            append_entry(tx, Entry(now_ms, CITIZEN, "case_queried", case_id))

        self._node.engine.post(work)


def read_number(text: str) -> str:
    """A number as it was typed, or as a barcode gun typed the address on the slip.

    returns  a receipt number, its last 13 or 7 characters, or a 办件编号
    raises   BadRequest when it is none of these, or its check character says that it was copied wrongly
    """
    plain = plain_number(text.rpartition("#")[2])
    if len(plain) == _CASE and is_case_number(plain):
        return plain
    if (len(plain) == TAIL and plain.isascii() and plain.isalnum()) or _is_short(plain):
        return plain
    if len(plain) == _RECEIPT:
        with suppress(BadRequest):
            return str(parse_receipt_number(_alike(plain)[-1]))
        return str(parse_receipt_number(plain))
    raise BadRequest(
        _("Type the receipt number on the slip: 25 characters, the last 13 of them, or what is printed large")
    )


def _is_short(plain: str) -> bool:
    """Whether this is what is read aloud at the station: device, serial, check character."""
    return len(plain) == SHORT and is_device_code(plain[:2]) and plain[2:].isalnum() and plain[2:-1].isdigit()


def _read(number: str, code: str) -> tuple[str, str]:
    problems: list[tuple[str, str]] = []
    read: list[str] = []
    for name, typed, parse in (("number", number, read_number), ("code", code, parse_query_code)):
        try:
            read.append(parse(typed))
        except BadRequest as wrong:
            problems.append((name, wrong.reason))
    if problems:
        raise Invalid(_("Something is not filled in rightly"), fields=problems)
    return read[0], read[1]


def _candidates(reader: Reader, wanted: str, own_sid: str) -> list[tuple[str, str]]:
    """(id, receipt number) of the cases whose number ends so; of a short one, of those taken here the newest."""
    ends, is_short = _alike(wanted), _is_short(wanted)
    words = [backwards(end) for end in ends]
    ids = find_case_words(reader, words, begins=True, limit=_MOST_SHORT if is_short else _MOST_ALIKE)
    rows = [one for one in cases_of(reader, ids) if not is_short or one.sid == own_sid][:_MOST_ALIKE]
    return [
        (one.id, one.receipt_number) for one in rows if one.case_number == wanted or one.receipt_number.endswith(ends)
    ]


def _alike(number: str) -> tuple[str, ...]:
    """A number, and what it may have been if its last character was taken for the one that looks like it."""
    return (number, number[:-1] + LIKE[number[-1]]) if number[-1] in LIKE else (number,)


def _subject(kind: str, text: str) -> str:
    """Addresses are people's, so they are not kept as they are."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
