"""Each kind of damage is planted, and is named; a sound directory is called sound and left as it was."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.commands.keeping import doctor
from sync.errors import NewerStore, NotFound
from sync.mango.design import ensure_index
from sync.records.receipt_number import format_receipt_number
from sync.revisions.tree import Branch
from sync.store.backup import back_up, restore
from sync.store.connection import FILE_NAME, Opening, close, open_writer
from sync.store.doctor.examining import CHECKS, examine
from sync.store.engine import Engine
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.certificates import Known, put_certificate
from sync.store.ledger.lives import current_life, found_node, node_key
from sync.store.ledger.numbers import assign_device, next_serial
from sync.store.ledger.writers import append_own, note_event
from sync.trust import keys
from sync.values.documents import Attachment, Document, Edit
from sync.values.queries import Index, Query

DAY = date(2026, 11, 23)
FILM = bytes(range(256)) * 4000


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A node with documents of all kinds, numbers given, events noted, and an audit."""
    directory = tmp_path_factory.mktemp("sound")
    with Engine.open(directory) as engine:
        db = engine.databases.create("station")
        for n in range(6):
            first = db.write([Edit(f"case:{n}", None, b'{"n":%d}' % n)])[0].revision
            db.write([Edit(f"case:{n}", first, b'{"n":%d}' % (n + 10))])
        db.graft([Document("case:1", Branch(2, ("f" * 32, "e" * 32)), b'{"n":"conflict"}')])
        db.write([Edit("gone", db.write([Edit("gone", None)])[0].revision, deleted=True)])
        scan = Attachment("scan", "image/jpeg", "md5-x", 4, 0, b"scan")
        film = Attachment("film", "video/mp4", "md5-y", len(FILM), 0, FILM)
        db.write([Edit("files", None, attachments=(scan, film))])
        db.purge({"case:5": [db.tree("case:5").winner.leaf]})
        ensure_index(db, Index("_design/by", "n", ("n",)))
        assert len(db.find(Query({"n": {"$exists": True}})).documents) == 5
        engine.databases.create("other").write([Edit("x", None)])
        engine.write(_keep_books)
    return directory


def _keep_books(tx) -> None:
    found_node(tx, keys.generate(), fingerprint="m:1:2", now_ms=1)
    life, writer = current_life(tx).life, node_key(tx).writer
    certified = Known(writer, "k3m7q", "village", "990281101201", "青溪村", "t0wn1", node_key(tx).public, 1, False)
    put_certificate(tx, certified)
    assign_device(tx, "01")
    previous = None
    for number in (1, 2, 3):
        serial = next_serial(tx, "01", DAY)
        receipt = format_receipt_number("990281101201", DAY, "01", serial)
        tx.execute(
            "INSERT INTO cases VALUES "
            "(?, 'k3m7q', ?, '2026-11-23', 'i', 'n', 'a', 's', 0, 0, '', NULL, NULL, '', '', '', 0)",
            (f"case:k3m7q-{number}", receipt),
        )
        event = bytes([number]) * 32
        append_own(tx, number, event)
        assert note_event(tx, writer, life, number=number, event_hash=event, previous=previous).clash is None
        previous = event
        append_entry(tx, Entry(number, "acct:chen", "receive", f"case:{number}"))


def _told(directory: Path) -> list[str]:
    return [finding.what for finding in examine(directory) if finding.is_fault]


def _bytes_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_a_sound_directory_is_called_sound_and_left_as_it_was(sound):
    before = _bytes_of(sound)
    findings = list(examine(sound))
    assert [finding for finding in findings if finding.is_fault] == []
    assert len(findings) == 1  # the conflict came from elsewhere: its digest is not ours to judge
    assert "1 个由其他系统或合并写成" in findings[0].what
    assert _bytes_of(sound) == before


def test_bodies_that_outlived_a_short_memory_of_revisions_are_sound(tmp_path):
    with Engine.open(tmp_path) as engine:
        db = engine.databases.create("station")
        db.set_revs_limit(2)
        revision = None
        for n in range(5):
            revision = db.write([Edit("case:1", revision, b'{"n":%d}' % n)])[0].revision
    assert _told(tmp_path) == []


def test_a_running_directory_is_examined_beside_its_owner(tmp_path, sound):
    shutil.copytree(sound, tmp_path / "node")
    with Engine.open(tmp_path / "node") as engine:
        engine.database("station").write([Edit("new", None)])
        assert _told(tmp_path / "node") == []
        engine.database("station").write([Edit("newer", None)])


def test_a_directory_that_crashed_is_examined_with_its_log_and_left_as_it_was(tmp_path, sound):
    shutil.copytree(sound, tmp_path / "live")
    with Engine.open(tmp_path / "live") as engine:
        engine.write(lambda tx: tx.execute("UPDATE databases SET doc_count = 99 WHERE name = 'station'"))
        shutil.copytree(tmp_path / "live", tmp_path / "left", ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    before = _bytes_of(tmp_path / "left")
    assert ["记为 99" in what for what in _told(tmp_path / "left")] == [True]
    assert _bytes_of(tmp_path / "left") == before


PLANTED = {
    "tree unreadable": ("UPDATE documents SET tree = '[[1' WHERE id = 'case:0'", "版本树读不出来：station/case:0"),
    "tree of nothing": ("UPDATE documents SET tree = '[]' WHERE id = 'case:0'", "版本树读不出来：station/case:0"),
    "loser first": (
        "UPDATE documents SET tree = json_array(json_extract(tree, '$[1]'), json_extract(tree, '$[0]')) "
        "WHERE id = 'case:1'",
        "胜出版本不对：station/case:1",
    ),
    "dead called alive": ("UPDATE documents SET deleted = 0 WHERE id = 'gone'", "胜出版本不对：station/gone"),
    "leaf without body": (
        "DELETE FROM revisions WHERE seq = (SELECT seq FROM documents WHERE id = 'case:2')",
        "文档内容缺失：station/case:2",
    ),
    "body no JSON": (
        "UPDATE revisions SET body = x'7b' WHERE seq = (SELECT seq FROM documents WHERE id = 'case:3')",
        "文档内容读不出来：station/case:3",
    ),
    "body of nowhere": (
        "UPDATE revisions SET digest = 'abc', generation = 1 WHERE document = "
        "(SELECT document FROM documents WHERE id = 'case:3') AND seq = document",
        "存有版本树中没有的内容：station/case:3",
    ),
    "documents miscounted": ("UPDATE databases SET doc_count = doc_count + 1 WHERE name = 'station'", "文档数记为"),
    "tombstones miscounted": ("UPDATE databases SET doc_del_count = 7 WHERE name = 'station'", "已删除文档数记为 7"),
    "live bytes miscounted": ("UPDATE databases SET active_bytes = 1 WHERE name = 'other'", "有效字节数记为 1"),
    "bytes miscounted": ("UPDATE databases SET stored_bytes = 1 WHERE name = 'other'", "占用字节数记为 1"),
    "sequence behind": ("UPDATE databases SET update_seq = update_seq - 1 WHERE name = 'station'", "同步可能漏掉更改"),
    "counter behind": ("UPDATE store SET update_seq = 3", "而全站的序号只到 3"),
    "sequence twice": (
        "UPDATE documents SET seq = (SELECT seq FROM documents WHERE id = 'x') WHERE id = 'case:0'",
        "同一个序号用了两次",
    ),
    "document behind its change": ("UPDATE documents SET seq = 1 WHERE id = 'case:2'", "落在自己的更改之前"),
    "content changed": ("UPDATE contents SET data = x'00' WHERE run IS NULL", "附件内容与其校验值不符：station/files"),
    "piece changed": ("UPDATE pieces SET data = zeroblob(length(data)) WHERE piece = 1", "附件内容与其校验值不符"),
    "piece lost": ("DELETE FROM pieces WHERE piece = 1", "附件内容与其校验值不符：station/files"),
    "file lost": ("DELETE FROM attachments WHERE name = 'scan'", "附件缺失：station/files"),
    "reference broken": ("DELETE FROM databases WHERE name = 'other'", "所指的 databases 已不存在"),
    "step lost": ("UPDATE steps SET position = 99 WHERE position = 1", "升级记录不连续"),
    "entry lost": ("DELETE FROM index_entries WHERE id = 'case:2'", "索引 _design/by/n 与文档不符：station/case:2"),
    "entry moved": (
        "UPDATE index_entries SET key = x'00' WHERE id = 'case:3'",
        "索引 _design/by/n 与文档不符：station/case:3",
    ),
    "entry of nobody": (
        "INSERT INTO index_entries SELECT number, key, 'nobody' FROM index_entries LIMIT 1",
        "索引 _design/by/n 与文档不符：station/nobody",
    ),
    "audit changed": ("UPDATE audit SET actor = 'acct:wu' WHERE number = 2", "审计记录自第 2 条起"),
    "audit cut": ("DELETE FROM audit WHERE number = 1", "审计记录自第 1 条起"),
    "serial lost": ("UPDATE serials SET last = 2", "01-0003"),
    "number twice": (
        "UPDATE cases SET receipt_number = (SELECT receipt_number FROM cases LIMIT 1)",
        "用在 3 个案件上",
    ),
    "number unreadable": ("UPDATE cases SET receipt_number = 'x' WHERE id = 'case:k3m7q-1'", "收件号读不出来"),
    "own chain behind": ("UPDATE own_chain SET counter = 2", "编号会重复"),
    "own chain elsewhere": ("UPDATE own_chain SET head = zeroblob(32)", "链头与第 3 号事件不符"),
    "own head lost": ("UPDATE own_chain SET head = NULL", "与链头不符"),
    "event lost": ("DELETE FROM held_events WHERE number = 2", "记为收齐到 3，实为 1"),
    "photo lost": ("INSERT INTO lost_photos VALUES ('blobs_k3m7q', 'f', 1)", "有 1 张照片缺损"),
    "key lost": ("DELETE FROM node_key", "密钥、身世或事件链缺失"),
}


@pytest.mark.parametrize("damage", PLANTED)
def test_damage_is_named(tmp_path, sound, damage):
    sql, expected = PLANTED[damage]
    node = tmp_path / "node"
    shutil.copytree(sound, node)
    connection = open_writer(node / FILE_NAME, Opening())
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(sql)
    assert connection.changes() > 0
    close(connection)
    told = _told(node)
    assert any(expected in what for what in told), told


def test_a_body_that_was_changed_under_our_own_rule_is_at_least_remarked(tmp_path, sound):
    shutil.copytree(sound, tmp_path / "node")
    connection = open_writer(tmp_path / "node" / FILE_NAME, Opening())
    connection.execute("UPDATE revisions SET body = CAST('{\"n\":99}' AS BLOB) WHERE body = CAST('{\"n\":12}' AS BLOB)")
    close(connection)
    told = list(examine(tmp_path / "node"))
    (remark,) = [finding.what for finding in told if not finding.is_fault]
    assert "2 个由其他系统或合并写成" in remark
    assert "station/case:2" in remark
    # The index was made of what it had been, so it bears witness.
    assert ["索引" in finding.what and "case:2" in finding.what for finding in told if finding.is_fault] == [True]


@pytest.mark.parametrize("page", range(1, 30))
def test_a_bad_page_is_named_wherever_it_stands(tmp_path, sound, page):
    shutil.copytree(sound, tmp_path / "node")
    file = bytearray((tmp_path / "node" / FILE_NAME).read_bytes())
    file[(page - 1) * 4096 + 2000] ^= 8
    (tmp_path / "node" / FILE_NAME).write_bytes(file)
    told = _told(tmp_path / "node")
    assert any("已损坏" in what or "damaged" in what or "打不开" in what for what in told), told


def test_a_log_that_lost_what_was_flushed_is_named(tmp_path, sound):
    shutil.copytree(sound, tmp_path / "live")
    with Engine.open(tmp_path / "live") as engine:
        for n in range(9):
            engine.database("station").write([Edit(f"late:{n}", None)])
        shutil.copytree(tmp_path / "live", tmp_path / "left", ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    log = tmp_path / "left" / f"{FILE_NAME}-wal"
    content = bytearray(log.read_bytes())
    content[32 + 24 + 100] ^= 1
    log.write_bytes(content)
    assert any("写前日志自第" in what for what in _told(tmp_path / "left"))


def test_what_is_no_store_or_of_a_newer_version_is_said_to_be_so(tmp_path, sound):
    with pytest.raises(NotFound):
        list(examine(tmp_path))
    (tmp_path / FILE_NAME).write_bytes(b"no database " * 1000)
    assert any("打不开" in what for what in _told(tmp_path))
    shutil.copytree(sound, tmp_path / "newer")
    connection = open_writer(tmp_path / "newer" / FILE_NAME, Opening())
    connection.execute("INSERT INTO steps (name) VALUES ('from-the-future')")
    close(connection)
    with pytest.raises(NewerStore):
        list(examine(tmp_path / "newer"))


def test_a_restored_directory_is_sound(tmp_path, sound):
    back_up(sound, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again", now_ms=1)
    assert _told(tmp_path / "again") == []


def test_the_command_tells_findings_with_remedies_and_ends_with_1(tmp_path, sound):
    answer = CliRunner().invoke(doctor, [str(sound)])
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "数据完好，没有加密。")
    shutil.copytree(sound, tmp_path / "node")
    connection = open_writer(tmp_path / "node" / FILE_NAME, Opening())
    connection.execute("UPDATE databases SET doc_count = 99")
    close(connection)
    answer = CliRunner().invoke(doctor, [str(tmp_path / "node")])
    assert answer.exit_code == 1
    assert "问题：库 station 的文档数记为 99" in answer.output
    assert "文档完好" in answer.output


def test_every_check_is_shown_by_its_name_while_it_runs(sound):
    titles: list[str] = []
    list(examine(sound, progress=lambda title, _: titles.append(title)))
    assert list(dict.fromkeys(titles)) == [check.title for check in CHECKS]


def test_no_number_that_could_be_a_persons_is_told(tmp_path):
    with Engine.open(tmp_path) as engine:
        engine.databases.create("station").write([Edit("person-11010119900307123X", None)])
        engine.write(lambda tx: tx.execute("UPDATE documents SET tree = '[]'"))
    (told,) = _told(tmp_path)
    assert "19900307" not in told
