"""Numbers kept in passing, counted anew: documents, bytes, sequences.

Must not know: trees, bodies.
"""

from collections.abc import Iterator

from sync.store.doctor.documents import place_of
from sync.store.doctor.finding import COUNT, REPORT, RESTORE, SERVED, Advance, Finding
from sync.store.transaction import Reader

_COUNTED = (
    ("文档数", "doc_count", "SELECT count(*) FROM documents AS d WHERE d.database = ? AND NOT deleted"),
    ("已删除文档数", "doc_del_count", "SELECT count(*) FROM documents AS d WHERE d.database = ? AND deleted"),
    ("有效字节数", "active_bytes", "SELECT coalesce(sum(weight), 0) FROM documents AS d WHERE d.database = ?"),
    (
        "占用字节数",
        "stored_bytes",
        "SELECT coalesce(sum(length(body) + (SELECT coalesce(sum(length), 0) FROM attachments AS a "
        "WHERE a.seq = r.seq)), 0) FROM revisions AS r JOIN documents AS d USING (document) WHERE d.database = ?",
    ),
)


def check_counters(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """What each database says of itself is what is in it."""
    for number, (database, name) in enumerate(_databases(reader)):
        advance(number)
        for title, column, counted in _COUNTED:
            ((said,),) = reader.execute(f"SELECT {column} FROM databases WHERE database = ?", (database,))
            ((found,),) = reader.execute(counted, (database,))
            if said != found:
                yield Finding(f"库 {name} 的{title}记为 {said}，实为 {found}", COUNT)


def check_sequences(reader: Reader, _: Advance) -> Iterator[Finding]:
    """Every change has a sequence of its own, at or below the node's counter."""
    ((counter,),) = reader.execute("SELECT update_seq FROM store")
    for database, name in _databases(reader):
        ((said, documents, purges),) = reader.execute(
            "SELECT update_seq, (SELECT coalesce(max(seq), 0) FROM documents WHERE database = ?1), "
            "(SELECT coalesce(max(seq), 0) FROM purges WHERE database = ?1) FROM databases WHERE database = ?1",
            (database,),
        )
        if said != max(documents, purges):
            yield Finding(f"库 {name} 的更新序号记为 {said}，实为 {max(documents, purges)}：同步可能漏掉更改", RESTORE)
        if said > counter:
            yield Finding(f"库 {name} 的更新序号 {said} 超过了全站的序号 {counter}：序号会重复", RESTORE)
    ((newest,),) = reader.execute("SELECT coalesce(max(seq), 0) FROM revisions")
    if newest > counter:
        yield Finding(f"已用到序号 {newest}，而全站的序号只到 {counter}：序号会重复", RESTORE)
    yield from _twice(reader)
    yield from _behind(reader)


def _twice(reader: Reader) -> Iterator[Finding]:
    rows = reader.execute("SELECT seq FROM documents GROUP BY seq HAVING count(*) > 1 LIMIT ?", (SERVED,))
    if rows:
        yield Finding(f"同一个序号用了两次：{'、'.join(str(seq) for (seq,) in rows)}", REPORT)


def _behind(reader: Reader) -> Iterator[Finding]:
    """A document stands at its newest change; one that stands before it is skipped by whoever follows."""
    rows = reader.execute(
        "SELECT name, id FROM documents JOIN databases USING (database) WHERE name IS NOT NULL AND seq < "
        "(SELECT max(revisions.seq) FROM revisions WHERE revisions.document = documents.document) LIMIT ?",
        (SERVED,),
    )
    if rows:
        named = "、".join(place_of(name, doc_id) for name, doc_id in rows)
        yield Finding(f"有文档的序号落在自己的更改之前，同步会漏掉：{named}", RESTORE)


def _databases(reader: Reader) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in reader.execute("SELECT database, name FROM databases WHERE name IS NOT NULL")]
