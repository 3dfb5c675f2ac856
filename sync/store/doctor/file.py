"""The file as SQLite sees it: pages with their checksums or codes, b-trees, references between tables.

Must not know: what the tables mean.
"""

from collections.abc import Iterator

from sync.messages import _
from sync.store.doctor.finding import COUNT, NOTHING, RESTORE, Advance, Finding
from sync.store.transaction import Reader

_MOST = 20


def check_pages(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """Every page is what was written, and every index agrees with its table."""
    for (told,) in reader.execute(f"PRAGMA integrity_check({_MOST})"):
        if told != "ok":
            yield Finding(_("The file of data is damaged: %(told)s", told=told), _(RESTORE))
    is_encrypted = bool(reader.execute("PRAGMA cipher_salt"))  # and then each page carries its code
    ((verifying,),) = reader.execute("PRAGMA checksum_verification") or [("0",)]
    if not is_encrypted and str(verifying) != "1":
        told = _(
            "The file of data was made by an older version; its pages have no checksums, so "
            "faults of the disk are hard to notice"
        )
        yield Finding(told, _(NOTHING), is_fault=False)


def check_references(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """No row refers to one that is not there."""
    broken: dict[tuple[str, str], int] = {}
    for table, _row, parent, _key in reader.execute("PRAGMA foreign_key_check"):
        broken[table, parent] = broken.get((table, parent), 0) + 1
    for (table, parent), count in broken.items():
        told = _(
            "%(count)s rows of table %(table)s refer to rows of %(parent)s that are not there",
            table=table,
            count=count,
            parent=parent,
        )
        yield Finding(told, _(RESTORE))


def check_steps(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """The record of schema steps has no gap."""
    rows = [position for (position,) in reader.execute("SELECT position FROM steps ORDER BY position")]
    if rows != list(range(1, len(rows) + 1)):
        yield Finding(_("The record of upgrades of the schema has a gap"), _(COUNT))
