import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.errors import BadRequest
from sync.records.ids import (
    DatabaseName,
    RecordId,
    blob_list,
    blob_root,
    chunk_body,
    content_revision,
    new_record_id,
    parse_content_id,
    parse_database,
    parse_record_id,
    sha256_hex,
)

NOON_MS = 1_764_388_800_000
SHORTEST_MS = 4  # of what ids tell apart
moments = st.integers(0, 4_000_000_000_000)
chances = st.binary(min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("station_k3m7q", DatabaseName("station", "k3m7q")),
        ("blobs_k3m7q", DatabaseName("blobs", "k3m7q")),
        ("staff_t1", DatabaseName("staff", "t1")),
        ("voice_k3m7q", DatabaseName("voice", "k3m7q")),
        ("public", DatabaseName("public")),
        ("public_x", None),
        ("station_", None),
        ("station", None),
        ("station_K3", None),
        ("_users", None),
        ("other_k3", None),
    ],
)
def test_a_database_name_says_its_kind_and_station(name, parsed):
    assert parse_database(name) == parsed
    if parsed:
        assert str(parsed) == name


def test_a_record_id_reads_back_as_it_was_made():
    doc_id = new_record_id("case", "k3m7q", at_ms=NOON_MS, chance=bytes(range(5)))
    assert parse_record_id(doc_id) == RecordId("case", "k3m7q", "h6pazk22222k62s6")
    assert str(parse_record_id(doc_id)) == doc_id


@pytest.mark.parametrize(
    "doc_id", ["case", "case:k3m7q", "case:-x", "case:K3-x", "_design/x", "case:k3m7q-", "case:k3-a b"]
)
def test_what_is_no_record_id_is_not_read_as_one(doc_id):
    assert parse_record_id(doc_id) is None


def test_too_little_chance_makes_no_id():
    with pytest.raises(BadRequest):
        new_record_id("case", "k3m7q", at_ms=NOON_MS, chance=b"123")


@given(earlier=moments, later=moments, first=chances, second=chances)
def test_what_is_made_later_stands_behind_by_its_id(earlier, later, first, second):
    assume(later - earlier >= SHORTEST_MS)
    before, after = (
        new_record_id("case", "k3m7q", at_ms=at_ms, chance=chance)
        for at_ms, chance in ((earlier, first), (later, second))
    )
    assert before < after


def test_two_of_one_moment_differ_by_chance():
    ids = {new_record_id("case", "k3m7q", at_ms=NOON_MS, chance=number.to_bytes(5, "big")) for number in range(1000)}
    assert len(ids) == 1000


@given(at_ms=st.integers(-(1 << 50), 1 << 50), chance=chances)
def test_by_any_clock_an_id_is_of_sixteen_signs(at_ms, chance):
    """As every node before knows them, the code on a bag slip among them."""
    assert re.fullmatch("case:k3m7q-[a-z2-7]{16}", new_record_id("case", "k3m7q", at_ms=at_ms, chance=chance))


def test_a_chunk_and_its_revision_are_named_by_the_content():
    digest = sha256_hex(b"photo")
    assert parse_content_id(f"chunk:{digest}") == ("chunk", digest)
    assert parse_content_id("chunk:abc") is None
    assert str(content_revision(digest)) == f"1-{digest[:32]}"
    assert chunk_body(b"photo") == b'{"data":"cGhvdG8="}'
    with pytest.raises(BadRequest):
        chunk_body(bytes(16385))


def test_the_root_of_a_blob_depends_on_type_size_and_the_order_of_chunks():
    roots = {
        blob_root(blob_list("image/jpeg", 3, ("a", "b"))),
        blob_root(blob_list("image/png", 3, ("a", "b"))),
        blob_root(blob_list("image/jpeg", 4, ("a", "b"))),
        blob_root(blob_list("image/jpeg", 3, ("b", "a"))),
    }
    assert len(roots) == 4
