"""One run after the other between two databases in memory."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from sync.database import Database, Front
from sync.errors import BadRequest, Forbidden, LinkDown, NotFound, TooLarge
from sync.replication.pace import Limits
from sync.replication.replicate import Replicator, replicate
from sync.replication.report import Options, Refusal, Report, report_as_json
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.store.memory import MemoryDatabases
from sync.typed import replace
from sync.values.changes import START, Changes
from sync.values.documents import Absent, Document, Edit, Outcome, Wanted
from sync.wire.attachments import attachment
from sync.wire.problems import MissingStub
from tests.faults.replication.replicas import contents, write_history
from tests.unit.sync.replication.watching import Noting, Replaced, pair, refusing

TEN_AT_A_TIME = Options(limits=Limits(first_documents=10, most_documents=10, least_documents=10))
PHOTO = attachment("photo", "image/jpeg", b"\xff\xd8 a photo", generation=1)


def test_edits_tombstones_conflicts_and_files_arrive_with_their_trees() -> None:
    source, target = pair(0)
    write_history(source, documents=300, seed=3)
    report = replicate(source, target)
    assert report.ok
    assert report.docs_written == report.docs_read > 300
    assert contents(target) == contents(source)


def test_a_run_with_nothing_new_asks_for_the_logs_and_the_changes_and_writes_nothing() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    ends = Noting(source, "source", calls), Noting(target, "target", calls)
    replicate(*ends).checked()
    calls.clear()
    assert replicate(*ends).checkpoints == 0
    assert calls == [("source", "read_local"), ("target", "read_local"), ("source", "changes")]


def test_a_replicator_that_remembers_asks_the_source_once_and_the_target_nothing() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    replicator = Replicator(Noting(source, "source", calls), Noting(target, "target", calls))
    replicator.run().checked()
    calls.clear()
    replicator.run().checked()
    assert calls == [("source", "changes")]


def test_each_batch_is_recorded_after_it_is_written_at_the_target_first() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    replicate(Noting(source, "source", calls), Noting(target, "target", calls), options=TEN_AT_A_TIME).checked()
    steps = [call for call in calls if call[1] in ("graft", "write_local")]
    assert steps == [("target", "graft"), ("target", "write_local"), ("source", "write_local")] * 3


def test_what_is_new_since_the_last_run_is_all_that_is_carried() -> None:
    source, target = pair(25)
    replicate(source, target).checked()
    source.write([Edit("new", None)])
    report = replicate(source, target)
    assert (report.changes_seen, report.docs_written) == (1, 1)


def test_replicating_both_ways_comes_to_rest() -> None:
    one, other = pair(25)
    other.write([Edit("theirs", None)])
    for _ in range(2):
        replicate(one, other).checked()
        replicate(other, one).checked()
    assert contents(one) == contents(other)
    seqs = one.info().update_seq, other.info().update_seq
    reports = [replicate(one, other), replicate(other, one)]
    assert [report.changes_seen for report in reports] == [0, 0]
    assert (one.info().update_seq, other.info().update_seq) == seqs


def test_a_refused_document_is_reported_and_the_rest_goes_on() -> None:
    source, target = pair(25)
    strict = refusing(target, lambda document: Forbidden("not here") if document.id == "d0007" else None)
    report = replicate(source, strict, options=TEN_AT_A_TIME)
    assert report.ok
    assert report.docs_written == 24
    refused = source.look_up(["d0007"]).rows[0].revision
    assert report.refused == (Refusal("d0007", refused, "not here"),)
    again = replicate(source, strict)
    assert again.changes_seen == 0, "a refused document is not tried for ever"


@pytest.mark.parametrize("error", [TooLarge, BadRequest])
def test_a_batch_refused_as_a_whole_is_halved_until_the_one_to_blame_is_found(error: type[Exception]) -> None:
    source, target = pair(25)

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        if any(document.id == "d0013" for document in documents):
            raise error("too much")
        return target.graft(documents)

    report = replicate(source, Replaced(target, graft=graft))
    assert report.ok
    assert report.docs_written == 24
    assert [each.id for each in report.refused] == ["d0013"]


def test_a_batch_refused_for_one_stub_is_written_with_that_content_sent_whole() -> None:
    source, target = pair(5)
    first = source.write([Edit("scan", None, b"{}", attachments=(PHOTO,))])[0].revision
    assert replicate(source, target).ok
    source.write([Edit("scan", first, b'{"n":2}', attachments=(replace(PHOTO, data=None),))])
    source.write([Edit(f"more{n}", None, b"{}") for n in range(4)])

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:  # as Apache CouchDB answers
        if any(file.data is None for document in documents for file in document.attachments):
            raise MissingStub("Invalid attachment stub in scan for photo")
        return target.graft(documents)

    report = replicate(source, Replaced(target, graft=graft))
    assert (report.ok, report.docs_written, report.refused) == (True, 5, ())
    (found,) = target.read([Wanted("scan", attachments=True)])
    assert isinstance(found, Document)
    assert found.attachments[0].data == PHOTO.data


def test_a_target_that_turns_us_away_ends_the_run() -> None:
    source, target = pair(3)

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        raise Forbidden("you may not write here")

    report = replicate(source, Replaced(target, graft=graft))
    assert isinstance(report.error, Forbidden)
    assert report.checkpoints == 0


def test_a_revision_the_source_cannot_give_is_reported() -> None:
    source, target = pair(3)

    def read(wanted: Sequence[Wanted]) -> Any:
        for found in source.read(wanted):
            yield Absent(found.id, found.revision, "missing") if found.id == "d0001" else found

    report = replicate(Replaced(source, read=read), target)
    assert report.docs_written == 2
    assert report.refused[0].id == "d0001"
    assert "missing" in report.refused[0].reason


def test_a_stub_whose_content_the_target_lacks_is_sent_with_its_content() -> None:
    source, target = pair(0)
    write_history(source, documents=40, seed=9)
    doc_id, revision = next(
        (change.id, change.leaves[0])
        for change in source.changes("0").results
        if next(iter(source.read([Wanted(change.id, (change.leaves[0],))]))).attachments
    )
    # The target knows the parent, but came by it without the file it had.
    second = source.write([Edit(doc_id, revision, b"{}", attachments=stub_of(source, doc_id, revision))])[0]
    assert second.error is None
    path = source.tree(doc_id).branch_of(revision).from_revision(revision)
    target.graft([Document(doc_id, Branch(path.generation, path.digests), b"{}")])
    report = replicate(source, target)
    assert report.refused == ()
    leaf = next(iter(target.read([Wanted(doc_id, (second.revision,), attachments=True)])))
    assert isinstance(leaf, Document)
    assert leaf.attachments[0].data


def stub_of(database: Database, doc_id: str, revision: Revision) -> Any:
    found = next(iter(database.read([Wanted(doc_id, (revision,))])))
    assert isinstance(found, Document)
    return found.attachments


def test_a_broken_link_ends_the_run_and_the_next_one_asks_for_the_logs_again() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    breaks = iter([False, True, False, False, False])

    def graft(documents: Sequence[Document]) -> Sequence[Outcome]:
        if next(breaks, False):
            raise LinkDown("gone")
        return target.graft(documents)

    weak = Noting(Replaced(target, graft=graft), "target", calls)
    replicator = Replicator(source, weak, options=TEN_AT_A_TIME)
    report = replicator.run()
    assert isinstance(report.error, LinkDown)
    assert (report.checkpoints, report.docs_written) == (1, 10)
    with pytest.raises(LinkDown):
        report.checked()
    assert replicator.since is None
    calls.clear()
    assert replicator.run().docs_written == 15
    assert calls[0] == ("target", "read_local")


def test_asked_to_stop_it_ends_between_two_parts_and_resumes() -> None:
    source, target = pair(35)
    answers = itertools.chain([False] * 3, itertools.repeat(True))
    report = replicate(source, target, options=TEN_AT_A_TIME, stop=lambda: next(answers))
    assert report.stopped
    assert report.ok
    assert 0 < report.docs_written < 35
    assert replicate(source, target).docs_written == 35 - report.docs_written
    assert contents(source) == contents(target)


@pytest.mark.parametrize("remembered", [True, False])
def test_a_target_created_anew_gets_everything_again(remembered: bool) -> None:
    source, _ = pair(25)
    server = MemoryDatabases()
    target = server.create("target")

    def open_target(*names: str) -> Any:
        return Replaced(
            target, **{name: lambda *a, n=name, **k: getattr(server.open("target"), n)(*a, **k) for name in names}
        )

    moving = open_target("missing", "graft", "read_local", "write_local", "delete_local")
    options = Options("source", "target")
    replicator = Replicator(source, moving, options=options)
    replicator.run().checked()
    server.destroy("target")
    server.create("target")
    source.write([Edit("new", None)])
    (replicator if remembered else Replicator(source, moving, options=options)).run().checked()
    assert contents(server.open("target")) == contents(source)


def test_a_target_restored_from_a_backup_gets_what_it_lost() -> None:
    source, target = pair(10)
    options = Options("source", "target", limits=TEN_AT_A_TIME.limits)
    replicator = Replicator(source, target, options=options)
    replicator.run().checked()
    backup = MemoryDatabases().create("target")
    backup.graft([doc for doc in target.read([Wanted(f"d{n:04}") for n in range(10)]) if isinstance(doc, Document)])
    backup.write_local(replicator.id, target.read_local(replicator.id).body)
    source.write([Edit("later", None)])
    replicator.run().checked()
    source.write([Edit("last", None)])
    replicate(source, backup, options=options).checked()
    assert contents(backup) == contents(source)


def test_a_purge_does_not_travel_and_what_changes_later_brings_the_purged_back() -> None:
    source, target = pair(5)
    replicate(source, target).checked()
    first = Revision(1, source.tree("d0001").winner.leaf.digest)
    for purged in (source, target):
        purged.purge({"d0001": [first]})
        assert replicate(source, target).checked().docs_written == 0
    assert target.tree("d0001") is None
    source.write([Edit("d0001", None, b'{"again":1}')])
    assert replicate(source, target).checked().docs_written == 1
    target.purge({"d0002": [target.tree("d0002").winner.leaf]})
    second = source.write([Edit("d0002", source.tree("d0002").winner.leaf, b'{"n":2}')])[0].revision
    replicate(source, target).checked()
    assert target.tree("d0002").leaves() == (second,)
    assert contents(source) == contents(target)


def test_a_selection_of_documents_is_all_that_is_carried() -> None:
    source, target = pair(25)
    report = replicate(source, target, options=Options(doc_ids=("d0003", "d0004", "nowhere")))
    assert report.docs_written == 2
    assert set(contents(target)) == {"d0003", "d0004"}


def test_a_database_is_not_replicated_with_itself() -> None:
    source, _ = pair(1)
    assert isinstance(replicate(source, source).error, BadRequest)


def test_a_database_that_is_not_there_is_an_error_of_the_run() -> None:
    source, _ = pair(1)
    server = MemoryDatabases()
    gone = server.create("gone")
    server.destroy("gone")
    assert isinstance(replicate(source, gone).error, NotFound)


def test_progress_tells_how_much_lies_ahead_and_never_goes_back() -> None:
    source, target = pair(35)
    told: list[Report] = []
    replicate(source, target, options=TEN_AT_A_TIME, progress=told.append)
    written = [report.docs_written for report in told]
    assert written == sorted(written)
    assert written[-1] == 35
    assert max(report.changes_seen + (report.changes_left or 0) for report in told) == 35


def test_a_report_is_told_as_json_with_the_reasons_of_what_was_refused() -> None:
    report = Report(refused=(Refusal("a", Revision(1, "x"), "no"), Refusal("b", None, "gone")), error=LinkDown("cut"))
    told = report_as_json(report)
    assert told["refused"] == [{"id": "a", "rev": "1-x", "reason": "no"}, {"id": "b", "rev": None, "reason": "gone"}]
    assert told["error"] == {"error": "LinkDown", "reason": "cut"}
    assert told["ok"] is False


def test_without_checkpoints_neither_end_is_told_and_every_run_begins_where_it_was_asked_to() -> None:
    source, target = pair(25)
    calls: list[tuple[str, str]] = []
    begin = source.changes(START, limit=20).last_seq
    options = Options(use_checkpoints=False, begin=begin)
    ends = Noting(source, "source", calls), Noting(target, "target", calls)
    assert [replicate(*ends, options=options).changes_seen for _ in range(2)] == [5, 5]
    assert {method for _, method in calls}.isdisjoint({"read_local", "write_local"})


def test_where_to_begin_counts_only_until_both_ends_remember_a_session() -> None:
    source, target = pair(25)
    begin = source.changes(START, limit=20).last_seq
    assert replicate(source, target, options=Options(begin=begin)).docs_written == 5
    source.write([Edit("new", None)])
    assert replicate(source, target, options=Options(begin=START)).changes_seen == 1


def test_progress_may_go_unrecorded_for_a_while_and_is_recorded_at_the_end() -> None:
    source, target = pair(25)
    report = replicate(source, target, options=replace(TEN_AT_A_TIME, checkpoint_seconds=1000))
    assert (report.docs_written, report.checkpoints) == (25, 1)
    assert replicate(source, target).changes_seen == 0


def test_winners_alone_are_carried_when_that_is_asked_for() -> None:
    source, target = pair(0)
    path = Branch(2, ("b", "a"))
    source.graft([Document("x", path), Document("x", Branch(2, ("c", "a")))])
    assert replicate(source, target, options=Options(winners_only=True)).docs_written == 1
    tree = target.tree("x")
    assert tree is not None
    assert [str(leaf) for leaf in tree.leaves()] == ["2-c"]


class _Strange(Front):
    """Like a CouchDB whose first document has two more leaves, with revisions that we do not take."""

    def changes(self, since: str, **options: Any) -> Changes:
        page = self._behind.changes(since, **options)
        first, *others = page.results or [None]
        if first is None:
            return page
        return replace(
            page, results=(replace(first, strange=("12345678901234567890-a", "1-"), strange_first=True), *others)
        )


def test_leaves_whose_revisions_we_do_not_take_are_told_and_those_beside_them_arrive() -> None:
    source, target = pair(3)
    told = tuple(
        Refusal("d0000", None, f"its revision cannot be taken as it is: {rev}")
        for rev in ("12345678901234567890-a", "1-")
    )
    report = replicate(_Strange(source), target).checked()
    assert (report.docs_written, report.refused) == (3, told)
    assert replicate(source, target).checked().changes_seen == 0  # it was recorded, and stops nothing later

    report = replicate(_Strange(source), winners := MemoryDatabases().create("w"), options=Options(winners_only=True))
    assert (report.checked().docs_written, report.refused) == (2, told)
    assert winners.tree("d0000") is None  # another leaf than the winner would be taken for it


def test_changes_of_other_documents_are_passed_by_and_not_waited_for_again() -> None:
    source, target = pair(3)
    replicator = Replicator(source, target, options=Options(doc_ids=("d0001",), checkpoint_seconds=1000))
    replicator.run().checked()
    source.write([Edit("other", None)])
    report = replicator.run().checked()
    assert (report.changes_seen, report.checkpoints) == (0, 0)
    assert replicator.since is not None
    assert not source.await_change(replicator.since, timeout_seconds=0)


def test_the_log_is_what_both_ends_were_told_last() -> None:
    source, target = pair(3)
    replicator = Replicator(source, target)
    assert replicator.log is None
    replicator.run().checked()
    told = replicator.log
    assert told is not None
    logs = [end.read_local(replicator.id) for end in (source, target)]
    assert [log.body for log in logs if log] == [told, told]
    again = Replicator(source, target)
    again.run().checked()
    assert again.log == told


def test_a_report_counts_what_the_target_was_asked_about() -> None:
    source, target = pair(4)
    target.graft([found for found in source.read([Wanted("d0001")]) if isinstance(found, Document)])
    report = replicate(source, target).checked()
    assert (report.revs_checked, report.revs_missing, report.docs_read) == (4, 3, 3)
    assert report.seen_seq == report.last_seq == source.info().update_seq
