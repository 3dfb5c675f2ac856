import pytest

from sync.records.events import event_hash
from sync.records.merge import LeavesStand, Merged, merge, merge_conflicts
from sync.revisions.tree import Branch
from sync.values.documents import Absent, Document
from sync.values.json_text import canonical, parse_object
from tests.model.replica import Replica
from tests.model.story import RECEIPT, Writer, append

CASE = "case:k3m7q-x"


def leaf(body, *digests, deleted=False):
    return Document(CASE, Branch(len(digests), tuple(digest * 32 for digest in digests), deleted), body)


class Fork:
    """One case, then an event at the village and one at the township, unseen by each other."""

    def __init__(self):
        self.village, self.township = Writer("village"), Writer("township", "township")
        self.first = self.village.does("received", **RECEIPT)
        self.root = leaf(append(None, self.first), "a")
        self.here = self.village.does("corrected", [self.first], phone="1")
        self.there = self.township.does("accepted", [self.first])
        self.left = leaf(append(self.root, self.here), "b", "a")
        self.right = leaf(append(self.root, self.there), "c", "a")


def test_a_merge_is_the_union_of_events_on_top_of_the_winner():
    fork = Fork()
    merged = merge([fork.left, fork.right])
    assert isinstance(merged, Merged)
    body = parse_object(merged.document.body)
    assert {event_hash(event) for event in body["events"]} == set(map(event_hash, (fork.first, fork.here, fork.there)))
    assert (body["state"]["status"], body["state"]["phone"]) == ("accepted", "1")
    assert merged.document.path.generation == 3
    assert merged.document.path.digests[1:] == fork.right.path.digests
    (tombstone,) = merged.tombstones
    assert tombstone.deleted
    assert tombstone.path.digests[1:] == fork.left.path.digests


def test_a_merge_is_the_same_in_whatever_order_the_leaves_come():
    fork = Fork()
    assert merge([fork.left, fork.right]) == merge([fork.right, fork.left])


def test_tombstones_count_for_nothing_in_a_merge():
    fork = Fork()
    buried = leaf(b"{}", "d", "b", "a", deleted=True)
    assert merge([fork.left, fork.right, buried]) == merge([fork.left, fork.right])


def test_a_leaf_that_has_everything_stays_and_the_others_are_buried():
    fork = Fork()
    merged = merge([fork.left, fork.right]).document
    again = merge([merged, fork.left])
    assert not again.made
    assert again.document == merged
    assert again.tombstones == merge([fork.left, fork.right]).tombstones


def test_different_leaves_make_different_revisions():
    fork = Fork()
    other = leaf(fork.left.body, "0", "a")
    assert merge([fork.left, fork.right]).document.revision != merge([other, fork.right]).document.revision


def changed(document, **members):
    return Document(CASE, document.path, canonical({**parse_object(document.body), **members}))


@pytest.mark.parametrize(
    "members",
    [
        {"fold": 3},
        {"type": "harvest"},
        {"colour": "red"},
        {"events": []},
        {"events": "none"},
        {"state": None},
    ],
)
def test_what_is_not_understood_stands(members):
    fork = Fork()
    assert isinstance(merge([fork.left, changed(fork.right, **members)]), LeavesStand)


def test_documents_that_are_no_records_stand():
    plain = [Document("station", Branch(1, (digest,)), b'{"name":"x"}') for digest in "ab"]
    assert merge(plain) == LeavesStand("not a record")


def test_one_leaf_is_no_conflict():
    assert merge([Fork().left]) == LeavesStand("there is no conflict")


def test_two_events_under_one_number_stand():
    fork = Fork()
    twin = Writer("village")
    first = twin.does("received", **RECEIPT)
    left = leaf(append(fork.root, twin.does("noted", [first])), "b", "a")
    assert isinstance(merge([fork.left, left]), LeavesStand)


def test_a_database_is_rid_of_its_conflicts_in_one_go():
    fork = Fork()
    replica = Replica("station_k3m7q")
    replica.graft([fork.left, fork.right])
    ((doc_id, merged),) = merge_conflicts(replica, [CASE, "case:k3m7q-unknown", CASE])
    assert doc_id == CASE
    assert replica.live(CASE) == [merged.document]
    assert merge_conflicts(replica, [CASE]) == ()


def test_leaves_of_which_one_cannot_be_read_stand():
    class Partial(Replica):
        def read(self, wanted):
            found = list(super().read(wanted))
            yield from found
            yield Absent(CASE, found[-1].revision, "missing")

    fork = Fork()
    replica = Partial("station_k3m7q")
    replica.graft([fork.left, fork.right])
    ((_, stood),) = merge_conflicts(replica, [CASE])
    assert isinstance(stood, LeavesStand)
    assert len(replica.live(CASE)) == 2
