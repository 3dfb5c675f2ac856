"""Giving up bodies that the disk does not give back, so that they can be put in again.

A page that is not what was written is never believed (`docs/decisions/0013`), and what stands on it can be neither read
nor replaced: a backup stops at it, too. So the body is let go, as if it were safe elsewhere (`letting_go`); its pages
are wiped, and are sound from then on. What is grafted under the revision that is known puts it back.

For that the checksums have to be passed over for a moment. First it is made sure that every page in the chain of a body
is one of that body's own, by SQLite's second books (its map of pointers); and the page with the row itself must be
sound, for others may stand on it.

Where pages are encrypted nothing can be given up: a cipher that authenticates cannot be asked for a page that it does
not believe. There the node is put back from its newest backup.

Must not know: what the bodies are, where they may be had.
"""

from collections.abc import Sequence
from contextlib import closing

from sync.errors import Damaged
from sync.store.connection import FILE_NAME, Opening, open_reader, translated
from sync.store.engine import Engine
from sync.store.transaction import Transaction

_BESIDE_A_BODY = """
    SELECT length(r.body), r.digest, let_go.bytes FROM databases AS b JOIN documents AS d USING (database)
    JOIN revisions AS r ON r.seq = d.seq LEFT JOIN let_go ON let_go.seq = d.seq WHERE b.name = ? AND d.id = ?
"""
_PASS_OVER, _LOOK = "PRAGMA checksum_verification = 0", "PRAGMA checksum_verification = 1"


def give_up(engine: Engine, name: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Let go of the bodies of some documents that cannot be read; live, of one leaf, without files.

    Goes through all bodies of the file once, so for all that were found together.
    returns  those that could be; of the others the row itself is damaged, or more than bodies is
    """
    # Looked at before, for a page that is damaged ends whatever is being written when it is met.
    if engine.opening.key is not None:
        return ()
    going = [doc_id for doc_id in dict.fromkeys(ids) if _has_a_sound_row(engine, name, doc_id)]
    if not going or not _is_sound_but_for_bytes(engine):
        return ()

    def work(tx: Transaction) -> tuple[str, ...]:
        database = engine.database(name)
        tx.execute(_PASS_OVER)
        try:
            return tuple(doc_id for doc_id in going if database.let_go_in(tx, [doc_id]))
        finally:
            tx.execute(_LOOK)

    return engine.write(work)


def _is_sound_but_for_bytes(engine: Engine) -> bool:
    """Whether every page of bodies belongs where it hangs, whatever its bytes are."""
    try:
        with translated(), closing(open_reader(engine.directory / FILE_NAME, Opening())) as connection:
            connection.execute(_PASS_OVER)
            return bool(connection.execute("PRAGMA quick_check('revisions')").fetchall() == [("ok",)])
    except Damaged:
        return False


def _has_a_sound_row(engine: Engine, name: str, doc_id: str) -> bool:
    """Whether all that is changed beside the body reads well, its own page first of all."""
    try:
        return bool(engine.look(lambda reader: reader.execute(_BESIDE_A_BODY, (name, doc_id))))
    except Damaged:
        return False
