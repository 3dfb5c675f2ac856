"""Text and values of every kind stand in the order a live Apache CouchDB has them in.

What `sync.mango.text_order` imitates is asked here of the real thing: ASCII, pinyin, full-width forms and the usual
punctuation must agree in every pair; of Chinese characters, whose order ICU takes from radicals and strokes,
nearly every pair must.
"""

import os
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from sync.database import Database
from sync.mango.collation import sort_key
from sync.mango.design import ensure_index
from sync.remote.database import RemoteDatabases
from sync.values.json_text import parse_object
from sync.values.queries import Index, Query
from tests.contract.documents import edit, written

pytestmark = pytest.mark.couchdb

SEED = int(os.environ.get("YIZHAN_SEED", "1"))
ASCII = "".join(chr(code) for code in range(1, 128))
PUNCTUATION = "，。、；：？！“”‘’（）《》【】—…·～￥％＋－０１２３ＡＢａｂ　「」『』〈〉〔〕"
PINYIN = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü" + "abcxyz ABC"


def chinese() -> str:
    """The 6,763 characters of GB 2312."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(raw.decode("gb2312", errors="ignore") for raw in rows)


@pytest.fixture
def couchdb(fresh_name: str) -> Iterator[Database]:
    """A database of the live server, with an index of the field x."""
    databases = RemoteDatabases.at(os.environ["COUCHDB_URL"])
    database = databases.create(fresh_name)
    ensure_index(database, Index("_design/by", "x", ("x",)))
    yield database
    databases.destroy(fresh_name)
    databases.close()


def in_couchdbs_order(database: Database, values: list[object]) -> list[object]:
    """The values as they stand in an index of the live server."""
    written(database.write([edit(f"d{place:05}", x=value) for place, value in enumerate(values)]))
    found = database.find(Query({"x": {"$exists": True}}, sort=("x",), limit=len(values)))
    return [parse_object(text)["x"] for text in found.documents]


def texts(random: Random, alphabet: str, count: int) -> list[object]:
    return ["".join(random.choices(alphabet, k=random.randint(0, 4))) for _ in range(count)]


def mixed(random: Random, depth: int = 0) -> object:
    kinds = [None, True, False, random.randint(-5, 5), random.uniform(-5, 5), *texts(random, "abAB19_ 驿", 2)]
    if depth < 2:
        kinds.append([mixed(random, depth + 1) for _ in range(random.randint(0, 2))])
        kinds.append({name: mixed(random, depth + 1) for name in random.sample("abB", random.randint(0, 2))})
    return random.choice(kinds)


@pytest.mark.parametrize(
    "alphabet",
    [ASCII, PUNCTUATION, PINYIN, PUNCTUATION + ASCII + "一丁七万丈三上下"],
    ids=["ascii", "punctuation", "pinyin", "all together"],
)
def test_text_stands_exactly_as_in_couchdb(couchdb: Database, alphabet: str) -> None:
    print(f"YIZHAN_SEED={SEED}")
    ordered = in_couchdbs_order(couchdb, texts(Random(SEED), alphabet, 800))
    for before, behind in pairwise(ordered):
        assert sort_key(before) <= sort_key(behind), (before, behind)


def test_values_of_every_kind_stand_exactly_as_in_couchdb(couchdb: Database) -> None:
    print(f"YIZHAN_SEED={SEED}")
    random = Random(SEED)
    ordered = in_couchdbs_order(couchdb, [mixed(random) for _ in range(800)])
    for before, behind in pairwise(ordered):
        assert sort_key(before) <= sort_key(behind), (before, behind)


def test_chinese_stands_nearly_as_in_couchdb(couchdb: Database) -> None:
    characters = chinese()
    assert len(characters) == 6763
    places = {character: place for place, character in enumerate(in_couchdbs_order(couchdb, list(characters)))}
    random = Random(SEED)
    pairs = [random.sample(characters, 2) for _ in range(20_000)]
    wrong = sum((places[one] < places[other]) != (sort_key(one) < sort_key(other)) for one, other in pairs)
    print(f"{wrong} of {len(pairs)} pairs stand the other way round")
    assert wrong / len(pairs) < 0.003
