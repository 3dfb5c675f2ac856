"""What is told is what the other lacks, in the order of its changes, and a mark never runs ahead of what was told."""

from hypothesis import given
from hypothesis import strategies as st

from sync.database import Front
from sync.replication.hearing import Heard, hear
from sync.replication.telling import tell
from sync.revisions.revision import Revision
from sync.store.memory import MemoryDatabases
from sync.values.changes import START
from sync.values.conversation import Mark, Told
from sync.values.documents import Absent
from sync.wire.conversation import LARGEST_TOLD_BYTES, Kind, write_conversation
from tests.contract.documents import put
from tests.faults.replication.replicas import contents, write_history

PLENTY = 1 << 30


def nobody_knows(name: str, doc_id: str, revision: Revision) -> bool:
    return False


def told_of(database, since=START, *, knows=nobody_knows, most_bytes=PLENTY, passed_over=None):
    aside = [] if passed_over is None else passed_over
    found = list(tell(database, since, knows=knows, most_bytes=most_bytes, pass_over=lambda one: aside.append(one.id)))
    assert passed_over is not None or aside == []
    return found


def pair():
    return MemoryDatabases().create("station_a"), MemoryDatabases().create("station_a")


def take(items, target) -> Heard:
    heard = Heard()
    for _ in hear(items, heard, open_database=lambda name: target, keep_garbled=lambda garbled: None):
        pass
    return heard


def test_edits_tombstones_and_conflicts_arrive_with_their_trees() -> None:
    source, target = pair()
    write_history(source, documents=300, seed=5)
    heard = take(told_of(source), target)
    assert contents(target) == contents(source)
    assert heard.taken == {"station_a": source.info().update_seq}
    assert told_of(source, heard.taken["station_a"]) == []


@given(cut=st.integers(0, 400), seed=st.integers(0, 20))
def test_who_goes_on_at_the_last_mark_taken_ends_equal_wherever_it_was_cut(cut: int, seed: int) -> None:
    source, target = pair()
    write_history(source, documents=60, seed=seed)
    heard = take(told_of(source)[:cut], target)
    rest = told_of(source, heard.taken.get("station_a", START))
    take(rest, target)
    assert contents(target) == contents(source)


def test_a_limit_ends_the_telling_at_a_mark_from_where_it_goes_on() -> None:
    source, target = pair()
    write_history(source, documents=80, seed=1)
    since, turns = START, 0
    while items := told_of(source, since, most_bytes=2_000):
        assert isinstance(items[-1], Mark)
        assert sum(len(item.document.body) for item in items[:-2] if isinstance(item, Told)) < 2_000 + 20_000
        take(items, target)
        since, turns = items[-1].position, turns + 1
    assert turns > 3
    assert contents(target) == contents(source)


class Strange(Front):
    """A database of others, which gives one document as no rule of ours has it."""

    def read(self, wanted):
        for one in super().read(wanted):
            yield Absent(one.id, one.revision, "it cannot be taken as it is: Bad name") if one.id == "strange" else one


def test_a_document_that_cannot_be_taken_as_it_is_lies_aside_with_its_reason_and_the_rest_goes_on() -> None:
    source, target = pair()
    for name in ("before", "strange", "behind"):
        put(source, name)
    aside = []
    items = list(tell(Strange(source), START, knows=nobody_knows, most_bytes=PLENTY, pass_over=aside.append))
    assert [(one.id, one.reason) for one in aside] == [("strange", "it cannot be taken as it is: Bad name")]
    heard = take(items, target)
    assert sorted(one.id for one in target.changes(START).results) == ["before", "behind"]
    assert heard.taken == {"station_a": source.info().update_seq}


def test_what_the_other_knows_is_not_told_but_passed() -> None:
    source, _ = pair()
    mine, theirs = put(source, "mine"), put(source, "theirs")
    items = told_of(source, knows=lambda name, doc_id, revision: (doc_id, revision) == ("theirs", theirs))
    assert [item.document.revision for item in items if isinstance(item, Told)] == [mine]
    assert items[-1] == Mark("station_a", source.info().update_seq)


def test_no_mark_is_given_twice() -> None:
    source, _ = pair()
    put(source, "long", text="x" * 10_000)
    assert [item for item in told_of(source) if isinstance(item, Mark)] == [Mark("station_a", source.info().update_seq)]


def test_marks_come_often_enough_that_a_cut_repeats_little() -> None:
    source, _ = pair()
    for number in range(100):
        put(source, f"d{number:03}", text="x" * 500)
    unmarked = 0
    for item in told_of(source):
        unmarked = 0 if isinstance(item, Mark) else unmarked + len(item.document.body)
        assert unmarked < 16 << 10


def test_a_document_that_no_frame_holds_is_passed_over_and_delays_nothing() -> None:
    source, target = pair()
    put(source, "large", text="x" * (LARGEST_TOLD_BYTES + 1))
    put(source, "small")
    aside: list[str] = []
    heard = take(told_of(source, passed_over=aside), target)
    assert (aside, heard.written) == (["large"], 1)
    assert heard.taken == {"station_a": source.info().update_seq}
    put(source, "at the limit", text="x" * (LARGEST_TOLD_BYTES - 100))
    items = told_of(source, heard.taken["station_a"])
    assert b"".join(frame for frame, _ in write_conversation(Kind.OFFER, b"{}", items))
