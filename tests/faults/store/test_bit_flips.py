"""A disk that gives other bits than it was given: never a wrong answer, and what is whole is answered as before."""

import os
import random
import shutil
import struct
from pathlib import Path

import pytest

from sync.errors import Damaged, StorageError
from sync.store.connection import FILE_NAME, Opening, close, frames_in_log, open_writer
from sync.store.engine import Engine
from sync.store.key_folder import KeyFolder
from sync.store.keys import draw_key
from sync.store.log import log_of, lost_from
from sync.values.changes import START, Span
from sync.values.documents import Attachment, Document, Edit, Wanted

DOCUMENTS = 120
FLIPS = int(os.environ.get("FLIPS", "80")) // 2  # FLIPS=5000 for the long form; half of them in an encrypted store
KEY = draw_key()
PAGE = 4096


def _body(number: int) -> bytes:
    return b'{"about":%d,"text":"%s"}' % (number, b"%d" % number * (number * 53 % 900))


def _write(engine: Engine) -> dict[str, bytes]:
    db = engine.databases.create("station")
    written = {f"case:{number:03}": _body(number) for number in range(DOCUMENTS)}
    for number, (doc_id, body) in enumerate(written.items()):
        files = (Attachment("scan", "image/jpeg", "md5-x", 9000, 1, bytes([number]) * 9000),) if number % 9 == 0 else ()
        assert db.write([Edit(doc_id, None, body, attachments=files)])[0].error is None
    first = db.tree("case:000").winner.leaf
    db.write([Edit("case:000", first, written["case:000"])])
    return written


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> KeyFolder:
    """The folder of the key that the encrypted ones have."""
    folder = KeyFolder(tmp_path_factory.mktemp("keys"))
    folder.keep(KEY)
    return folder


@pytest.fixture(scope="module", params=[None, KEY], ids=["plain", "encrypted"])
def whole(tmp_path_factory, request) -> tuple[Path, dict[str, bytes]]:
    """A store closed in peace, and what was written to it."""
    directory = tmp_path_factory.mktemp("whole")
    with Engine.open(directory, opening=Opening(key=request.param)) as engine:
        written = _write(engine)
    return directory, written


def _questions(engine: Engine, written: dict[str, bytes]):
    db = engine.database("station")
    for doc_id in written:
        yield (
            doc_id,
            lambda doc_id=doc_id: [
                (each.body, [file.data for file in each.attachments]) if isinstance(each, Document) else each
                for each in db.read([Wanted(doc_id, attachments=True)])
            ],
        )
    yield "changes", lambda: [(change.id, change.leaves) for change in db.changes(START).results]
    yield "list", lambda: [(row.id, row.revision) for row in db.list(Span()).rows]
    yield "info", lambda: (db.info().doc_count, db.info().disk_bytes, db.info().active_bytes)
    yield "missing", lambda: db.missing({doc_id: [] for doc_id in written})


def _answers(engine: Engine, written: dict[str, bytes]) -> dict[str, object]:
    answers = {}
    for name, question in _questions(engine, written):
        try:
            answers[name] = question()
        except Damaged:
            continue
    return answers


@pytest.mark.timeout(120 + 2 * FLIPS)
def test_whatever_bit_flips_in_the_file_no_answer_is_wrong(whole, keys, tmp_path):
    directory, written = whole
    with Engine.open(directory, keys=keys) as engine:
        truth = _answers(engine, written)
    assert len(truth) == DOCUMENTS + 4
    original = (directory / FILE_NAME).read_bytes()
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"SEED={seed} FLIPS={FLIPS}")
    chance = random.Random(seed)
    unopened = answered = 0
    for flip in range(FLIPS):
        damaged = bytearray(original)
        # Every tenth hits the first pages: header and schema are small and matter most.
        position = chance.randrange(3 * PAGE if flip % 10 == 0 else len(damaged))
        damaged[position] ^= 1 << chance.randrange(8)
        node = tmp_path / "node"
        shutil.rmtree(node, ignore_errors=True)
        node.mkdir()
        (node / FILE_NAME).write_bytes(damaged)
        try:
            with Engine.open(node, keys=keys) as engine:
                told = _answers(engine, written)
        except StorageError:
            unopened += 1
            continue
        assert {name: answer for name, answer in told.items() if truth[name] != answer} == {}, position
        answered += len(told)
    print(f"{unopened} not opened; {answered / max(1, FLIPS - unopened):.1f} of {len(truth)} questions answered else")
    assert unopened < FLIPS / 3
    assert answered > (FLIPS - unopened) * len(truth) * 0.5


def test_one_bad_page_costs_what_stands_on_it_and_the_node_goes_on(whole, keys, tmp_path):
    directory, written = whole
    node = tmp_path / "node"
    shutil.copytree(directory, node)
    file = bytearray((node / FILE_NAME).read_bytes())
    for page in _pages_with(len(_body(117)), node, keys):
        file[(page - 1) * PAGE + 100] ^= 1
    (node / FILE_NAME).write_bytes(file)
    with Engine.open(node, keys=keys) as engine:
        db = engine.database("station")
        with pytest.raises(Damaged):
            list(db.read([Wanted("case:117")]))
        others = [doc_id for doc_id in _answers(engine, written) if doc_id.startswith("case:")]
        assert len(others) >= DOCUMENTS - 8
        assert db.write([Edit("new", None, b'{"n":1}')])[0].error is None
        assert next(iter(db.read([Wanted("new")]))).body == b'{"n":1}'


def _pages_with(body_bytes: int, node: Path, keys: KeyFolder) -> list[int]:
    """The pages of bodies of that size, which an encrypted file does not show to whoever looks for their text."""
    query = "SELECT pageno FROM dbstat WHERE name = 'revisions' AND mx_payload BETWEEN ? AND ?"
    with Engine.open(node, keys=keys) as engine:
        return [page for (page,) in engine.look(lambda reader: reader.execute(query, (body_bytes, body_bytes + 99)))]


@pytest.fixture(scope="module", params=[None, KEY], ids=["plain", "encrypted"])
def crashed(tmp_path_factory, request) -> tuple[Path, list[str]]:
    """A store as a crash leaves it: everything still in the log; and the ids in the order of their commits."""
    directory = tmp_path_factory.mktemp("crashed")
    with Engine.open(directory / "live", opening=Opening(key=request.param)) as engine:
        db = engine.databases.create("station")
        for number in range(40):
            assert db.write([Edit(f"case:{number:03}", None, _body(number))])[0].error is None
        (directory / "left").mkdir()
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            shutil.copyfile(directory / "live" / name, directory / "left" / name)
    return directory / "left", [f"case:{number:03}" for number in range(40)]


def test_a_flip_in_the_log_is_told_and_not_taken_for_the_end_of_it(crashed, keys, tmp_path):
    left, ids = crashed
    log = (left / f"{FILE_NAME}-wal").read_bytes()
    frames = (len(log) - 32) // (24 + PAGE)
    chance = random.Random(7)
    refused = 0
    places = [(frame, chance.choice([4, 9, 17, chance.randrange(24 + PAGE)])) for frame in range(0, frames, 8)]
    for frame, within in places:
        node = tmp_path / "node"
        shutil.rmtree(node, ignore_errors=True)
        shutil.copytree(left, node)
        damaged = bytearray(log)
        damaged[32 + frame * (24 + PAGE) + within] ^= 16
        (node / f"{FILE_NAME}-wal").write_bytes(damaged)
        try:
            with Engine.open(node, keys=keys) as engine:
                there = {row.id for row in engine.database("station").list(Span()).rows}
        except Damaged:
            assert (node / f"{FILE_NAME}-wal").read_bytes() == damaged  # evidence is not tidied away
            refused += 1
            continue
        # A flip in the newest transaction cannot be told from a torn write, and costs that one alone.
        assert set(ids[:-1]) <= there, (frame, within)
    assert refused > len(places) * 0.9


@pytest.mark.parametrize("at", range(0, 32, 4))
def test_a_flip_in_the_head_of_the_log_is_told(crashed, keys, tmp_path, at):
    left, _ = crashed
    node = tmp_path / "node"
    shutil.copytree(left, node)
    log = bytearray((node / f"{FILE_NAME}-wal").read_bytes())
    log[at] ^= 1
    (node / f"{FILE_NAME}-wal").write_bytes(log)
    with pytest.raises(Damaged):
        Engine.open(node, keys=keys)


def test_what_an_earlier_round_left_in_the_log_is_no_damage(tmp_path):
    """The log is written over from its beginning; what is left of the round before has other salts."""
    connection = open_writer(tmp_path / FILE_NAME, Opening())
    connection.execute("CREATE TABLE notes (text TEXT) STRICT")
    for _ in range(40):
        connection.execute("INSERT INTO notes VALUES (?)", ("x" * 9000,))
    connection.wal_checkpoint()
    connection.execute("INSERT INTO notes VALUES ('new')")
    log = log_of(tmp_path / FILE_NAME).read_bytes()
    salts = {struct.unpack(">2I", log[at + 8 : at + 16]) for at in range(32, len(log) - PAGE, 24 + PAGE)}
    assert len(salts) > 1
    assert 0 < frames_in_log(connection) < 10
    assert lost_from(tmp_path / FILE_NAME, frames_in_log(connection)) is None
    close(connection)
