"""What nobody vouches for fills no `public`, and what the centre signed is taken however full it is."""

from base64 import b64encode
from collections.abc import Callable
from random import Random

from fixtures.catalogue import publish_texts
from fixtures.county import text
from sync.errors import Forbidden
from sync.node.node import Node
from sync.node.public_room import MOST_BYTES, BoundedPublic
from sync.node.road.conversing import Conversing
from sync.node.road.marks import Marks
from sync.node.sharing import shared_with_parent
from sync.revisions.tree import Branch
from sync.typed import replace
from sync.values.changes import START
from sync.values.conversation import Mark, Told
from sync.values.documents import Document, Outcome
from sync.values.json_text import dump
from tests.unit.sync.node.road.test_conversing import Above
from tests.unit.sync.node.test_catalogue import CODE, documents, whole

Make = Callable[..., Node]


def bring(node: Node, brought: list[Document], *, most_bytes: int = 1_000_000) -> list[Outcome]:
    public = BoundedPublic(node.databases.open("public"), node, most_documents=100, most_bytes=most_bytes)
    return list(public.graft(brought))


def junk(number: int, size: int = 10) -> Document:
    """What no database makes smaller."""
    letters = b64encode(Random(number).randbytes(size))[:size]
    return Document(f"item:x{number}", Branch(1, (f"{number:032x}",)), b'{"a":"%s"}' % letters)


def test_what_nobody_vouches_for_is_taken_up_to_a_bound_by_number_and_by_weight(station: Node) -> None:
    for number in range(300):
        bring(station, [junk(number)])
    assert len(documents(station)) == 100
    (outcome,) = bring(station, [junk(1000)])
    assert isinstance(outcome.error, Forbidden)


def test_nor_do_large_ones_weigh_more_than_the_bound(station: Node) -> None:
    for number in range(50):
        bring(station, [junk(number, 10_000)], most_bytes=100_000)
    assert len(documents(station)) < 50
    assert station.documents.database("public").info().active_bytes <= 120_000


def test_the_node_above_is_held_to_it(station: Node) -> None:
    public = shared_with_parent(station).open("public")
    for number in range(MOST_BYTES // 1_000_000 + 3):
        public.graft([junk(number, 1_000_000)])
    assert 1 < MOST_BYTES - station.documents.database("public").info().active_bytes < 2_000_000


def test_versions_of_one_document_that_nobody_vouches_for_count_as_well(station: Node) -> None:
    for number in range(50):
        leaf = replace(junk(number, 10_000), id="item:x")
        bring(station, [leaf], most_bytes=100_000)
    assert station.documents.database("public").info().active_bytes <= 120_000


def test_what_the_centre_released_comes_in_however_full_it_is(centre: Node, station: Node) -> None:
    bring(station, [junk(number) for number in range(100)])
    publish_texts(centre, dump(whole()), text("calendar.json"), text("regions.json"))
    genuine = documents(centre)
    forged = junk(2000)
    outcomes = bring(station, [*genuine, forged])  # the release and what it names in one batch
    assert [outcome.error is None for outcome in outcomes] == [True] * len(genuine) + [False]
    assert station.catalogue.items()[CODE].name == "高龄津贴"
    publish_texts(centre, dump(whole(version=whole()["items"][0]["version"] + 1, name="高龄津贴二")))
    news = [one for one in documents(centre) if one not in genuine]
    # And behind it. A CouchDB tells changes in no order that we could go by.
    for document in sorted(news, key=lambda one: not one.id.startswith("release:")):
        (outcome,) = bring(station, [document])
        assert outcome.error is None
    assert station.catalogue.items()[CODE].name == "高龄津贴二"


def test_a_tombstone_on_what_stands_here_is_taken_and_another_is_not(station: Node) -> None:
    bring(station, [junk(number) for number in range(100)])
    first = junk(0)
    grave = Document(first.id, Branch(2, ("a" * 32, *first.path.digests), deleted=True), b"{}")
    stray = Document("item:y", Branch(1, ("b" * 32,), deleted=True), b"{}")
    assert [outcome.error is None for outcome in bring(station, [grave, stray])] == [True, False]


def test_what_is_genuine_is_not_taken_under_ever_new_names_and_revisions(centre: Node, station: Node) -> None:
    bring(station, [junk(number) for number in range(100)])
    publish_texts(centre, dump(whole()))
    genuine = documents(centre)
    bring(station, genuine)
    release = next(one for one in genuine if one.id.startswith("release:"))
    item = next(one for one in genuine if one.id == f"item:{CODE}")
    for number in range(30):
        path = Branch(1, (f"{number:032x}",))
        (outcome,) = bring(station, [replace(release, id=f"release:{number:08}-AAAAAAAA", path=path)])
        assert isinstance(outcome.error, Forbidden)
        bring(station, [replace(release, path=path), replace(item, path=path)])
    at_once = [replace(item, path=Branch(1, (f"{number:032x}",))) for number in range(100, 130)]
    assert all(isinstance(outcome.error, Forbidden) for outcome in bring(station, at_once))
    other = next(one for one in genuine if one.id.startswith("item:") and one.id != item.id)
    many = [replace(other, path=Branch(1, (f"{number:032x}",))) for number in range(30)]
    assert sum(outcome.error is None for outcome in bring(station, many)) == 7
    for one in (release, item, other):
        tree = station.documents.database("public").tree(one.id)
        assert tree is not None
        assert len(tree.leaves()) == 8


def test_what_was_refused_before_its_release_came_is_told_once_more_behind_it(centre: Node, station: Node) -> None:
    public = shared_with_parent(station).open("public")
    for number in range(MOST_BYTES // 1_000_000 + 1):
        public.graft([junk(number, 1_000_000)])
    publish_texts(centre, dump(whole()), text("calendar.json"), text("regions.json"))
    genuine = documents(centre)
    release = [one for one in genuine if one.id.startswith("release:")]
    before_it = [*(one for one in genuine if one not in release), junk(5000, 1_000_000)]
    above = Above()
    conversing = Conversing(station, Marks(station), above, skip_counters=lambda: None)

    def heard(says: list[Document], position: str) -> str:
        """Where the station says it stands, before it is told something."""
        above.says = [*(Told("public", one) for one in says), Mark("public", position)]
        conversing.exchange(stop=lambda: False)
        return {share.name: share.heard for share in above.offers[-1].shares}["public"]

    heard([], "1")
    assert heard(before_it, "5") == "1"
    assert heard([], "6") == "5", "nothing is told again before there is something new"
    assert heard(release, "7") == "6"
    assert CODE not in station.catalogue.items()
    assert heard([*before_it, *release], "7") == START
    assert station.catalogue.items()[CODE].name == "高龄津贴"
    assert heard([], "7") == "7", "once for each release"
