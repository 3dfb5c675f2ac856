"""A random history of several replicas, and what must be true of them once it is quiet.

Replicas are written to, take a stranger's revisions, are cut off from each other, die and come back.
Batches are lost half way, arrive twice, in the wrong order, and long after they were sent.

Nothing here knows what kind of database a replica has.
"""

import os
import random
from collections.abc import Callable, Sequence
from itertools import permutations
from types import NoneType

from sync.database import Database
from sync.revisions.merge import stem
from sync.revisions.revision import Revision
from sync.values.changes import START
from sync.values.documents import Attachment, Document, Edit, Outcome, Wanted
from sync.wire.attachments import attachment
from sync.wire.problems import MissingStub
from tests.model.genealogy import Birth, Genealogy

IDS = ("007", "a", "村:1")
USUAL_SEEDS = range(6)
_WORDS = ("write", "write", "write", "graft", "push", "push", "push", "part", "heal", "kill", "compact", "late")
_MOST_ROUNDS = 10


def seeds() -> Sequence[int]:
    """The usual ones, or the one that the variable SEED names; a failing test is named after its own."""
    return [int(os.environ["SEED"])] if "SEED" in os.environ else USUAL_SEEDS


class Replica:
    """A database somewhere.

    forgets_alike  it remembers no more of a path than the limit; PouchDB and CouchDB remember what another
                   leaf's path still holds
    """

    def __init__(self, name: str, database: Database, *, forgets_alike: bool = True) -> None:
        self.name = name
        self.database = database
        self.forgets_alike = forgets_alike

    def kill(self) -> None:
        """End without warning, and be there again with what was on disk; one that can die says how."""


class Network:
    """Replicas that live through one history.

    files  whether documents carry some; PouchDB and CouchDB number them in their own way
    """

    def __init__(self, replicas: Sequence[Replica], seed: int, *, revs_limit: int, files: bool = False) -> None:
        print(f"SEED={seed}, revs_limit {revs_limit}")
        self.replicas = replicas
        self.genealogy = Genealogy()
        self.acknowledged: set[tuple[str, Revision]] = set()
        self._dice = random.Random(seed)
        self._limit = revs_limit
        self._files = files
        self._side = dict.fromkeys((each.name for each in replicas), 0)
        self._under_way: list[list[Document]] = []
        self._digests = 0

    def live(self, steps: int) -> None:
        """So many steps of history."""
        ways: dict[str, Callable[[], None]] = {
            "write": lambda: self.write(self._any()),
            "graft": lambda: self._graft(self._any()),
            "push": lambda: self._push(*self._dice.sample(self.replicas, 2)),
            "part": self._part,
            "heal": lambda: self._side.update(dict.fromkeys(self._side, 0)),
            "kill": lambda: self._any().kill(),
            "compact": lambda: self._compact(self._any()),
            "late": self._deliver_late,
        }
        for _ in range(steps):
            ways[self._dice.choice(_WORDS)]()

    def write(self, replica: Replica) -> None:
        """A few edits of different documents, as a client of that replica makes them."""
        edits = [self._edit(replica, doc_id) for doc_id in self._dice.sample(IDS, self._dice.randint(1, len(IDS)))]
        parents = [self._parent(replica, edit) for edit in edits]
        for edit, parent, outcome in zip(edits, parents, replica.database.write(edits), strict=True):
            assert outcome.error is None, (replica.name, outcome)
            assert outcome.revision is not None
            self._note_edit(edit, parent, outcome.revision)
            self.acknowledged.add((edit.id, outcome.revision))

    def take_in(self, replica: Replica, batch: Sequence[Edit], outcomes: Sequence[Outcome] | None) -> None:
        """A batch of new documents, after or instead of whose answer a replica died.

        outcomes  None when no answer came: then the batch is there as a whole, or nothing of it is
        """
        trees = [replica.database.tree(edit.id) for edit in batch]
        if outcomes is None and trees == [None] * len(batch):
            return
        for at, (edit, tree) in enumerate(zip(batch, trees, strict=True)):
            assert tree is not None, f"{edit.id} is lost"
            revision = tree.winner.leaf
            self._note_edit(edit, None, revision)
            if outcomes is not None:
                assert outcomes[at].revision == revision
                self.acknowledged.add((edit.id, revision))

    def come_to_rest(self) -> None:
        """Everybody hears from everybody until there is nothing to say; then nobody's sequence moves."""
        for _ in range(_MOST_ROUNDS):
            if not sum(self._carry(source, target) for source, target in permutations(self.replicas, 2)):
                break
        else:
            raise AssertionError("the replicas never come to rest")
        before = [replica.database.info().update_seq for replica in self.replicas]
        for source, target in permutations(self.replicas, 2):
            assert self._carry(source, target) == 0
        assert [replica.database.info().update_seq for replica in self.replicas] == before

    def assert_equal_and_whole(self) -> None:
        """Every replica has the same leaves, paths, bodies and winner, and they are what the history says."""
        for doc_id in self.genealogy.births:
            first = self.replicas[0].database.tree(doc_id)
            assert first is not None
            leaves = first.leaves()
            self._assert_leaves_are_what_was_written(doc_id, leaves)
            assert list(leaves) == self.genealogy.ranked(doc_id, leaves), "the winner stands first"
            for replica in self.replicas:
                self._assert_holds(replica, doc_id, leaves)

    def _assert_leaves_are_what_was_written(self, doc_id: str, leaves: Sequence[Revision]) -> None:
        expected = self.genealogy.leaves(doc_id)
        if all(revision.generation <= self._limit for revision in self.genealogy.births[doc_id]):
            assert set(leaves) == expected
        # Where ancestors are forgotten an old leaf may come back as a conflict, as in CouchDB; none may be lost.
        assert expected <= set(leaves)
        descended = {each for leaf in leaves for each in self.genealogy.path(doc_id, leaf)}
        assert {revision for each, revision in self.acknowledged if each == doc_id} <= descended

    def _assert_holds(self, replica: Replica, doc_id: str, leaves: Sequence[Revision]) -> None:
        tree = replica.database.tree(doc_id)
        assert tree is not None, replica.name
        remembered = tree.branches if replica.forgets_alike else [stem(each, self._limit) for each in tree.branches]
        assert list(remembered) == [self.genealogy.branch(doc_id, leaf, limit=self._limit) for leaf in leaves]
        read = {}
        for found in replica.database.read([Wanted(doc_id, (), attachments=True)]):
            assert isinstance(found, Document), (replica.name, found)
            read[found.revision] = (found.deleted, found.body, _contents(found.attachments))
        births = {leaf: self.genealogy.births[doc_id][leaf] for leaf in leaves}
        assert read == {leaf: (birth.deleted, birth.body, birth.files) for leaf, birth in births.items()}, replica.name

    def _any(self) -> Replica:
        return self._dice.choice(self.replicas)

    def _edit(self, replica: Replica, doc_id: str) -> Edit:
        """One that every database takes: on a living leaf, or of a document that is not there or deleted."""
        tree = replica.database.tree(doc_id)
        body = b'{"n":%d}' % self._dice.randint(0, 3)  # of so few that replicas often make the very same edit
        alive = [branch.leaf for branch in tree.branches if not branch.deleted] if tree else []
        if not alive:
            return Edit(doc_id, None, body)
        parent = self._dice.choice(alive)
        files = self._files_on(replica, doc_id, parent) if self._files else ()
        return Edit(doc_id, parent, body, self._dice.random() < 0.3, files)

    def _files_on(self, replica: Replica, doc_id: str, parent: Revision) -> tuple[Attachment, ...]:
        """Keep the files that are there as stubs; half of those who find none bring one."""
        (before,) = replica.database.read([Wanted(doc_id, (parent,))])
        assert isinstance(before, Document)
        if before.attachments or self._dice.random() < 0.5:
            return before.attachments
        return (
            attachment("photo", "image/jpeg", self._dice.choice((b"one", b"two")), generation=parent.generation + 1),
        )

    def _note_edit(self, edit: Edit, parent: Revision | None, revision: Revision) -> None:
        files = tuple((file.name, file.data or self._content(edit, file.name)) for file in edit.attachments)
        self.genealogy.note(edit.id, revision, Birth(parent, edit.deleted, edit.body, files))

    def _content(self, edit: Edit, name: str) -> bytes:
        """What a stub stands for: the file of that name on the revision that was edited."""
        assert edit.parent is not None
        return dict(self.genealogy.births[edit.id][edit.parent].files)[name]

    def _parent(self, replica: Replica, edit: Edit) -> Revision | None:
        """What the revision will be a child of: an edit that names none revives a deleted document."""
        tree = replica.database.tree(edit.id)
        return edit.parent or (tree.winner.leaf if tree else None)

    def _graft(self, replica: Replica) -> None:
        """A stranger's revisions, one to three on top of each other, of which only the newest is sent."""
        doc_id = self._dice.choice(IDS)
        parent = self._dice.choice([None, *self.genealogy.births.get(doc_id, ())])
        length = self._dice.randint(1, 3)
        for left in range(length, 0, -1):
            self._digests += 1
            digest = f"{self._dice.getrandbits(64):016x}{self._digests:016x}"
            revision = Revision(parent.generation + 1 if parent else 1, digest)
            body = b'{"by":"a stranger","n":%d}' % self._digests if left == 1 else None
            deleted = left == 1 and self._dice.random() < 0.3
            self.genealogy.note(doc_id, revision, Birth(parent, deleted, body))
            parent = revision
        assert parent is not None
        (outcome,) = replica.database.graft([self.genealogy.document(doc_id, parent, limit=self._limit)])
        assert outcome.error is None, (replica.name, outcome)
        self.acknowledged.add((doc_id, parent))

    def _part(self) -> None:
        for name in self._side:
            self._side[name] = self._dice.randint(0, 1)

    def _push(self, source: Replica, target: Replica) -> None:
        """What the target lacks, over a bad road; nothing where they are cut off from each other."""
        if self._side[source.name] != self._side[target.name]:
            return
        documents = self._lacking(source, target)
        self._dice.shuffle(documents)
        if self._dice.random() < 0.3:
            self._under_way.append(documents)
        if self._dice.random() < 0.3:
            documents = documents[: len(documents) // 2]
        size = self._dice.randint(1, 4)
        batches = [documents[at : at + size] for at in range(0, len(documents), size)]
        for batch in batches:
            for _ in range(self._dice.choice((1, 1, 2))):
                _deliver(target, batch)

    def _deliver_late(self) -> None:
        """A batch of some time ago arrives, at anybody, again; a stub may stand for what that one never had."""
        if self._under_way:
            outcomes = self._any().database.graft(self._dice.choice(self._under_way))
            assert {type(outcome.error) for outcome in outcomes} <= {NoneType, MissingStub}

    def _compact(self, replica: Replica) -> None:
        compact = getattr(replica.database, "compact", None)
        if compact:
            compact()

    def _lacking(self, source: Replica, target: Replica) -> list[Document]:
        changes = source.database.changes(START)
        missing = target.database.missing({change.id: change.leaves for change in changes.results})
        wanted = [
            Wanted(doc_id, each.revisions, attachments=True, atts_since=each.possible_ancestors)
            for doc_id, each in missing.items()
        ]
        return [found for found in source.database.read(wanted) if isinstance(found, Document)]

    def _carry(self, source: Replica, target: Replica) -> int:
        documents = self._lacking(source, target)
        _deliver(target, documents)
        return len(documents)


def _deliver(target: Replica, documents: Sequence[Document]) -> None:
    if documents:
        outcomes = target.database.graft(documents)
        assert [outcome.error for outcome in outcomes] == [None] * len(outcomes), target.name


def _contents(files: Sequence[Attachment]) -> tuple[tuple[str, bytes | None], ...]:
    return tuple((file.name, file.data) for file in files)
