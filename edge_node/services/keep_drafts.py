"""暂存: what is begun is on this machine's disk at every step, until it is taken, given up, or grown old.

So it survives a power cut, another browser, a restart. It never leaves the machine and is no record. What can be kept
is bounded: so many drafts to an account, so many bytes of photos; where that is used up it is said, and what was kept
stays.

Must not know: forms, what is lawful.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

from edge_node.errors import NoRoomForPhotos, TooManyDrafts
from edge_node.messages import _
from edge_node.services.draft import Draft, Typed, typed_from_bytes, typed_to_bytes, version_of
from edge_node.services.putting_in import PuttingIn, Shelf
from sync.casework.look_at_photo import photo_type
from sync.errors import NotFound
from sync.node.acts.answer_once import Answer, Request, answer_once
from sync.node.node import Node
from sync.node.own_clock import has_leapt
from sync.store.ledger import drafts as ledger
from sync.store.ledger.drafts import DraftPhoto, DraftRow
from sync.store.transaction import Reader, Transaction
from sync.typed import replace

MOST_DRAFTS = 100  # of one account: more than anybody can have in hand
_DAY_MS = 24 * 3_600_000
_CREATED = 201
_PHOTOS = Shelf("photos of drafts", ledger.put_photo_pieces, ledger.loose_photos, ledger.sweep_photo)


class Drafts:
    """The drafts of one station."""

    def __init__(self, node: Node, *, most_bytes: int, days: int) -> None:
        """`most_bytes` for the photos of all drafts; after `days` untouched a draft is forgotten, 0: never."""
        self._node = node
        self._most_bytes = most_bytes
        self._days = days
        self._photos = PuttingIn(node, _PHOTOS)

    def begin(self, account: str, draft: str, kind: str, code: str, typed: Typed) -> None:
        """Begin a draft under an id that nobody has; done again for the same one it changes nothing.

        raises  TooManyDrafts; NotFound when the id is somebody else's
        """

        row = DraftRow(draft, account, kind, code, typed_to_bytes(typed), self._node.clock())
        self._node.engine.write(partial(_begin, row=row))

    def begin_once(self, request: Request, draft: Draft) -> Answer:
        """Begin a draft, once for the same request: 201 with {id, version}; raises as `begin`, and KeyReused."""
        now_ms = self._node.clock()
        body = typed_to_bytes(draft.typed)

        def work(tx: Transaction) -> Answer:
            def begin() -> dict[str, str]:
                _begin(tx, DraftRow(draft.id, draft.account, draft.kind, draft.code, body, now_ms))
                return {"id": draft.id, "version": version_of(draft.typed)}

            return answer_once(tx, request, begin, status=_CREATED, now_ms=now_ms)

        return self._node.write(work)

    def read(self, account: str, draft: str) -> Draft:
        """A draft of this account; raises NotFound."""

        def work(reader: Reader) -> Draft:
            return _told(_require_own(ledger.draft_of(reader, draft), account), ledger.photos_of_draft(reader, draft))

        return self._node.engine.read(work)

    def change(self, account: str, draft: str, change: Callable[[Typed], Typed]) -> Draft:
        """Change what was typed, durable on return; returns the draft as it is then. Raises NotFound."""

        def work(tx: Transaction) -> Draft:
            row = _require_own(ledger.draft_of(tx, draft), account)
            body = typed_to_bytes(change(typed_from_bytes(row.body)))
            row = replace(row, body=body, updated_ms=self._node.clock())
            ledger.put_draft(tx, row)
            return _told(row, ledger.photos_of_draft(tx, draft))

        return self._node.engine.write(work)

    def listed(self, account: str) -> tuple[Draft, ...]:
        """The drafts of an account without their photos, the newest first."""
        return tuple(_told(row, ()) for row in self._node.engine.read(lambda reader: ledger.drafts_of(reader, account)))

    def discard(self, account: str, draft: str) -> bool:
        """Forget a draft and its photos; False where it is gone already. Raises NotFound when it is somebody else's."""

        def work(tx: Transaction) -> bool:
            known = ledger.draft_of(tx, draft)
            if known is None:
                return False
            _require_own(known, account)
            ledger.drop_draft(tx, draft)
            return True

        was_here = self._node.engine.write(work)
        self.sweep_quietly()
        return was_here

    def add_photos(self, draft: Draft, paper: str, photos: Sequence[bytes]) -> None:
        """Keep photos of a paper, durable on return; one that is there already is not kept twice.

        raises  NoRoomForPhotos when there is no room for them; nothing of them is kept then
        """
        if self._node.engine.read(ledger.draft_photos_size) + sum(map(len, photos)) > self._most_bytes:
            raise NoRoomForPhotos(
                _("The photos of drafts have used up their room"), remedy=_("First finish or delete some drafts.")
            )
        with self._photos.staged() as put:
            for content in photos:
                self._photos.put(_begun(paper, content), content, put)
            self._node.engine.write(partial(ledger.claim_photos, photos=put, draft=draft.id))

    def drop_photos(self, draft: Draft, photos: Sequence[int]) -> None:
        """Take photos out of a draft."""
        self._node.engine.write(partial(ledger.release_photos, draft=draft.id, photos=photos))
        self.sweep_quietly()

    def photo(self, draft: Draft, number: int) -> bytes:
        """One photo of a draft; raises NotFound."""
        if not any(one.photo == number for group in draft.photos.values() for one in group):
            raise NotFound(_("There is no such photo"))
        return self._node.engine.read(lambda reader: ledger.draft_photo_bytes(reader, number))

    def tidy(self) -> None:
        """Forget what nobody has touched for so long; to be called once a day."""
        now_ms = self._node.clock()

        def work(tx: Transaction) -> None:
            if not has_leapt(tx, now_ms):
                for draft in ledger.old_drafts(tx, before_ms=now_ms - self._days * _DAY_MS):
                    ledger.drop_draft(tx, draft)

        if self._days:
            self._node.engine.write(work)
        self.sweep_quietly()

    def sweep_quietly(self) -> None:
        """Remove photos that belong to nothing; what cannot be removed now is at the next chance."""
        self._photos.sweep_quietly()


def _begun(paper: str, content: bytes) -> Callable[[Transaction], int]:
    return partial(
        ledger.begin_photo,
        paper=paper,
        media_type=photo_type(content),
        digest=hashlib.sha256(content).digest(),
        size=len(content),
    )


def _begin(tx: Transaction, row: DraftRow) -> None:
    known = ledger.draft_of(tx, row.id)
    if known is not None:
        _require_own(known, row.account)
        return
    if ledger.count_drafts(tx, row.account) >= MOST_DRAFTS:
        raise TooManyDrafts(_("There are %(drafts)s drafts already, first finish or delete some", drafts=MOST_DRAFTS))
    ledger.put_draft(tx, row)


def _require_own(row: DraftRow | None, account: str) -> DraftRow:
    if row is None or row.account != account:
        raise NotFound(_("There is no such draft, perhaps it was received or deleted"))
    return row


def _told(row: DraftRow, photos: Sequence[DraftPhoto]) -> Draft:
    by_paper: dict[str, tuple[DraftPhoto, ...]] = {}
    for one in photos:
        by_paper[one.paper] = (*by_paper.get(one.paper, ()), one)
    return Draft(row.id, row.account, row.kind, row.code, typed_from_bytes(row.body), row.updated_ms, by_paper)
