"""What somebody has begun to fill in, with its photos, until it is handed in or given up.

A photo is put in in short transactions and belongs to nothing until it is whole; what belongs to nothing is swept
away piece by piece. A draft itself is one small row.

Must not know: what anything typed means, how long a draft is kept.
"""

from collections.abc import Iterable

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

_PIECES_AT_ONCE = 8  # a megabyte: freeing costs writing


class DraftRow(Value):
    """A draft as it is kept: `body` is what was typed, in a form its owner chose."""

    id: str
    account: str
    kind: str
    code: str
    body: bytes
    updated_ms: int


class DraftPhoto(Value):
    """A photo of a draft: its number, the paper it is of, and its size in bytes."""

    photo: int
    paper: str
    media_type: str
    size: int


_COLUMNS = "id, account, kind, code, body, updated_ms"


def put_draft(tx: Transaction, draft: DraftRow) -> None:
    """Keep a draft, new or changed."""
    tx.execute(
        f"INSERT INTO application_drafts ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET body = excluded.body, updated_ms = excluded.updated_ms",
        (draft.id, draft.account, draft.kind, draft.code, draft.body, draft.updated_ms),
    )


def draft_of(reader: Reader, draft: str) -> DraftRow | None:
    """A draft; None when there is none by that id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM application_drafts WHERE id = ?", (draft,))
    return None if row is None else DraftRow(*row)


def drafts_of(reader: Reader, account: str) -> tuple[DraftRow, ...]:
    """Those of an account, the newest first."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM application_drafts WHERE account = ? ORDER BY updated_ms DESC, id", (account,)
    )
    return tuple(DraftRow(*row) for row in rows)


def count_drafts(reader: Reader, account: str) -> int:
    """How many an account has."""
    return int(reader.execute("SELECT count(*) FROM application_drafts WHERE account = ?", (account,))[0][0])


def drop_draft(tx: Transaction, draft: str) -> None:
    """Forget a draft; its photos belong to nothing any more."""
    tx.execute("DELETE FROM application_drafts WHERE id = ?", (draft,))
    tx.execute("UPDATE draft_photos SET draft = '' WHERE draft = ?", (draft,))


def old_drafts(reader: Reader, *, before_ms: int) -> tuple[str, ...]:
    """Those nobody has touched since a time."""
    return tuple(
        row[0] for row in reader.execute("SELECT id FROM application_drafts WHERE updated_ms < ?", (before_ms,))
    )


def begin_photo(tx: Transaction, paper: str, *, media_type: str, digest: bytes, size: int) -> int:
    """Make room for a photo that belongs to nothing yet; returns its number."""
    row = tx.one(
        "INSERT INTO draft_photos (paper, media_type, digest, size) VALUES (?, ?, ?, ?) RETURNING photo",
        (paper, media_type, digest, size),
    )
    assert row is not None
    return int(row[0])


def put_photo_pieces(tx: Transaction, photo: int, place: int, pieces: Iterable[bytes]) -> None:
    """Add pieces, from a place on."""
    rows = [(photo, place + number, piece) for number, piece in enumerate(pieces)]
    tx.execute_many("INSERT INTO draft_pieces VALUES (?, ?, ?)", rows)


def claim_photos(tx: Transaction, photos: Iterable[int], draft: str) -> None:
    """They belong to a draft from now on, unless that is gone, or has the same photo of the same paper already."""
    if draft_of(tx, draft) is None:
        return
    for photo in photos:
        tx.execute(
            "UPDATE draft_photos SET draft = ?1 WHERE photo = ?2 AND NOT EXISTS (SELECT 1 FROM draft_photos AS other "
            "WHERE other.draft = ?1 AND other.paper = draft_photos.paper AND other.digest = draft_photos.digest)",
            (draft, photo),
        )


def photos_of_draft(reader: Reader, draft: str) -> tuple[DraftPhoto, ...]:
    """The photos of a draft, in the order they came."""
    rows = reader.execute(
        "SELECT photo, paper, media_type, size FROM draft_photos WHERE draft = ? AND draft <> '' ORDER BY photo",
        (draft,),
    )
    return tuple(DraftPhoto(*row) for row in rows)


def draft_photo_bytes(reader: Reader, photo: int) -> bytes:
    """The whole photo."""
    rows = reader.execute("SELECT data FROM draft_pieces WHERE photo = ? ORDER BY place", (photo,))
    return b"".join(data for (data,) in rows)


def draft_photos_size(reader: Reader) -> int:
    """How many bytes the photos of all drafts are, with those not yet swept away."""
    return int(reader.execute("SELECT coalesce(sum(size), 0) FROM draft_photos")[0][0])


def release_photos(tx: Transaction, draft: str, photos: Iterable[int]) -> None:
    """These photos of a draft belong to nothing any more."""
    tx.execute_many(
        "UPDATE draft_photos SET draft = '' WHERE photo = ? AND draft = ?", [(one, draft) for one in photos]
    )


def loose_photos(reader: Reader) -> tuple[int, ...]:
    """Photos that belong to nothing."""
    return tuple(row[0] for row in reader.execute("SELECT photo FROM draft_photos WHERE draft = ''"))


def sweep_photo(tx: Transaction, photo: int) -> bool:
    """Remove some pieces of a photo that belongs to nothing, with the last ones itself; False when it is gone."""
    if tx.one("SELECT 1 FROM draft_photos WHERE photo = ? AND draft = ''", (photo,)) is None:
        return False
    places = tx.execute(
        "SELECT place FROM draft_pieces WHERE photo = ? ORDER BY place LIMIT ?", (photo, _PIECES_AT_ONCE)
    )
    tx.execute_many("DELETE FROM draft_pieces WHERE photo = ? AND place = ?", [(photo, place) for (place,) in places])
    if len(places) < _PIECES_AT_ONCE:
        tx.execute("DELETE FROM draft_photos WHERE photo = ?", (photo,))
    return len(places) == _PIECES_AT_ONCE
