"""Certificates known here, taken apart for looking up; the signed statements themselves are in `custody`.

Must not know: how a certificate is verified.
"""

from sync.store.transaction import Reader, Row, Transaction
from sync.typed import Value


class Known(Value):
    """What a verified certificate says.

    sid     the station the writer belongs to; parent, the sid above it, "" at the centre
    issue   rises each time the centre writes a new one for the writer
    """

    writer: str
    sid: str
    level: str
    region: str
    name: str
    parent: str
    public_key: bytes
    issue: int
    revoked: bool


_COLUMNS = "writer, sid, level, region, name, parent, public_key, issue, revoked"


def put_certificate(tx: Transaction, known: Known) -> bool:
    """Keep what a certificate says; False, and nothing written, unless it is newer than what was known."""
    old = certificate_of(tx, known.writer)
    if old is not None and old.issue >= known.issue:
        return False
    values = (known.writer, known.sid, known.level, known.region, known.name, known.parent)
    tx.execute(
        f"INSERT OR REPLACE INTO certificates ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, known.public_key, known.issue, int(known.revoked)),
    )
    return True


def certificate_of(reader: Reader, writer: str) -> Known | None:
    """What is known of a writer, revoked or not."""
    row = reader.one(f"SELECT {_COLUMNS} FROM certificates WHERE writer = ?", (writer,))
    return None if row is None else _known(row)


def certificates_of_station(reader: Reader, sid: str) -> tuple[Known, ...]:
    """Every writer certified for a station, revoked ones included, by writer id."""
    rows = reader.execute(f"SELECT {_COLUMNS} FROM certificates WHERE sid = ? ORDER BY writer", (sid,))
    return tuple(_known(row) for row in rows)


def certificates_below(reader: Reader, sid: str) -> tuple[Known, ...]:
    """The writers of a station and of all under it, by station and writer id; of the others nothing is read."""
    return _along(reader, sid, "SELECT known.sid FROM certificates AS known JOIN way ON known.parent = way.sid")


def certificates_above(reader: Reader, sid: str) -> tuple[Known, ...]:
    """The writers of a station and of all over it, by station and writer id; of the others nothing is read."""
    return _along(reader, sid, "SELECT known.parent FROM certificates AS known JOIN way ON known.sid = way.sid")


def all_certificates(reader: Reader) -> tuple[Known, ...]:
    """Every writer known, by station and writer id."""
    return tuple(_known(row) for row in reader.execute(f"SELECT {_COLUMNS} FROM certificates ORDER BY sid, writer"))


def names_certified(reader: Reader) -> dict[str, str]:
    """{sid: its name}, as the certificates say it: of a station with several devices, the last by writer id."""
    return {row[0]: row[1] for row in reader.execute("SELECT sid, name FROM certificates ORDER BY sid, writer")}


def _along(reader: Reader, sid: str, further: str) -> tuple[Known, ...]:
    rows = reader.execute(
        f"WITH RECURSIVE way(sid) AS (VALUES (?) UNION {further}) "
        f"SELECT {_COLUMNS} FROM certificates WHERE sid IN way ORDER BY sid, writer",
        (sid,),
    )
    return tuple(_known(row) for row in rows)


def _known(row: Row) -> Known:
    return Known(*(*row[:8], bool(row[8])))
