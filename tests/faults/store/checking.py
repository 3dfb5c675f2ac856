"""What must be true of a store, however it came to be opened: sound within itself, and nothing promised is lost."""

from collections.abc import Mapping
from pathlib import Path

from sync.errors import NotFound
from sync.store.connection import Opening
from sync.store.engine import Engine
from sync.store.transaction import Reader
from sync.values.documents import Document, Wanted

_USUAL = Opening()


def lost(directory: Path, database: str, acknowledged: Mapping[str, bytes], *, opening: Opening = _USUAL) -> set[str]:
    """Ids whose acknowledged body is not what the store gives; opens the store like any start would."""
    with Engine.open(directory, opening=opening) as engine:
        return lost_from(engine, database, acknowledged)


def lost_from(engine: Engine, database: str, acknowledged: Mapping[str, bytes]) -> set[str]:
    """The same, of an open store."""
    assert_sound(engine)
    try:
        found = engine.databases.open(database).read([Wanted(doc_id) for doc_id in acknowledged])
        there = {each.id: each.body for each in found if isinstance(each, Document)}
    except NotFound:
        there = {}
    return {doc_id for doc_id, body in acknowledged.items() if there.get(doc_id) != body}


def assert_sound(engine: Engine) -> None:
    """The file is whole, and what is counted in passing agrees with what is counted anew."""
    engine.read(_assert_sound)


def _assert_sound(reader: Reader) -> None:
    assert reader.execute("PRAGMA integrity_check") == [("ok",)]
    assert reader.execute("PRAGMA foreign_key_check") == []
    assert (
        reader.execute(
            "SELECT name FROM databases AS d WHERE name IS NOT NULL AND ("
            "doc_count <> (SELECT count(*) FROM documents WHERE database = d.database AND NOT deleted) OR "
            "doc_del_count <> (SELECT count(*) FROM documents WHERE database = d.database AND deleted) OR "
            "update_seq <> (SELECT max(coalesce((SELECT max(seq) FROM documents WHERE database = d.database), 0), "
            "coalesce((SELECT max(seq) FROM purges WHERE database = d.database), 0))) OR "
            "stored_bytes <> (SELECT coalesce(sum(length(body) + (SELECT coalesce(sum(length), 0) FROM attachments "
            "WHERE attachments.seq = r.seq)), 0) FROM revisions AS r JOIN documents USING (document) "
            "WHERE documents.database = d.database) OR "
            "active_bytes <> (SELECT coalesce(sum(weight), 0) FROM documents WHERE database = d.database))"
        )
        == []
    )
    assert reader.execute("SELECT 1 FROM documents JOIN store WHERE seq > store.update_seq") == []
    assert reader.execute("SELECT 1 FROM contents WHERE content NOT IN (SELECT content FROM attachments)") == []
