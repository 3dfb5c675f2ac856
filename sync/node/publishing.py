"""Publishing: at the centre, drafts become documents of `public`, and a release signs what is new in them.

    drafted(node, text)      a file is checked as a whole and kept as drafts
    draft_withdrawal(…)      an item takes no new cases from its next version on
    publish(node)            all drafts at once

The release goes first: whatever a cut link leaves behind, what has arrived is vouched for. Killed in between,
publishing again publishes the rest.

Must not know: who may publish, the command line.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sync.custody.releases import Release, release_document
from sync.errors import BadRequest, Invalid, NotFound
from sync.messages import _
from sync.node.node import Node
from sync.records.brought_file import read_brought
from sync.records.ids import PUBLIC
from sync.records.items import ItemState
from sync.records.places import COUNTY_DIGITS
from sync.records.published import (
    BUNDLE,
    CALENDAR,
    ITEM,
    REGIONS,
    Entry,
    File,
    at_version,
    places_in,
    read_entry,
    sentences_of,
    withdrawn,
)
from sync.records.row_reading import Fault
from sync.store.ledger.audit import Entry as AuditEntry
from sync.store.ledger.audit import append_entry
from sync.store.ledger.shelf import drafts, drop_drafts, put_drafts
from sync.store.transaction import Transaction
from sync.typed import Value
from sync.values.changes import Span
from sync.values.documents import Document, Edit, Wanted

_VERSIONED_BY_US = (CALENDAR, REGIONS)


class Difference(Value):
    """What a file would change: ids of entries that are new, changed, or as they stand."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


def compare(node: Node, text: bytes) -> Difference:
    """What publishing a file would change.

    raises  Invalid, with a sentence for everything that is wrong: [("row", sentence), …]
    """
    standing = _standing(node)
    return _difference(standing, _checked(standing, text))


def drafted(node: Node, text: bytes, *, by: str) -> Difference:
    """Keep what a file changes as drafts; raises like `compare`, and nothing is kept then."""
    standing = _standing(node)
    entries = _checked(standing, text)
    news = [entry for entry in entries if entry.id not in standing or standing[entry.id].body != entry.body]

    def work(tx: Transaction) -> None:
        put_drafts(tx, {entry.id: entry.body for entry in news})
        append_entry(tx, AuditEntry(node.clock(), by, "catalogue_drafted", detail=f"{len(news)} entries"))

    node.write(work)
    return _difference(standing, entries)


def draft_withdrawal(node: Node, code: str, *, by: str) -> str:
    """Draft that an item or a 一件事 takes no new cases; returns its name. Raises NotFound when it is not published."""
    standing = _standing(node)
    entry = standing.get(f"{ITEM}:{code}") or standing.get(f"{BUNDLE}:{code}")
    if entry is None:
        raise NotFound(_("The published catalogue has no %(code)s", code=code))
    if entry.state == ItemState.WITHDRAWN:
        raise BadRequest(_("%(name)s (%(code)s) is withdrawn already", name=entry.name, code=code))
    gone = withdrawn(entry)

    def work(tx: Transaction) -> None:
        put_drafts(tx, {gone.id: gone.body})
        append_entry(tx, AuditEntry(node.clock(), by, "catalogue_withdrawn", code))

    node.write(work)
    return entry.name


def publish(node: Node, *, by: str) -> Release | None:
    """Publish every draft; None when there is nothing new in them."""
    standing = _standing(node)
    waiting = node.read(drafts)
    entries = [read_entry(doc_id, body) for doc_id, body in waiting.items()]
    news = [one for one in entries if one.id not in standing or standing[one.id].body != one.body]
    release = None
    if news:
        number, at_ms = node.catalogue.newest_release()
        release = Release(number + 1, max(node.clock(), at_ms + 1), {entry.id: entry.digest for entry in news})
        _write(node, release, news)
    now_ms = node.clock()

    def work(tx: Transaction) -> None:
        drop_drafts(tx, waiting)
        if release is not None:
            detail = f"release {release.number}, {len(news)} entries"
            append_entry(tx, AuditEntry(now_ms, by, "catalogue_published", detail=detail))

    node.write(work)
    return release


def count_drafts(node: Node) -> int:
    """How many drafts wait to be published."""
    return len(node.read(drafts))


def _write(node: Node, release: Release, news: Iterable[Entry]) -> None:
    database = node.documents.database(PUBLIC)
    doc_id, body = release_document(node.identity.keys, release)
    bodies = {doc_id: body, **{entry.id: entry.body for entry in news}}
    stored = {one.id: one for one in database.read([Wanted(one) for one in bodies]) if isinstance(one, Document)}
    edits = [Edit(one, stored[one].revision if one in stored else None, text) for one, text in bodies.items()]
    for outcome in database.write(edits):
        if outcome.error is not None:
            raise outcome.error


def _checked(standing: Mapping[str, Entry], text: bytes) -> list[Entry]:
    """The entries of a file as they would be published: calendars and places with the version that comes next."""
    file = read_brought(text)
    entries = [_next(standing.get(entry.id), entry) for entry in file.entries]
    unknown = (*_unknown_items(file, {*standing, *file.rows}), *_unknown_places(file, standing))
    faults = [*file.faults, *_stale(standing, file), *unknown]
    if faults:
        raise Invalid(
            _("The catalogue has mistakes and was not imported"),
            fields=[("row", sentence) for sentence in sentences_of(faults)],
        )
    return entries


def _next(before: Entry | None, entry: Entry) -> Entry:
    if before is None or entry.kind not in _VERSIONED_BY_US:
        return entry
    same = at_version(entry, before.version)
    return same if same.body == before.body else at_version(entry, before.version + 1)


def _stale(standing: Mapping[str, Entry], file: File) -> Iterator[Fault]:
    """What changed without a greater version; whether a row that is not in order changed cannot be doubted."""
    bodies = {entry.id: entry.body for entry in file.entries}
    for doc_id, row in file.rows.items():
        before, version = standing.get(doc_id), row.row.get("version", 1)
        if before is None or type(version) is not int or row.is_wrong("version"):
            continue
        if version <= before.version and bodies.get(doc_id) != before.body:
            told = {"published": before.version, "next": before.version + 1}
            advice = _("%(published)s is published and the contents changed: write %(next)s", **told)
            yield row.fault("version", advice, version)


def _standing(node: Node) -> dict[str, Entry]:
    """What is published, by document id."""
    database = node.documents.database(PUBLIC)
    found: dict[str, Entry] = {}
    for kind in (ITEM, BUNDLE, CALENDAR, REGIONS):
        span = Span(start=f"{kind}:", end=f"{kind};", inclusive_end=False)
        ids = [row.id for row in database.list(span).rows]
        for document in database.read([Wanted(one) for one in ids]) if ids else ():
            if isinstance(document, Document):
                found[document.id] = read_entry(document.id, document.body)
    return found


def _unknown_items(file: File, known: Collection[str]) -> Iterator[Fault]:
    for row in file.rows.values():
        for mention in row.mentions:
            if f"{ITEM}:{mention.code}" not in known:
                advice = _("the catalogue has no such item: correct the code, or add the item")
                yield mention.reading.fault(mention.member, advice, mention.code)


def _unknown_places(file: File, standing: Mapping[str, Entry]) -> Iterator[Fault]:
    """What is named as having taken a place's place, and nobody will know; a file has all places of its counties."""
    mentions = [mention for row in file.places.values() for mention in row.mentions]
    if not mentions:
        return
    own = {f"{REGIONS}:{code[:COUNTY_DIGITS]}" for code in file.places}
    others = [entry.body for entry in standing.values() if entry.kind == REGIONS and entry.id not in own]
    known = {*file.places, *(place.region.code for place in places_in(others))}
    for mention in mentions:
        if mention.code not in known:
            advice = _("there is no such place: correct the code, or add the place")
            yield mention.reading.fault(mention.member, advice, mention.code)


def _difference(standing: Mapping[str, Entry], entries: Iterable[Entry]) -> Difference:
    entries = tuple(entries)
    new = tuple(entry.id for entry in entries if entry.id not in standing)
    changed = tuple(entry.id for entry in entries if entry.id in standing and standing[entry.id].body != entry.body)
    return Difference(new, changed, len(entries) - len(new) - len(changed))
