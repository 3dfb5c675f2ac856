"""Putting on the shelf what arrives in `public` and the centre's releases vouch for; and what is brought by hand.

`public` is followed from where it was last left, so that twenty changed items of five thousand cost twenty. What nobody
vouches for waits, for its release may come behind it; until then what was in force before stays so. Nothing is believed
before a centre is pinned: until then the operator of the machine may bring a catalogue himself. Alerts bear their own
signature, and wait for nothing.

Must not know: what an item is for, who publishes.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from sync.custody.alerts import read_alert
from sync.custody.releases import Release, is_release, read_release
from sync.database import Database
from sync.errors import BadRequest, SyncError
from sync.node.centre_key import pinned_centre
from sync.node.lanes import is_alert
from sync.records.alerts import Alert
from sync.records.brought_file import few_of, read_brought
from sync.records.published import Entry, is_published, read_entry
from sync.store.engine import Engine
from sync.store.ledger.alerts import drop_alerts, put_alerts
from sync.store.ledger.followed import followed_to, note_followed
from sync.store.ledger.settings import put_settings, setting
from sync.store.ledger.shelf import (
    BY_HAND,
    empty_shelf,
    note_settled,
    note_unvouched,
    shelve,
    unvouched,
    vouch,
    vouched_at,
)
from sync.store.transaction import Transaction
from sync.trust.chain import digest_text
from sync.values.changes import START
from sync.values.documents import Document, Wanted
from sync.values.heard_text import heard_text

_FOLLOWER = "shelving"
_BELIEVED = "shelf.centre"
_NUMBER, _AT_MS = "shelf.release", "shelf.released_ms"
_PAGE = 200

_log = logging.getLogger(__name__)


def follow(engine: Engine, database: Database) -> bool:
    """Shelve what is new in `public`; returns whether anything was.

    raises  StoreUnreachable when the documents are elsewhere and away; what was shelved before stands
    """
    centre_key = engine.read(pinned_centre)
    if centre_key is None:
        return False
    _believe(engine, database.name, centre_key)
    moved = False
    while True:
        page = database.changes(engine.read(lambda reader: followed_to(reader, _FOLLOWER, database.name)), limit=_PAGE)
        if not page.results:
            return moved
        ids = [change.id for change in page.results]
        releases = _releases(database, [one for one in ids if is_release(one)], centre_key)
        released = {doc_id for release in releases for doc_id in release.digests}
        waiting = engine.read(unvouched) & released
        entries = _entries(database, {*waiting, *(one for one in ids if is_published(one))})
        alerts = _alerts(database, [one for one in ids if is_alert(one)], centre_key)
        engine.write(_keeping(database.name, page.last_seq, releases, entries, alerts))
        moved = moved or bool(releases or entries)


def shelve_by_hand(engine: Engine, text: bytes) -> tuple[Entry, ...]:
    """Put a file on the shelf that the operator of this machine vouches for; what the centre signed goes before it.

    raises  BadRequest, saying everything that is wrong with it; nothing is kept then
    """
    file = read_brought(text)
    if file.problems:
        raise BadRequest("\n".join(few_of(file.problems)))
    engine.write(lambda tx: shelve(tx, [(entry, BY_HAND) for entry in file.entries]))
    return file.entries


def last_release(engine: Engine) -> tuple[int, int]:
    """(number, when in ms) of the newest release known here; zeros before the first."""
    number, at_ms = engine.read(lambda reader: (setting(reader, _NUMBER), setting(reader, _AT_MS)))
    return int(number or 0), int(at_ms or 0)


def _believe(engine: Engine, name: str, centre_key: bytes) -> None:
    """Begin anew where another centre is pinned than the one whose releases were read."""
    text = digest_text(centre_key)
    if engine.read(lambda reader: setting(reader, _BELIEVED)) == text:
        return

    def work(tx: Transaction) -> None:
        empty_shelf(tx)
        drop_alerts(tx)
        put_settings(tx, {_BELIEVED: text, _NUMBER: None, _AT_MS: None})
        note_followed(tx, _FOLLOWER, name, seq=START)

    engine.write(work)


def _releases(database: Database, ids: Sequence[str], centre_key: bytes) -> list[Release]:
    found = []
    for document in _leaves(database, ids):
        try:
            found.append(read_release(document.body, centre_key=centre_key))
        except SyncError as error:
            _log.warning("%s is not believed: %s", heard_text(document.id), error.reason)
    return found


def _alerts(database: Database, ids: Sequence[str], centre_key: bytes) -> list[Alert]:
    found = []
    for document in _leaves(database, ids):
        try:
            found.append(read_alert(document.id, document.body, centre_key=centre_key))
        except SyncError as error:
            _log.warning("%s is not believed: %s", heard_text(document.id), error.reason)
    return found


def _entries(database: Database, ids: Iterable[str]) -> list[Entry]:
    """Of every leaf: where a restored centre and we have a version each, the version decides and not the tree."""
    found = []
    for document in _leaves(database, sorted(ids)):
        try:
            found.append(read_entry(document.id, document.body))
        except BadRequest as error:
            # Of a later version perhaps; the others, and all that is judged by them, go on.
            _log.warning("%s cannot be read: %s", heard_text(document.id), heard_text(error.reason))
    return found


def _leaves(database: Database, ids: Sequence[str]) -> Iterable[Document]:
    found = database.read([Wanted(doc_id, ()) for doc_id in ids]) if ids else ()
    return [one for one in found if isinstance(one, Document) and not one.deleted]


def _keeping(
    name: str, seq: str, releases: Sequence[Release], entries: Sequence[Entry], alerts: Sequence[Alert]
) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for release in releases:
            vouch(tx, release.digests, at_ms=release.at_ms)
            _note_release(tx, release)
        _shelve_genuine(tx, entries)
        put_alerts(tx, alerts)
        note_followed(tx, _FOLLOWER, name, seq=seq)

    return work


def _shelve_genuine(tx: Transaction, entries: Sequence[Entry]) -> None:
    genuine: list[tuple[Entry, int]] = []
    waiting: set[str] = set()
    for entry in entries:
        at_ms = vouched_at(tx, entry.id, entry.digest)
        if at_ms is None:
            waiting.add(entry.id)
        else:
            genuine.append((entry, at_ms))
    shelve(tx, genuine)
    note_settled(tx, {entry.id for entry in entries} - waiting)
    note_unvouched(tx, waiting)


def _note_release(tx: Transaction, release: Release) -> None:
    known: Mapping[str, str | None] = {name: setting(tx, name) for name in (_NUMBER, _AT_MS)}
    if release.at_ms >= int(known[_AT_MS] or 0):
        put_settings(tx, {_NUMBER: str(release.number), _AT_MS: str(release.at_ms)})
