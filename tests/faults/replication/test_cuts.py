"""A link cut at any request, or in the middle of any answer, costs time and nothing else."""

from contextlib import closing

import pytest

from sync.database import Database
from sync.errors import LinkError
from sync.remote.database import RemoteDatabase
from sync.replication.replicate import replicate
from sync.replication.report import Options, Report
from sync.store.memory import MemoryDatabases
from sync.typed import replace
from tests.faults.replication.replicas import (
    SMALL,
    FarEnd,
    Seen,
    Watched,
    WatchedDatabases,
    contents,
    write_history,
)

DOCUMENTS = 40
MOST_REQUESTS = 200
# The address differs from run to run as a station's may; the identity does not.
OPTIONS = Options("source", "target", limits=SMALL)


def run_over(port: int, way: str, near: Database, *, options: Options = OPTIONS) -> Report:
    """One run between a near database and the one behind a port."""
    with closing(RemoteDatabase.at(f"http://127.0.0.1:{port}/far")) as far:
        source, target = (near, far) if way == "push" else (far, near)
        return replicate(source, target, options=options)


class Pair:
    """A source with a history and an empty target; the far one is served."""

    def __init__(self, way: str, far: FarEnd, *, seed: int) -> None:
        self.seen = Seen()
        self.source: Database = MemoryDatabases().create("source")
        self.target: Database = MemoryDatabases().create("target")
        write_history(self.source, documents=DOCUMENTS, seed=seed)
        if way == "push":
            self.near: Database = self.source
            far.databases = WatchedDatabases(self.target, self.seen)
        else:
            self.near = Watched(self.target, self.seen)
            far.databases = WatchedDatabases(self.source, Seen())

    def had_another_target_before(self) -> None:
        """The source remembers a target of the same identity that is lost, with all it had."""
        lost = MemoryDatabases().create("target")
        replicate(self.source, lost, options=OPTIONS).checked()

    def must_be_equal(self) -> None:
        assert contents(self.target) == contents(self.source)
        self.seen.never_twice()


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("way", ["push", "pull"])
@pytest.mark.parametrize("target", ["first", "replaced"])
def test_cut_at_every_request_in_turn_the_next_run_completes_it(way: str, when: str, target: str, far: FarEnd) -> None:
    with far.linked() as link:
        for request in range(1, MOST_REQUESTS):
            pair = Pair(way, far, seed=request)
            if target == "replaced":
                pair.had_another_target_before()
            far.faults.at(request, when, link.cut)
            first = run_over(link.port, way, pair.near)
            if first.ok:  # the run had fewer requests than that
                assert far.faults.requests < request
                assert request > 10, "the history is too short to prove anything"
                pair.must_be_equal()
                return
            assert isinstance(first.error, LinkError)
            far.faults.never()
            second = run_over(link.port, way, pair.near)
            assert second.ok, f"cut {when} request {request}: {second.error}"
            pair.must_be_equal()
    pytest.fail("the run never ended")


@pytest.mark.parametrize("way", ["push", "pull"])
def test_cut_while_the_next_page_is_read_nothing_is_lost_or_sent_twice(way: str, far: FarEnd) -> None:
    options = replace(OPTIONS, checkpoint_seconds=1000)
    with far.linked() as link:
        for request in range(1, MOST_REQUESTS):
            pair = Pair(way, far, seed=request)
            far.faults.at(request, "before", link.cut)
            first = run_over(link.port, way, pair.near, options=options)
            far.faults.never()
            run_over(link.port, way, pair.near, options=options).checked()
            pair.must_be_equal()
            if first.ok:
                assert request > 10, "the history is too short to prove anything"
                return
    pytest.fail("the run never ended")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("way", ["push", "pull"])
def test_cut_once_in_every_few_requests_it_still_arrives(way: str, when: str, far: FarEnd) -> None:
    pair = Pair(way, far, seed=7)
    runs = 0
    with far.linked() as link:
        is_through = False
        while not is_through and runs < MOST_REQUESTS:
            runs += 1
            far.faults.at(6, when, link.cut)
            is_through = run_over(link.port, way, pair.near).ok
    assert runs > 2, "nothing was cut"
    pair.must_be_equal()


@pytest.mark.parametrize("way", ["push", "pull"])
def test_a_batch_checkpointed_at_both_ends_is_never_even_asked_about_again(way: str, far: FarEnd) -> None:
    with far.linked() as link:
        for request in range(1, MOST_REQUESTS, 3):
            pair = Pair(way, far, seed=request)
            far.faults.at(request, "after", link.cut)
            first = run_over(link.port, way, pair.near)
            done = pair.seen.asked_before_checkpoint(first.checkpoints)
            before = len(pair.seen.events)
            far.faults.never()
            run_over(link.port, way, pair.near).checked()
            asked_again = done & {doc_id for _, ids in pair.seen.events[before:] for doc_id in ids}
            assert not asked_again, f"cut after request {request}: {sorted(asked_again)}"
            if first.ok:
                assert first.checkpoints > 2, "the history is too short to prove anything"
                return
    pytest.fail("the run never ended")


@pytest.mark.parametrize("way", ["push", "pull"])
def test_cut_in_mid_body_after_any_number_of_bytes_nothing_is_lost_or_sent_twice(way: str, far: FarEnd) -> None:
    total = bytes_of_a_whole_run(way, far)
    assert total > 10_000
    cuts = 0
    for count in range(150, total, 191):
        pair = Pair(way, far, seed=1)
        with far.linked(cut_after_bytes=count) as weak:
            first = run_over(weak.port, way, pair.near)
        if first.ok:  # it took fewer bytes than the first: what goes packed depends on how quickly we are answered
            break
        assert isinstance(first.error, LinkError), f"cut after {count} bytes: {first.error}"
        cuts += 1
        assert run_over(far.port, way, pair.near).ok
        pair.must_be_equal()
    assert cuts > 40


def bytes_of_a_whole_run(way: str, far: FarEnd) -> int:
    pair = Pair(way, far, seed=1)
    with far.linked() as link:
        assert run_over(link.port, way, pair.near).ok
        return link.bytes_up + link.bytes_down


def test_a_broken_link_never_leaves_a_checkpoint_past_what_the_target_holds(far: FarEnd) -> None:
    with far.linked() as link:
        for request in range(1, MOST_REQUESTS, 2):
            pair = Pair("push", far, seed=request)
            far.faults.at(request, "after", link.cut)
            report = run_over(link.port, "push", pair.near)
            behind = {change.id for change in pair.source.changes(report.last_seq).results}
            arrived = contents(pair.target)
            for doc_id, held in contents(pair.source).items():
                assert doc_id in behind or arrived.get(doc_id) == held
            if report.ok:
                return
    pytest.fail("the run never ended")
