"""Attachments and their contents: every link leads to a content, every content is what its hash says.

Must not know: documents beyond where a file hangs.
"""

from collections.abc import Iterator
from hashlib import blake2b

from sync.messages import _
from sync.store.contents import HASH_BYTES
from sync.store.doctor.documents import place_of
from sync.store.doctor.finding import NOTHING, RESYNC, Advance, Finding, gathered
from sync.store.transaction import Reader


def check_contents(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """Hashes recomputed over every byte."""
    yield from gathered(_broken(reader, advance), _(RESYNC))


def check_links(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """A revision has as many files as it says; nothing is kept for nobody."""
    yield from gathered(_miscounted(reader), _(RESYNC))
    ((loose,),) = reader.execute("SELECT count(*) FROM contents WHERE content NOT IN (SELECT content FROM attachments)")
    if loose:
        told = _("%(count)s contents of attachments belong to no document any more and only take up room", count=loose)
        yield Finding(told, _(NOTHING), is_fault=False)
    ((lost,),) = reader.execute(
        "SELECT count(DISTINCT run) FROM pieces "
        "WHERE run NOT IN (SELECT run FROM loose UNION SELECT run FROM contents WHERE run IS NOT NULL)"
    )
    if lost:
        told = _(
            "The rear parts of %(count)s contents of attachments belong to nothing any more and only take up room",
            count=lost,
        )
        yield Finding(told, _(NOTHING), is_fault=False)


def _broken(reader: Reader, advance: Advance) -> Iterator[tuple[str, str]]:
    rows = reader.execute("SELECT content, hash, run FROM contents ORDER BY content")
    for count, (content, hashed, run) in enumerate(rows):
        advance(count)
        computed = blake2b(digest_size=HASH_BYTES)
        length = 0
        for piece in _pieces(reader, content, run):
            computed.update(piece)
            length += len(piece)
        told = {said for (said,) in reader.execute("SELECT length FROM attachments WHERE content = ?", (content,))}
        if computed.digest() != hashed or told - {length}:
            broken = _("The content of an attachment is not what its hash says")
            yield from ((broken, place) for place in _users(reader, content))


def _pieces(reader: Reader, content: int, run: int | None) -> Iterator[bytes]:
    for (data,) in reader.execute("SELECT data FROM contents WHERE content = ?", (content,)):
        yield data
    for (piece,) in reader.execute("SELECT piece FROM pieces WHERE run = ? ORDER BY place", (run,)):
        for (data,) in reader.execute("SELECT data FROM pieces WHERE piece = ?", (piece,)):
            yield data


def _users(reader: Reader, content: int) -> list[str]:
    rows = reader.execute(
        "SELECT DISTINCT databases.name, id FROM attachments JOIN revisions USING (seq) "
        "JOIN documents USING (document) JOIN databases USING (database) WHERE content = ?",
        (content,),
    )
    return [place_of(*row) for row in rows] or [_("no document has it")]


def _miscounted(reader: Reader) -> Iterator[tuple[str, str]]:
    rows = reader.execute(
        "SELECT databases.name, id FROM revisions JOIN documents USING (document) JOIN databases USING (database) "
        "WHERE revisions.attachments <> (SELECT count(*) FROM attachments AS a WHERE a.seq = revisions.seq)"
    )
    yield from ((_("An attachment is missing"), place_of(*row)) for row in rows)
