"""People at a station: registered once, found, corrected, related, merged; and what a screen shows of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from edge_node.services.found_station import found_station
from fixtures.catalogue import bring_county
from fixtures.county import county
from sync.errors import Forbidden, Invalid, NotFound
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Request, request_of
from sync.node.lanes import Lane
from sync.node.lists.record_index import index_record
from sync.node.lists.tending import tend
from sync.node.meeting.enrolment_code import EnrolmentCode
from sync.node.road.backlog import Backlog
from sync.people.card_readings import CardRead
from sync.people.correct_person import correct_person, verify_person
from sync.people.describe_person import describe_person
from sync.people.errors import AlreadyRegistered
from sync.people.find_person import find_person, going_on, person_by_number
from sync.people.give_consent import give_consent, withdraw_consent
from sync.people.keep_household import found_household, join_household, leave_household, make_head
from sync.people.leave_register import move_away, note_death, reinstate_person, void_person
from sync.people.list_people import list_people
from sync.people.merge_people import merge_people
from sync.people.register_person import register_person
from sync.people.relate_people import relate_people, unrelate_people
from sync.people.reveal_person import reveal_person
from sync.people.search_people import search_people
from sync.people.standing_consents import has_consent
from sync.records.check_digits import mod_11_2
from sync.records.clock import beijing
from sync.revisions.tree import Branch
from sync.store.ledger.audit import entries_about
from sync.store.ledger.people import person_row
from sync.store.ledger.people_named import photos_of_people
from sync.values.documents import Document
from sync.values.json_text import parse_object
from tests.unit.edge_node.conftest import SID
from tests.unit.edge_node.registering import told
from tests.unit.edge_node.standing import what_stands

BY = Doer("acct:wang")
BANK = "6222021234567890123"


@pytest.fixture
def node(tmp_path, clock):
    """A village's node and nothing on it."""
    place = county().place("石桥村")
    code = str(EnrolmentCode(SID, "01", "7KXW9RTB2C"))
    made = found_station(
        tmp_path / "village", name=place.name, region=place.code, upstream="http://127.0.0.1:1", code=code, clock=clock
    )
    yield made
    made.close()


def register(node, number=0, **more):
    return parse_object(register_person(node, told(number, **more), BY).body)["id"]


def read_card(person=0, **other):
    """The card of one of the county's people, as it lay on the reader."""
    return CardRead(**{"name": told(person)["name"], "number": told(person)["cert_number"], **other})


def record_of(node, person_id):
    return node.read(lambda reader: find_person(reader, node, person_id))


def today(node):
    return beijing(node.clock()).date()


def agrees(node, person_id, kind, *, item=""):
    def work(reader):
        person = find_person(reader, node, person_id)
        return has_consent(reader, node, person, kind, today(node), item=item)

    return node.read(work)


def test_somebody_is_registered_once_and_found_by_his_paper(node):
    answer = register_person(node, told(source="card"), BY, read=read_card())
    person = parse_object(answer.body)
    assert (answer.status, person["state_name"]) == (201, "在册")
    assert any("省份" in one for one in person["warnings"])  # the sample county's numbers are of no province
    fields = record_of(node, person["id"]).fields
    assert (fields["source"], fields["proof"]) == ("card", "card")
    assert "birthday" not in fields  # the number tells it
    number = county().people[0].id_number
    assert person_by_number(node, "id_card", f" {number.lower()} ").id == person["id"]
    assert person_by_number(node, "passport", number) is None
    with pytest.raises(AlreadyRegistered) as refusal:
        register_person(node, told(phone=""), BY)
    assert refusal.value.members == {"person": person["id"]}


@pytest.mark.parametrize("claimed", [{"source": "card"}, {"proof": "card"}])
@pytest.mark.parametrize("other", [None, {"number": "990281194103150025"}, {"name": "示例张桂兰"}])
def test_that_a_card_was_read_is_believed_only_of_the_card_that_was(node, claimed, other):
    read = read_card(**other) if other else None
    with pytest.raises(Invalid) as refusal:
        register_person(node, told(**claimed), BY, read=read)
    assert [field for field, _ in refusal.value.fields] == list(claimed)
    person = register(node)
    for act in (correct_person, verify_person):
        with pytest.raises(Invalid) as refusal:
            act(node, person, claimed, BY, read=read)
        assert [field for field, _ in refusal.value.fields] == list(claimed)
        act(node, person, claimed, BY, read=read_card())


def test_nobody_can_say_that_a_face_was_compared(node):
    person = register(node)
    for act in (lambda told: register_person(node, told, BY), lambda told: verify_person(node, person, told, BY)):
        with pytest.raises(Invalid) as refusal:
            act({**told(1), "proof": "face"})
        assert [field for field, _ in refusal.value.fields] == ["proof"]


def test_what_is_told_otherwise_than_the_card_had_it_was_not_read_off_it(node):
    person = parse_object(register_person(node, told(source="card"), BY, read=read_card()).body)["id"]
    correct_person(node, person, {"name": told()["name"], "phone": "13812345678"}, BY)
    fields = record_of(node, person).fields
    assert (fields["source"], fields["proof"]) == ("card", "card")
    correct_person(node, person, {"name": "另一名"}, BY)
    fields = record_of(node, person).fields
    assert (fields["source"], fields["proof"]) == ("hand", "unverified")


def test_registering_again_under_the_same_key_is_answered_alike_and_done_once(node):
    by = Doer("acct:wang", request=request_of("wang", "k", told()))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: register_person(node, told(), by), range(4)))
    assert len({answer.body for answer in answers}) == 1
    assert len(list_people(node)["people"]) == 1


def test_everything_wrong_is_told_at_once_and_nothing_is_written(node):
    before = what_stands(node)
    wrong = {
        **told(),
        "name": "",
        "cert_number": "123",
        "phone": "12",
        "bank_account": "x",
        "birthday": "1937-13-01",
        "source": "dream",
        "shoe_size": "44",
    }
    with pytest.raises(Invalid) as refusal:
        register_person(node, wrong, BY)
    assert {field for field, _ in refusal.value.fields} == set(wrong) - {"cert_kind"}
    assert not any("123" in sentence for _, sentence in refusal.value.fields)
    assert what_stands(node) == before


def test_lists_and_pages_show_people_masked(node):
    person_id = register(node, bank_account="6222 0212 3456 7890 123", address="石桥村3组12号")
    (row,) = list_people(node)["people"]
    one = county().people[0]
    assert (row["name"], row["phone"]) == ("李**", f"{one.phone[:3]}****{one.phone[-4:]}")
    assert row["cert_number"] == f"{one.id_number[:3]}***********{one.id_number[-4:]}"
    shown = describe_person(node, person_id, by="acct:wang")
    assert {field["name"]: field["value"] for field in shown["fields"]}["bank_account"] == f"{'*' * 15}0123"
    for secret in (one.name, one.id_number, one.phone, BANK, "12号"):
        assert secret not in str(shown)
    node.engine.write(lambda tx: None)  # behind what was only posted
    assert "person_read" in {one.action for one in node.engine.read(lambda reader: entries_about(reader, person_id))}


def test_seeing_all_of_it_has_a_reason_and_stands_in_the_audit_first(node):
    person_id = register(node, bank_account=BANK)
    shown = reveal_person(node, person_id, by="acct:wang", reason=f"核对 {BANK}")
    assert (shown["fields"]["bank_account"], shown["fields"]["name"]) == (BANK, county().people[0].name)
    (entry,) = [
        one
        for one in node.engine.read(lambda reader: entries_about(reader, person_id))
        if one.action == "identity_revealed"
    ]
    assert BANK not in entry.detail
    with pytest.raises(NotFound):
        reveal_person(node, "person:k3m7q-nobody", by="acct:wang", reason="x")


def test_people_are_found_by_name_sound_initials_and_the_end_of_a_number(node):
    first, second = register(node, 0), register(node, 1)
    one = county().people[0]
    for asked in (one.name, one.name[1:], "liyuee", "lye", "yuee", one.id_number[-4:], one.phone[-5:], one.id_number):
        assert [row["id"] for row in search_people(node, asked)] == [first], asked
    for asked in ("", "李月娥娥", one.id_number[-3:], '" OR *'):
        assert search_people(node, asked) == [], asked
    correct_person(node, first, {"name": "李月"}, BY)
    assert search_people(node, one.name) == []
    void_person(node, second, Doer("acct:wang", "误登"))
    assert search_people(node, county().people[1].name) == []


def test_the_list_stands_in_the_order_of_sound_and_pages_name_nobody(node):
    ids = {register(node, number) for number in range(5)}
    first = list_people(node, limit=3)
    rest = list_people(node, limit=3, cursor=first["next"])
    assert {row["id"] for row in (*first["people"], *rest["people"])} == ids
    assert rest["next"] is None
    names = [row["name"][0] for row in (*first["people"], *rest["people"])]
    assert names == sorted(names, key=lambda one: {"李": "li", "孙": "sun", "郭": "guo", "张": "zhang"}.get(one, one))
    assert list_people(node, station="elsewhere")["people"] == []


def test_what_is_corrected_and_verified_is_known_so(node):
    person_id, other = register(node, 0), register(node, 1)
    correct_person(node, person_id, {"phone": "15400000001", "address": ""}, BY)
    verify_person(node, person_id, {"phone": "15400000002", "proof": "manual"}, BY)
    shown = {field["name"]: field for field in describe_person(node, person_id, by="x")["fields"]}
    assert (shown["phone"]["verified"], shown["proof"]["value"]) == (True, "人工核验")
    with pytest.raises(AlreadyRegistered):
        correct_person(node, person_id, {"cert_number": county().people[1].id_number}, BY)
    with pytest.raises(Invalid):
        correct_person(node, person_id, {"name": "", "phone": "1"}, BY)
    with pytest.raises(Invalid):
        correct_person(node, person_id, {}, BY)
    correct_person(node, person_id, {"cert_number": county().people[2].id_number}, BY)
    assert person_by_number(node, "id_card", county().people[0].id_number) is None
    assert person_by_number(node, "id_card", county().people[1].id_number).id == other


def test_a_head_leaves_a_household_with_others_in_it_only_after_another_is_its_head(node):
    head, spouse, elsewhere = (register(node, number) for number in range(3))
    found_household(node, head, BY)
    join_household(node, spouse, head, "spouse", BY)
    found_household(node, elsewhere, BY)
    for leave in (
        lambda: leave_household(node, head, BY),
        lambda: join_household(node, head, elsewhere, "parent", BY),
    ):
        with pytest.raises(Invalid) as refusal:
            leave()
        ((field, sentence),) = refusal.value.fields
        assert field == "action"
        assert "变更为户主" in sentence
    make_head(node, spouse, BY, role="spouse")  # as the sentence says
    leave_household(node, head, BY)
    assert describe_person(node, head, by="x")["household"] == []
    leave_household(node, spouse, BY)  # the last one leaves nobody behind


def test_the_head_of_a_household_cannot_be_something_else_in_it_and_nobody_joins_by_himself(node):
    head, spouse = (register(node, number) for number in range(2))
    found_household(node, head, BY)
    join_household(node, spouse, head, "spouse", BY)
    for who, member, place in ((head, spouse, "role"), (head, head, "with"), (spouse, spouse, "with")):
        with pytest.raises(Invalid) as refusal:
            join_household(node, who, member, "child", BY)
        assert [field for field, _ in refusal.value.fields] == [place]
    join_household(node, spouse, head, "other", BY)  # what he is to the head was told wrongly
    join_household(node, head, spouse, "head", BY)
    roles = [describe_person(node, one, by="x")["household_role"] for one in (head, spouse)]
    assert roles == ["head", "other"]


@pytest.mark.parametrize("role", ["child", "spouse"])
def test_whoever_founds_a_household_is_its_head(node, role):
    with pytest.raises(Invalid):
        found_household(node, register(node), BY, role=role)


def test_a_household_gets_another_head_by_one_act_one_event_of_each_of_the_two(node):
    head, child, other = (register(node, number) for number in range(3))
    found_household(node, head, BY)
    for one in (child, other):
        join_household(node, one, head, "child", BY)
    before = {one: len(describe_person(node, one, by="x")["log"]) for one in (head, child, other)}
    for wrong in ("", "head", "cousin"):
        with pytest.raises(Invalid):
            make_head(node, child, BY, role=wrong)
    why = Doer(by="acct:wang", reason="父亲年事已高", request=Request("wang", "head", b"1"))
    assert not make_head(node, child, why, role="parent").replayed
    assert make_head(node, child, why, role="parent").replayed  # sent again it is done once
    told = {one: describe_person(node, one, by="x") for one in (head, child, other)}
    assert {one: told[one]["household_role"] for one in told} == {head: "parent", child: "head", other: "child"}
    assert {one: len(told[one]["log"]) - before[one] for one in told} == {head: 1, child: 1, other: 0}
    assert {told[one]["log"][-1]["note"] for one in (head, child)} == {"父亲年事已高"}
    assert [told[one]["log"][-1]["fields"] for one in (head, child)] == [["父母"], ["户主"]]
    with pytest.raises(Invalid):
        make_head(node, child, BY, role="parent")  # is it already
    leave_household(node, head, BY)
    with pytest.raises(Invalid):
        make_head(node, head, BY, role="child")  # of none


def test_where_the_head_died_a_member_becomes_it_and_nobody_is_asked_what_the_dead_is(node):
    head, spouse = (register(node, number) for number in range(2))
    found_household(node, head, BY)
    join_household(node, spouse, head, "spouse", BY)
    note_death(node, head, BY)
    make_head(node, spouse, BY)
    assert describe_person(node, spouse, by="x")["household_role"] == "head"
    assert describe_person(node, head, by="x")["log"][-1]["type"] == "died"


def test_a_head_who_died_leaves_and_those_who_are_gone_keep_nobody(node):
    head, spouse = (register(node, number) for number in range(2))
    found_household(node, head, BY)
    join_household(node, spouse, head, "spouse", BY)
    note_death(node, head, BY)
    leave_household(node, spouse, BY)  # whom the head left behind before, but for nobody
    leave_household(node, head, BY)


def test_a_household_is_founded_joined_and_left(node):
    head, spouse, child = (register(node, number) for number in range(3))
    with pytest.raises(Invalid, match="填写有误"):
        join_household(node, spouse, head, "spouse", BY)
    found_household(node, head, BY)
    join_household(node, spouse, head, "spouse", BY)
    join_household(node, child, spouse, "child", BY)
    shown = describe_person(node, child, by="x")
    assert {row["household_role_name"] for row in shown["household"]} == {"户主", "配偶"}
    for role in ("head", "cousin"):
        with pytest.raises(Invalid):
            join_household(node, child, head, role, BY)
    with pytest.raises(Invalid):  # sent once more, it would tear the head from the others
        found_household(node, head, BY)
    leave_household(node, child, BY)
    assert len(describe_person(node, head, by="x")["household"]) == 1
    with pytest.raises(Invalid):
        leave_household(node, child, BY)


def test_five_relations_live_at_a_time_and_each_ends_on_its_day(node, clock):
    parent, *children = (register(node, number) for number in range(7))
    for child in children[:5]:
        relate_people(node, parent, child, BY, kind="other", until="2026-01-01")
    with pytest.raises(Invalid) as refusal:
        relate_people(node, parent, children[5], BY, kind="other", until="2026-01-01")
    assert "最多 5 人" in refusal.value.fields[0][1]
    relate_people(node, parent, children[0], BY, kind="guardian", until="2026-06-01")  # the same one, told anew
    unrelate_people(node, parent, children[1], BY)
    relate_people(node, parent, children[5], BY, kind="other", until="2026-01-01")
    clock.now_ms += 200 * 86_400_000
    shown = {one["person"]: one["stands"] for one in describe_person(node, parent, by="x")["relations"]}
    assert shown == {**dict.fromkeys((*children[2:5], children[5]), False), children[0]: True}
    for wrong in ({"kind": "boss"}, {"until": "2020-01-01"}, {"until": "soon"}):
        with pytest.raises(Invalid):
            relate_people(node, parent, children[5], BY, **{"kind": "other", "until": "2027-01-01", **wrong})
    with pytest.raises(NotFound):
        relate_people(node, parent, "person:k3m7q-nobody", BY, kind="other", until="2027-01-01")


def test_a_consent_stands_until_it_ends_or_is_taken_back(node, clock):
    bring_county(node)
    person_id, item = register(node), county().items[0].code
    give_consent(node, person_id, "processing", BY, means="signature")
    errand = {"item": item, "agent": "王代办", "scope": "代交材料"}
    give_consent(node, person_id, "errand", BY, means="fingerprint", until="2025-12-31", errand=errand)
    assert agrees(node, person_id, "processing")
    assert agrees(node, person_id, "errand", item=item)
    assert not agrees(node, person_id, "errand", item="another")
    clock.now_ms += 120 * 86_400_000
    assert not agrees(node, person_id, "errand", item=item)
    withdraw_consent(node, person_id, "processing", BY)
    assert not agrees(node, person_id, "processing")
    told = {one["kind_name"]: one for one in describe_person(node, person_id, by="x")["consents"]}
    assert (told["办件信息处理同意"]["state_name"], told["代办委托"]["state_name"]) == ("已撤回", "已到期")
    assert told["代办委托"]["agent"] == "王**"
    with pytest.raises(Invalid):
        withdraw_consent(node, person_id, "processing", BY)
    with pytest.raises(Invalid) as refusal:
        give_consent(node, person_id, "errand", BY, means="nod", errand={"item": "no", "agent": ""})
    assert {field for field, _ in refusal.value.fields} == {"means", "until", "item", "agent"}


def test_who_left_the_register_may_come_back_with_a_reason(node):
    person_id = register(node)
    move_away(node, person_id, BY)
    note_death(node, person_id, BY)
    with pytest.raises(Forbidden):
        move_away(node, person_id, BY)
    with pytest.raises(Invalid):
        reinstate_person(node, person_id, BY)
    reinstate_person(node, person_id, Doer("acct:wang", "同名误报"))
    assert [row["state"] for row in list_people(node)["people"]] == ["registered"]
    assert [one["name"] for one in describe_person(node, person_id, by="x")["log"]] == [
        "登记",
        "迁出",
        "身故",
        "恢复在册",
    ]


def test_what_was_agreed_to_as_another_counts_and_is_taken_back_at_the_one_that_remains(node, clock):
    bring_county(node)
    kept, other, item = register(node, 0), register(node, 1), county().items[0].code
    give_consent(node, kept, "sensitive", BY, means="oral")
    clock.now_ms += 1000
    for kind in ("processing", "sensitive"):
        give_consent(node, other, kind, BY, means="signature")
    errand = {"item": item, "agent": "王代办"}
    give_consent(node, other, "errand", BY, means="signature", until="2026-01-01", errand=errand)
    assert not agrees(node, kept, "processing")
    merge_people(node, other, kept, BY)
    assert agrees(node, kept, "processing")
    assert agrees(node, kept, "errand", item=item)
    shown = {one["kind"]: one for one in describe_person(node, kept, by="x")["consents"]}
    assert shown["sensitive"]["means_name"] == "签字"  # of two the later
    clock.now_ms += 1000
    withdraw_consent(node, kept, "processing", BY)
    withdraw_consent(node, kept, "errand", BY, item=item)
    assert not agrees(node, kept, "processing")
    with pytest.raises(Invalid):
        withdraw_consent(node, kept, "processing", BY)
    states = {one["kind"]: one["state"] for one in describe_person(node, kept, by="x")["consents"]}
    assert states == {"processing": "withdrawn", "sensitive": "stands", "errand": "withdrawn"}


def test_who_is_named_as_a_relative_is_shown_by_whom(node, clock):
    parent, child, twice = (register(node, number) for number in range(3))
    relate_people(node, parent, child, BY, kind="child", until="2026-01-01")
    relate_people(node, child, twice, BY, kind="guardian", until="2026-01-01")
    (told,) = describe_person(node, child, by="x")["named_by"]
    assert (told["person"], told["kind_name"], told["stands"]) == (parent, "子女", True)
    merge_people(node, twice, parent, BY)  # whom the child named goes on as the parent
    (told,) = describe_person(node, parent, by="x")["named_by"]
    assert (told["person"], told["kind_name"]) == (child, "监护人")
    clock.now_ms += 200 * 86_400_000
    assert [one["stands"] for one in describe_person(node, parent, by="x")["named_by"]] == [False]
    unrelate_people(node, child, twice, BY)
    assert describe_person(node, parent, by="x")["named_by"] == []


def test_two_registrations_of_one_person_go_on_as_one(node):
    kept, other = register(node, 0), register(node, 1)
    merge_people(node, other, kept, BY)
    with pytest.raises(Forbidden, match="已经并入"):
        correct_person(node, other, {"phone": "15400000001"}, BY)
    assert person_by_number(node, "id_card", county().people[1].id_number).id == kept
    shown = describe_person(node, kept, by="x")
    assert (shown["also"], describe_person(node, other, by="x")["going_on_as"]) == ([other], kept)
    for person_id, into in ((kept, other), (kept, kept)):
        with pytest.raises(Invalid):
            merge_people(node, person_id, into, BY)
    reinstate_person(node, other, Doer("acct:wang", "不是同一人"))
    assert person_by_number(node, "id_card", county().people[1].id_number).id == other


def test_whose_paper_was_registered_anew_since_he_was_made_void_is_not_reinstated(node):
    person_id = register(node, 0)
    void_person(node, person_id, Doer("acct:wang", "登记错人"))
    again = register(node, 0)
    assert again != person_id
    with pytest.raises(AlreadyRegistered) as refused:
        reinstate_person(node, person_id, Doer("acct:wang", "误报"))
    assert refused.value.person == again
    void_person(node, again, Doer("acct:wang", "重复登记"))
    reinstate_person(node, person_id, Doer("acct:wang", "误报"))
    assert person_by_number(node, "id_card", county().people[0].id_number).id == person_id


def test_two_that_were_merged_into_each_other_unseen_go_on_as_one_at_every_node(node):
    one, other = register(node, 0), register(node, 1)
    merge_people(node, one, other, BY)
    # What arrives from a node that did not know: the other had been merged into the first.
    node.write(lambda tx: tx.execute("UPDATE people SET status = 'merged', merged_into = ? WHERE id = ?", (one, other)))
    rows = [node.engine.read(lambda reader, who=who: person_row(reader, who)) for who in (one, other)]
    assert {node.engine.read(lambda reader, row=row: going_on(reader, row)).id for row in rows} == {min(one, other)}


def test_the_list_is_built_anew_from_the_records_alone(node):
    ids = [register(node, number) for number in range(3)]
    relate_people(node, ids[0], ids[1], BY, kind="child", until="2026-01-01")
    photo = {"blob": "ab" * 32, "type": "image/jpeg", "size": 1}
    give_consent(node, ids[0], "processing", BY, means="signature", file=lambda tx: [photo])
    before = list_people(node)

    def empty(tx):
        for table in ("people", "found_people", "people_words", "person_ties", "person_photos"):
            tx.execute(f"DELETE FROM {table}")
        tx.execute("DELETE FROM followed WHERE follower = 'tending'")

    shown, named_by = describe_person(node, ids[0], by="x"), describe_person(node, ids[1], by="x")["named_by"]
    node.write(empty)
    assert list_people(node)["people"] == []
    told = describe_person(node, ids[0], by="x")
    assert told | {"relations": shown["relations"]} == shown  # by the record alone, but for others' names
    tend(node, [SID])
    assert describe_person(node, ids[1], by="x")["named_by"] == named_by != []
    assert node.engine.read(lambda reader: photos_of_people(reader, SID)) == {photo["blob"]}
    assert list_people(node) == before
    assert [row["id"] for row in search_people(node, county().people[1].name)] == [ids[1]]


def test_what_is_no_person_is_passed_over(node):
    broken = Document("person:k3m7q-x", Branch(1, ("a" * 32,)), b'{"type":"person"}')
    node.write(lambda tx: index_record(tx, broken, now_ms=node.clock()))
    assert list_people(node)["people"] == []


def test_what_waits_for_the_node_above_counts_cases_alone_and_weighs_all(node):
    register(node)
    weight = Backlog(node).weigh()[Lane.RECORDS]
    assert weight.things == 0
    assert weight.bytes > 200


@pytest.mark.parametrize(
    ("kind", "own", "others", "fits"),
    [
        ("parent", "19600101", "19400101", True),
        ("parent", "19400101", "19600101", False),  # the wrong way round
        ("child", "19400101", "19600101", True),
        ("child", "19600101", "19400101", False),
        ("parent", "19520101", "19400101", True),
        ("parent", "19520101", "19400102", False),  # a day less than twelve years
        ("spouse", "19700101", "19400101", True),
        ("guardian", "20100101", "20150101", True),  # whoever that may be is a court's business
    ],
)
def test_a_parent_is_older_than_the_child_by_what_that_takes(node, kind, own, others, fits):
    def born(day, name):
        number = f"990281{day}001"
        paper = {"cert_kind": "id_card", "cert_number": number + mod_11_2(number), "name": name}
        return parse_object(register_person(node, paper, BY).body)["id"]

    person, other = born(own, "甲"), born(others, "乙")
    if fits:
        relate_people(node, person, other, BY, kind=kind, until="2026-12-31")
    else:
        with pytest.raises(Invalid) as refusal:
            relate_people(node, person, other, BY, kind=kind, until="2026-12-31")
        assert refusal.value.fields == (("kind", "父母至少要比子女大 12 岁，请核对是不是填反了"),)


def test_where_a_birthday_is_not_known_nothing_is_said_of_ages(node):
    passport = {"cert_kind": "passport", "cert_number": "E12345678", "name": "丙"}
    other = parse_object(register_person(node, passport, BY).body)["id"]
    relate_people(node, register(node), other, BY, kind="parent", until="2026-12-31")
