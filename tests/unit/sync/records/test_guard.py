import base64

import pytest

from sync.records.catalogue import load_items
from sync.records.events import read_event
from sync.records.guard import MOST_LEAVES, MOST_LIVE_LEAVES, Accept, Offerer, SetAside, Standing, judge
from sync.records.ids import blob_list, blob_root, chunk_body, content_revision, sha256_hex
from sync.records.log import folded_body
from sync.records.merge import merge
from sync.records.powers import powers_of
from sync.revisions.tree import Branch
from sync.values.documents import Attachment, Document
from sync.values.json_text import canonical, dump, parse_object
from tests.model.story import RECEIPT, Writer, append

HOME = "station_k3m7q"
CASE = "case:k3m7q-x"


def leaf(body, *digests, deleted=False, doc_id=CASE):
    return Document(doc_id, Branch(len(digests), tuple(digest * 32 for digest in digests), deleted), body)


class Scene:
    """A case at the township's door: stored as received, offered with an acceptance behind it."""

    def __init__(self):
        self.village = Writer("village")
        self.first = self.village.does("received", **RECEIPT)
        self.stored = leaf(append(None, self.first), "a")
        self.second = self.village.does("accepted", [self.first])
        self.offered = leaf(append(self.stored, self.second), "b", "a")
        self.standing = {self.village.name: Standing("k3m7q", "village")}

    def judge(self, offered=None, *, stored=None, database=HOME, writers="", above=False):
        offerer = Offerer("石桥村", self.standing if writers == "" else writers, above)
        stored = [self.stored] if stored is None else stored
        return judge(stored, offered or self.offered, offerer, database=database)

    def body(self, **members):
        """The offered document with members of its body changed."""
        return leaf(canonical({**parse_object(self.offered.body), **members}), "b", "a")

    def log(self, *events):
        """A document of these events, folded as it ought to be."""
        return leaf(folded_body(1, "case", map(read_event, events)), "b", "a")


def refused(verdict, *words):
    return isinstance(verdict, SetAside) and all(word in verdict.reason for word in words)


def test_an_honest_step_is_accepted():
    scene = Scene()
    assert scene.judge() == Accept()
    assert scene.judge(scene.stored, stored=[]) == Accept()


@pytest.mark.parametrize(
    "database", ["station_other", "blobs_k3m7q", "voice_k3m7q", "staff_k3m7q", "public", "junk", "_users"]
)
def test_a_case_belongs_in_its_own_station_only(database):
    assert refused(Scene().judge(database=database))


def test_an_event_removed_or_altered_is_refused():
    scene = Scene()
    third = scene.village.does("noted", [scene.first, scene.second])
    held = leaf(append(scene.offered, third), "c", "b", "a")
    shrunk = leaf(scene.offered.body, "d", "c", "b", "a")
    assert refused(scene.judge(shrunk, stored=[held]), "only grow")
    altered = {**scene.second, "note": "改过"}
    assert scene.judge(scene.log(scene.first, altered), stored=[scene.offered]).alarm


def test_an_event_altered_in_place_is_no_longer_what_others_had_seen():
    scene = Scene()
    altered = {**scene.first, "by": "acct:someone"}
    body = {**parse_object(scene.offered.body), "events": [altered, scene.second]}
    assert isinstance(scene.judge(leaf(canonical(body), "b", "a"), stored=[]), SetAside)


def test_two_events_under_one_number_are_an_alarm():
    scene = Scene()
    copied = Writer("village")
    copied.does("received", **RECEIPT)
    twin = copied.does("tolerated", [scene.first])
    verdict = scene.judge(leaf(append(scene.stored, twin), "c", "a"), stored=[scene.offered])
    assert refused(verdict, "two events under one number")
    assert verdict.alarm


def test_nobody_writes_in_anothers_name():
    scene = Scene()
    assert refused(scene.judge(writers={}), "may not carry")
    assert refused(scene.judge(writers={scene.village.name: Standing("other", "village")}), "another station")
    known = {scene.village.name: Standing("k3m7q", "village", frozenset(("0" * 16,)))}
    assert refused(scene.judge(writers=known), "this life")
    assert scene.judge(writers=None) == Accept()


def test_what_its_writer_has_put_its_name_to_anybody_may_carry():
    scene = Scene()
    own, asked = {}, []

    def avowed(sid, event):
        asked.append((sid, event.number))
        return own.get(event.writer)

    def verdict():
        return judge([scene.stored], scene.offered, Offerer("柳河镇", {}, avowed=avowed), database=HOME)

    assert refused(verdict(), "may not carry")
    assert asked == [("k3m7q", 2)]  # what is held already nobody is asked about
    own[scene.village.name] = Standing("k3m7q", "village")
    assert verdict() == Accept()
    own[scene.village.name] = Standing("other", "village")
    assert refused(verdict(), "another station")


def test_events_held_already_need_nobodys_name():
    scene = Scene()
    scene.standing = {"aaaaaaaaaaaaaaaa": Standing("k3m7q", "village")}
    assert scene.judge(stored=[scene.offered]) == Accept()


def test_a_township_may_write_in_its_villages_cases_and_a_village_in_no_other():
    scene = Scene()
    township = Writer("township", "township")
    accepted = leaf(append(scene.stored, township.does("accepted", [scene.first])), "c", "a")
    assert scene.judge(accepted, writers={township.name: Standing("t9", "township")}) == Accept()
    assert refused(scene.judge(accepted, writers={township.name: Standing("k3m7q", "village")}), "may not act as")


def test_an_act_beyond_the_level_is_refused_even_though_it_would_have_no_effect():
    scene = Scene()
    overreach = scene.village.does("approved", [scene.first, scene.second])
    verdict = scene.judge(scene.log(scene.first, scene.second, overreach))
    assert refused(verdict, "approved is beyond the village")
    settled = scene.village.does("settled", [scene.first, scene.second], status="approved")
    assert refused(scene.judge(scene.log(scene.first, scene.second, settled)), "beyond")


def test_fixed_fields_and_the_folds_own_words_are_not_set_by_later_events():
    scene = Scene()
    for fields in ({"deciding_level": "village"}, {"received_at": RECEIPT["received_at"]}, {"status": "approved"}):
        forged = scene.village.does("corrected", [scene.first, scene.second], **fields)
        assert refused(scene.judge(scene.log(scene.first, scene.second, forged)), "may not set")
        scene = Scene()


def test_a_chain_that_does_not_fit_is_refused():
    scene = Scene()
    broken = {**scene.second, "previous": "x" * 43}
    assert refused(scene.judge(scene.log(scene.first, broken)), "does not follow")


def test_a_writers_own_clock_never_goes_back():
    scene = Scene()
    back = {**scene.second, "order": scene.first["order"], "writer": scene.second["writer"]}
    assert refused(scene.judge(scene.log(scene.first, back)), "does not follow")


ITEM = {
    "code": "990281-21",
    "name": "最低生活保障申请",
    "department": "民政",
    "subjects": "家庭",
    "materials": [],
    "statutory": None,
    "promise": None,
    "village_role": "受",
    "decides": "县",
    "fields": [
        {"name": name, "label": name, "kind": "text", "required": True, "max_length": 50}
        for name in ("applicant_name", "id_number", "phone")
    ],
}


def test_a_case_that_claims_powers_its_item_does_not_give_is_refused_where_the_item_is_known():
    (item,) = load_items(canonical({"notice": "示例", "items": [ITEM]}))
    fields = {**RECEIPT, "tolerable": False, "item": item.code, "item_version": 1}

    def find(code, version):
        return item if (code, version) == (item.code, 1) else None

    for claim, expected in (({}, Accept), ({"deciding_level": "village"}, SetAside), ({"item_version": 2}, Accept)):
        village = Writer("village")
        document = leaf(append(None, village.does("received", **{**fields, **claim})), "a")
        offerer = Offerer("x", {village.name: Standing("k3m7q", "village")})
        assert isinstance(judge([], document, offerer, database=HOME, items=powers_of(find)), expected)


def test_an_event_that_saw_what_is_not_there_is_refused():
    scene = Scene()
    body = {**parse_object(scene.offered.body), "events": [scene.second]}
    assert isinstance(scene.judge(leaf(canonical(body), "b", "a"), stored=[]), SetAside)


@pytest.mark.parametrize(
    "members",
    [
        {"state": {"status": "approved"}},
        {"disputes": [{"field": "phone"}]},
        {"type": "person"},
        {"colour": "red"},
        {"fold": 0},
        {"fold": "1"},
        {"events": []},
    ],
)
def test_a_body_that_is_not_what_its_events_amount_to_is_refused(members):
    scene = Scene()
    assert isinstance(scene.judge(scene.body(**members)), SetAside)


def test_events_out_of_order_or_twice_are_refused():
    scene = Scene()
    for events in ([scene.second, scene.first], [scene.first, scene.first, scene.second]):
        assert isinstance(scene.judge(scene.body(events=events)), SetAside)


def test_floats_are_refused_wherever_they_stand():
    scene = Scene()
    body = parse_object(scene.offered.body)
    for member in ("state", "events"):
        changed = parse_object(scene.offered.body)
        if member == "state":
            changed["state"]["fee"] = 1.0
        else:
            changed["events"][0]["number"] = 1.0
        assert isinstance(scene.judge(leaf(dump(changed), "b", "a")), SetAside)
    newer = {**body, "fold": 7, "weight": 1.5}
    assert isinstance(scene.judge(leaf(dump(newer), "b", "a")), SetAside)


@pytest.mark.parametrize("body", [b"[]", b"{", b"null", b'{"type":"case"}', b'{"a":' * 2000])
def test_what_is_no_record_is_refused(body):
    assert isinstance(Scene().judge(leaf(body, "b", "a")), SetAside)


def test_sizes_are_bounded():
    scene = Scene()
    assert refused(scene.judge(leaf(b'{"a":"' + b"x" * 1024 * 1024 + b'"}', "b", "a")), "at most")


def test_attachments_design_documents_and_unknown_ids_are_refused():
    scene = Scene()
    photo = Attachment("p.jpg", "image/jpeg", "md5-x", 1, 1, b"x")
    assert refused(scene.judge(Document(CASE, scene.offered.path, scene.offered.body, (photo,))), "chunks")
    for doc_id in ("_design/x", "note", "case:other-x"):
        assert isinstance(scene.judge(leaf(scene.offered.body, "b", "a", doc_id=doc_id)), SetAside)


def test_a_newer_language_passes_with_what_can_be_checked_of_it():
    scene = Scene()
    newer = scene.body(fold=7, colour="red", state={"status": "unheard_of"})
    assert scene.judge(newer) == Accept()
    assert refused(scene.judge(newer, writers={}), "may not carry")
    shrunk = leaf(canonical({**parse_object(scene.stored.body), "fold": 7}), "c", "b", "a")
    assert refused(scene.judge(shrunk, stored=[newer]), "only grow")


def test_a_record_type_nobody_here_knows_is_kept_and_chained():
    village = Writer("village")
    event = village.does("sown", crop="稻")
    body = canonical({"type": "harvest", "fold": 1, "events": [event], "state": {"crop": "稻"}, "disputes": []})
    document = leaf(body, "a", doc_id="harvest:k3m7q-x")
    known = Offerer("石桥村", {village.name: Standing("k3m7q", "village")})
    assert judge([], document, known, database=HOME) == Accept()
    assert isinstance(judge([], document, Offerer("x", {}), database=HOME), SetAside)


def test_a_record_is_not_deleted_but_a_merge_buries_what_stands_elsewhere():
    scene = Scene()
    assert refused(scene.judge(leaf(b"{}", "b", "a", deleted=True)), "not deleted")
    township = Writer("township", "township")
    other = leaf(append(scene.stored, township.does("noted", [scene.first])), "c", "a")
    merged = merge([scene.offered, other])
    (tombstone,) = merged.tombstones
    assert refused(scene.judge(tombstone, stored=[scene.offered, other]), "bury")
    assert scene.judge(merged.document, stored=[scene.offered, other]) == Accept()
    staying = [leaf for leaf in (scene.offered, other) if not merged.document.path.knows(leaf.revision)]
    assert scene.judge(tombstone, stored=[merged.document, *staying]) == Accept()
    with_words = Document(CASE, tombstone.path, b'{"why":"x"}')
    assert refused(scene.judge(with_words, stored=[merged.document, *staying]), "empty")


def test_a_record_has_no_more_leaves_than_merges_leave_but_whoever_stands_upon_one_may_always_come():
    scene = Scene()
    live = [Document(CASE, Branch(1, (f"{at:032}",)), scene.stored.body) for at in range(MOST_LIVE_LEAVES)]
    one_more = leaf(scene.stored.body, "f")
    assert scene.judge(one_more, stored=live[1:]) == Accept()
    assert refused(scene.judge(one_more, stored=live), "not merged yet")
    merged = merge(live)
    tombstones = list(merged.tombstones)
    assert [scene.judge(each, stored=live) for each in tombstones] == [Accept()] * (MOST_LIVE_LEAVES - 1)
    assert scene.judge(one_more, stored=[merged.document, *tombstones]) == Accept()
    buried = [Document(CASE, Branch(1, (f"{at:032}",), True), b"{}") for at in range(MOST_LEAVES - 1)]
    full = [scene.stored, *buried]
    assert refused(scene.judge(one_more, stored=full), "leaves")
    assert refused(scene.judge(leaf(b"{}", "f", deleted=True), stored=full), "leaves")
    assert scene.judge(stored=full) == Accept()


def test_public_and_staff_are_written_from_above_only():
    scene = Scene()
    item = Document("item:21", Branch(1, ("a" * 32,)), b'{"name":"x"}')
    for database in ("public", "staff_t1"):
        assert refused(scene.judge(item, stored=[], database=database), "above")
        assert scene.judge(item, stored=[], database=database, above=True) == Accept()
        priced = Document("item:21", item.path, b'{"fee":1.5}')
        assert isinstance(scene.judge(priced, stored=[], database=database, above=True), SetAside)


def chunk(content=b"photo", **changes):
    digest = sha256_hex(content)
    revision = content_revision(digest)
    given = {"id": f"chunk:{digest}", "path": Branch(1, (revision.digest,)), "body": chunk_body(content), **changes}
    return Document(given["id"], given["path"], given["body"])


PHOTO = sha256_hex(b"photo")


def chunk_list(media_type="image/jpeg", size=5, chunks=(PHOTO,), **extra):
    body = {**blob_list(media_type, size, chunks), **extra}
    root = blob_root(body)
    return Document(f"blob:{root}", Branch(1, (content_revision(root).digest,)), canonical(body))


def test_chunks_and_lists_are_accepted_from_anyone_when_they_are_what_they_say():
    stranger = Offerer("anyone", {})
    for document in (chunk(), chunk(b""), chunk(bytes(16384)), chunk_list(), chunk_list(size=0, chunks=())):
        assert judge([], document, stranger, database="blobs_k3m7q") == Accept()


@pytest.mark.parametrize(
    "document",
    [
        chunk(body=chunk_body(b"other")),
        chunk(body=b'{"data":"cGhvdG8=","x":1}'),
        chunk(body=b'{"data":"cGhvdG8"}'),
        chunk(body=b'{"data":"cGhvdG9="}'),
        chunk(body=b'{"data":7}'),
        chunk(body=b"[]"),
        chunk(path=Branch(1, ("a" * 32,))),
        chunk(path=Branch(2, ("a" * 32, sha256_hex(b"photo")[:32]))),
        chunk(path=Branch(1, (sha256_hex(b"photo")[:32],), True)),
        chunk(id="chunk:" + "0" * 64),
        chunk(id="note:1"),
        chunk_list(size=-1),
        chunk_list(size=True),
        chunk_list(size=16385),
        chunk_list(size=0),
        chunk_list(media_type=""),
        chunk_list(chunks=("x",)),
        chunk_list(chunks=("a" * 64,) * 8193, size=8193),
        chunk_list(colour="red"),
    ],
)
def test_chunks_and_lists_that_are_not_what_they_say_are_refused(document):
    assert isinstance(judge([], document, Offerer("anyone", None), database="blobs_k3m7q"), SetAside)


def test_a_chunk_too_long_is_refused():
    content = bytes(16385)
    digest = sha256_hex(content)
    body = canonical({"data": base64.b64encode(content).decode()})
    document = Document(f"chunk:{digest}", Branch(1, (digest[:32],)), body)
    assert refused(judge([], document, Offerer("anyone", None), database="blobs_k3m7q"), "at most 16384")
