import orjson
import pytest

from sync.errors import BadRequest, ProtocolError
from sync.revisions.revision import Revision
from sync.values.changes import Change, Changes, Missing
from sync.wire.changes import read_changes, read_missing, read_offered, write_change, write_missing

LEAVES = (Revision(3, "c"), Revision(2, "b"))


def test_a_change_names_the_winner_or_every_leaf() -> None:
    change = Change("x", "7-t", LEAVES, deleted=True)
    assert orjson.loads(write_change(change, change.leaves[:1])) == {
        "seq": "7-t",
        "id": "x",
        "changes": [{"rev": "3-c"}],
        "deleted": True,
    }
    assert orjson.loads(write_change(change, change.leaves))["changes"] == [{"rev": "3-c"}, {"rev": "2-b"}]


def test_a_page_written_is_read_back_equal() -> None:
    page = Changes((Change("x", "7-t", LEAVES), Change("y", "8-t", LEAVES[:1], deleted=True)), "8-t", 4)
    rows = b",".join(write_change(each, each.leaves) for each in page.results)
    assert read_changes(b'{"results":[' + rows + b'],"last_seq":"8-t","pending":4}') == page


@pytest.mark.parametrize("rev", ["1-", "0-a", "1234567890123456-aa", "12345678901234567890-aa"])
def test_a_revision_couchdb_takes_and_we_do_not_is_told_beside_the_others(rev: str) -> None:
    # As CouchDB 3.5.0 tells them of replicas that were written with such a revision.
    row = {"seq": "7-g1AA", "id": "x", "changes": [{"rev": rev}, {"rev": "1-a"}]}
    (change,) = read_changes(orjson.dumps({"results": [row], "last_seq": "7-g1AA", "pending": 0})).results
    assert change == Change("x", "7-g1AA", (Revision(1, "a"),), strange=(rev,), strange_first=True)
    row["changes"] = [{"rev": "1-a"}, {"rev": rev}]
    (change,) = read_changes(orjson.dumps({"results": [row], "last_seq": "7-g1AA", "pending": 0})).results
    assert (change.leaves, change.strange, change.strange_first) == ((Revision(1, "a"),), (rev,), False)


def test_servers_that_count_their_changes_are_understood() -> None:
    page = read_changes(b'{"results":[{"seq":7,"id":"x","changes":[{"rev":"1-a"}]}],"last_seq":[7,"x"]}')
    assert (page.results[0].seq, page.last_seq, page.pending) == ("7", '[7,"x"]', None)


@pytest.mark.parametrize(
    "text",
    [b"", b"<html>", b"[]", b"{}", b'{"results":1,"last_seq":1}', b'{"results":[1],"last_seq":1}',
     b'{"results":[{"seq":1,"id":2,"changes":[]}],"last_seq":1}',
     b'{"results":[{"seq":1,"id":"x","changes":[{"rev":"?"}]}],"last_seq":1}'],
)  # fmt: skip
def test_an_answer_that_is_none_is_kept_for_diagnosis(text: bytes) -> None:
    with pytest.raises(ProtocolError) as broken:
        read_changes(text)
    assert broken.value.answer == text


def test_missing_revisions_go_out_and_come_back() -> None:
    missing = {"x": Missing((Revision(3, "c"),), (Revision(2, "b"),)), "y": Missing((Revision(1, "a"),))}
    told = write_missing(missing)
    assert told == {"x": {"missing": ["3-c"], "possible_ancestors": ["2-b"]}, "y": {"missing": ["1-a"]}}
    assert read_missing(orjson.dumps(told)) == missing


def test_an_ancestor_whose_revision_we_do_not_take_is_passed_over() -> None:
    told = {"x": {"missing": ["3-c"], "possible_ancestors": ["1-", "2-b", "0-a"]}}
    assert read_missing(orjson.dumps(told)) == {"x": Missing((Revision(3, "c"),), (Revision(2, "b"),))}


@pytest.mark.parametrize("text", [b"[]", b'{"x":[]}', b'{"x":{}}', b'{"x":{"missing":["?"]}}', b"no"])
def test_an_answer_of_revs_diff_that_is_none_breaks_the_protocol(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_missing(text)


def test_what_is_offered_is_read_strictly() -> None:
    assert read_offered({"x": ["1-a", "2-b"]}) == ({"x": (Revision(1, "a"), Revision(2, "b"))}, {})
    assert read_offered({"x": ["1-a", "0-b"], "y": ["1-"]}) == ({"x": (Revision(1, "a"),)}, {"x": ["0-b"], "y": ["1-"]})
    for wrong in ([], {"x": "1-a"}, {"x": [1]}, {"x": ["?"]}):
        with pytest.raises(BadRequest):
            read_offered(wrong)
