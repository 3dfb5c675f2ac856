import hashlib

import pytest

from sync.errors import Conflict, Forbidden
from sync.records.guard import MOST_LIVE_LEAVES, Offerer, Standing
from sync.records.guarded import ALARM, GuardedDatabase
from sync.records.ids import chunk_body, content_revision, sha256_hex
from sync.records.merge import merge
from sync.revisions.revision import Revision
from sync.revisions.tree import Branch
from sync.values.documents import Document, Edit, Outcome
from tests.model.replica import Replica
from tests.model.story import RECEIPT, Writer, append

HOME = "station_k3m7q"
CASE = "case:k3m7q-x"


class EditedReplica(Replica):
    """A replica that also takes edits, as a database does: the parent must be a leaf."""

    def write(self, edits):
        return [self._write(edit) for edit in edits]

    def _write(self, edit):
        leaves = {leaf.revision: leaf for leaf in self.leaves(edit.id)}
        if edit.parent not in leaves and (edit.parent or self.live(edit.id)):
            return Outcome(edit.id, None, Conflict())
        digest = hashlib.md5(edit.body + str(edit.parent).encode()).hexdigest()
        path = leaves[edit.parent].path if edit.parent else Branch(0, ())
        branch = Branch(path.generation + 1, (digest, *path.digests), edit.deleted)
        return self.graft([Document(edit.id, branch, edit.body)])[0]


class Scene:
    """A guarded database that a village's node writes into."""

    def __init__(self):
        self.village = Writer("village")
        self.database = EditedReplica(HOME)
        self.aside = []
        offerer = Offerer("石桥村", {self.village.name: Standing("k3m7q", "village")})
        self.guarded = GuardedDatabase(self.database, offerer, lambda *what: self.aside.append(what))
        self.first = self.village.does("received", **RECEIPT)
        self.body = append(None, self.first)

    def begin(self):
        (outcome,) = self.guarded.write([Edit(CASE, None, self.body)])
        return self.database.live(CASE)[0], outcome


def test_an_edit_passes_the_guard_and_the_database_chooses_its_revision():
    scene = Scene()
    stored, outcome = scene.begin()
    assert outcome == Outcome(CASE, stored.revision)
    longer = append(stored, scene.village.does("accepted", [scene.first]))
    (outcome,) = scene.guarded.write([Edit(CASE, stored.revision, longer)])
    assert outcome.error is None
    assert outcome.revision.generation == 2
    assert scene.aside == []


def test_a_refused_document_delays_none_of_its_batch_and_is_kept_with_its_bytes():
    scene = Scene()
    stranger = Writer("stranger")
    bad = Document("case:k3m7q-bad", Branch(1, ("b" * 32,)), append(None, stranger.does("received", **RECEIPT)))
    good = Document(CASE, Branch(1, ("a" * 32,)), scene.body)
    refused, written = scene.guarded.graft([bad, good])
    assert isinstance(refused.error, Forbidden)
    assert refused.id == bad.id
    assert written == Outcome(CASE, good.revision)
    ((database, document, reason),) = scene.aside
    assert (database, document) == (HOME, bad)
    assert "may not carry" in reason
    assert scene.database.live(bad.id) == []


def test_a_record_is_not_deleted_through_the_guard():
    scene = Scene()
    stored, _ = scene.begin()
    (outcome,) = scene.guarded.write([Edit(CASE, stored.revision, deleted=True)])
    assert isinstance(outcome.error, Forbidden)
    assert scene.database.live(CASE) == [stored]


@pytest.mark.timeout(60)  # where it is compared with all of them it takes for ever
def test_of_one_record_under_thousands_of_revisions_in_a_batch_few_are_taken():
    scene = Scene()
    offered = [Document(CASE, Branch(1, (f"{at:032}",)), scene.body) for at in range(5000)]
    outcomes = scene.guarded.graft(offered)
    assert [outcome.error is None for outcome in outcomes] == [True] * MOST_LIVE_LEAVES + [False] * 4980
    assert len(scene.database.live(CASE)) == MOST_LIVE_LEAVES
    assert len(scene.aside) == 4980


def test_an_edit_on_an_old_revision_is_the_databases_conflict():
    scene = Scene()
    stored, _ = scene.begin()
    second = scene.village.does("accepted", [scene.first])
    scene.guarded.write([Edit(CASE, stored.revision, append(stored, second))])
    late = append(stored, scene.village.does("noted", [scene.first]))
    (outcome,) = scene.guarded.write([Edit(CASE, stored.revision, late)])
    assert isinstance(outcome.error, Conflict)
    (outcome,) = scene.guarded.write([Edit(CASE, Revision(7, "f" * 32), late)])
    assert isinstance(outcome.error, Conflict)
    assert scene.aside == []


def test_a_shrunk_log_is_refused_although_it_was_lawful_once():
    scene = Scene()
    stored, _ = scene.begin()
    scene.guarded.write([Edit(CASE, stored.revision, append(stored, scene.village.does("accepted", [scene.first])))])
    (newer,) = scene.database.live(CASE)
    (outcome,) = scene.guarded.write([Edit(CASE, newer.revision, scene.body)])
    assert isinstance(outcome.error, Forbidden)


def test_a_planted_revision_is_no_pass_for_an_edit():
    """An edit is judged by its body, even where a grafted revision is called as the edit would be."""
    scene = Scene()
    stored, _ = scene.begin()
    evil = b'{"type":"case"}'
    planted = Branch(2, (hashlib.sha256(evil).hexdigest()[:32], *stored.path.digests))
    scene.guarded.graft([Document(CASE, planted, append(stored, scene.village.does("accepted", [scene.first])))])
    (outcome,) = scene.guarded.write([Edit(CASE, stored.revision, evil)])
    assert isinstance(outcome.error, Forbidden)


def test_what_a_database_has_already_is_taken_again_without_a_question():
    scene = Scene()
    good = Document(CASE, Branch(1, ("a" * 32,)), scene.body)
    assert scene.guarded.graft([good, good]) == [Outcome(CASE, good.revision)] * 2
    assert scene.guarded.graft([good]) == [Outcome(CASE, good.revision)]
    assert scene.aside == []


def test_a_merge_comes_in_whole_even_with_the_tombstone_in_front():
    scene = Scene()
    root = Document(CASE, Branch(1, ("a" * 32,)), scene.body)
    phone = Writer("phone")
    left = Document(CASE, Branch(2, ("b" * 32, "a" * 32)), append(root, scene.village.does("accepted", [scene.first])))
    right = Document(CASE, Branch(2, ("c" * 32, "a" * 32)), append(root, phone.does("noted", [scene.first])))
    standing = {name: Standing("k3m7q", "village") for name in (scene.village.name, phone.name)}
    guarded = GuardedDatabase(scene.database, Offerer("x", standing), lambda *what: scene.aside.append(what))
    guarded.graft([left, right])
    merged = merge([left, right])
    outcomes = guarded.graft([*merged.tombstones, merged.document])
    assert [outcome.revision for outcome in outcomes] == [merged.tombstones[0].revision, merged.document.revision]
    assert scene.database.live(CASE) == [merged.document]
    assert scene.aside == []


def test_two_logs_of_one_writer_are_reported_as_an_alarm():
    scene = Scene()
    stored, _ = scene.begin()
    other = Writer("village")
    forged = append(None, other.does("received", **{**RECEIPT, "applicant_name": "别人"}))
    (outcome,) = scene.guarded.graft([Document(CASE, Branch(1, ("d" * 32,)), forged)])
    assert isinstance(outcome.error, Forbidden)
    assert scene.aside[0][2].startswith(ALARM)
    assert scene.database.live(CASE) == [stored]


def test_a_chunk_cannot_be_edited_into_being_but_grafted():
    digest = sha256_hex(b"photo")
    database = EditedReplica("blobs_k3m7q")
    guarded = GuardedDatabase(database, Offerer("x", {}), lambda *_: None)
    (outcome,) = guarded.write([Edit(f"chunk:{digest}", None, chunk_body(b"photo"))])
    assert isinstance(outcome.error, Forbidden)
    whole = Document(f"chunk:{digest}", Branch(1, (content_revision(digest).digest,)), chunk_body(b"photo"))
    assert guarded.graft([whole]) == [Outcome(whole.id, whole.revision)]
