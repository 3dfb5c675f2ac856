"""少填少报: what the register knows is not asked again, a paper on file is not brought again; and both are counted."""

import pytest

from edge_node.pictures.fitter import Fitter
from edge_node.services.keep_originals import Originals
from edge_node.services.prepare_application import Application, Material, Photo
from edge_node.services.receive_application import receive_application
from edge_node.services.take_parts import Taking
from edge_node.services.take_photos import PhotoIntake, as_they_come
from fixtures.applications import sample_fields, sample_materials
from fixtures.county import county
from sync.casework.find_case import find_case
from sync.casework.read_case import read_case
from sync.casework.show_material import show_material
from sync.casework.withdraw_case import withdraw_case
from sync.errors import Invalid
from sync.node.acts.acting import Doer
from sync.people.keep_household import found_household, join_household
from sync.people.known_fields import known_fields
from sync.people.leave_register import note_death
from sync.people.materials_on_file import materials_on_file
from sync.people.merge_people import merge_people
from sync.people.register_person import register_person
from sync.records.ids import blobs_database
from sync.store.ledger.let_go import stays_until
from sync.store.ledger.people import cases_of_person
from sync.typed import replace
from sync.values.json_text import parse_object
from tests.unit.edge_node.applications import JPEG, png
from tests.unit.edge_node.registering import told

BY = Doer("acct:wang")
BANK = "6222021234567890123"
DAY_MS = 86_400_000
FIRST, SECOND = "特困人员救助供养", "残疾人证申领"  # both ask for an identity card


@pytest.fixture
def node(station):
    return station.node


def item(name):
    return next(one for one in county().items if name in one.name)


def register(node, number=0, **more):
    return parse_object(register_person(node, told(number, **more), BY).body)["id"]


def application(name, number=0, *, photos=(), on_file="", **more):
    wanted, person = item(name), county().people[number]
    papers = [Material(paper) for paper in sample_materials(wanted)]
    at = next(place for place, paper in enumerate(papers) if paper.name == "身份证")
    papers[at] = replace(papers[at], photos=tuple(map(Photo, photos)), on_file=on_file)
    return Application(wanted.code, sample_fields(wanted, person, number=number), tuple(papers), **more)


def take(node, told):
    photos = as_they_come(node, largest_bytes=5 << 20)
    answer = receive_application(node, node.catalogue.items(), told, Taking("acct:wang", None, photos))
    return parse_object(answer.body)


def case_of(node, case_id):
    return node.read(lambda reader: find_case(reader, node, case_id))


def blobs(node):
    return node.documents.database(blobs_database(node.identity.sid)).info().update_seq


def test_the_register_fills_in_what_forms_ask_for(node):
    person = register(node, bank_account=BANK, address="石桥村3组12号")
    one, wanted = county().people[0], item("高龄津贴")
    assert known_fields(node, person, wanted) == {
        "applicant_name": one.name,
        "id_number": one.id_number,
        "phone": one.phone,
        "address": "石桥村3组12号",
        "bank_card": BANK,
    }
    spouse = register(node, 1)
    found_household(node, person, BY)
    join_household(node, spouse, person, "spouse", BY)
    for name, value in (("household_size", "2"), ("spouse_name", county().people[1].name)):
        asking = next(one for one in county().items if name in {field.name for field in one.fields})
        assert known_fields(node, person, asking)[name] == value
    merge_people(node, spouse, person, BY)
    assert known_fields(node, spouse, wanted)["id_number"] == one.id_number
    note_death(node, person, BY)
    assert known_fields(node, person, wanted) == {}


def test_a_case_knows_its_person_and_counts_only_what_is_really_known(node):
    person = register(node)
    told = application("高龄津贴", person=person, prefilled=("applicant_name", "id_number", "phone", "address", "x"))
    told = replace(told, fields={**told.fields, "phone": "15499999999"})
    case = take(node, told)["id"]
    fields = case_of(node, case).fields
    assert (fields["person"], fields["prefilled"]) == (person, ["applicant_name", "id_number"])
    shown = read_case(node, node.catalogue.items(), case, by="acct:wang")
    assert shown["spared"] == {"filled": 2, "waived": 0, "sentence": "预填 2 项"}
    # Whoever registered is found by the number on the form, too; whoever did not has no person.
    assert case_of(node, take(node, application("高龄津贴"))["id"]).fields["person"] == person
    assert "person" not in case_of(node, take(node, application("高龄津贴", 1))["id"]).fields


def test_somebody_else_or_somebody_who_died_cannot_apply(node):
    register(node, 0)
    other = register(node, 1)
    for person in (other, "person:k3m7q-nobody", "person:other-nobody", "x"):
        with pytest.raises(Invalid) as refusal:
            take(node, application("高龄津贴", 0, person=person))
        assert [field for field, _ in refusal.value.fields] == ["person"]
    note_death(node, other, BY)
    with pytest.raises(Invalid):
        take(node, application("高龄津贴", 1, person=other))
    with pytest.raises(Invalid) as refusal:
        take(node, application("高龄津贴", 1))
    assert [field for field, _ in refusal.value.fields] == ["fields.id_number"]


def test_a_paper_on_file_is_taken_over_and_not_stored_again(node):
    first = take(node, application(FIRST, photos=(JPEG, png())))  # before anybody was registered
    person = register(node)
    (name,) = found = materials_on_file(node, person, item(SECOND))
    assert (name, found[name].case_id, found[name].receipt_number) == ("身份证", first["id"], first["receipt_number"])
    before = blobs(node)
    second = take(node, application(SECOND, person=person, on_file=first["id"]))
    assert blobs(node) == before
    assert second["custody"]["sentence"] == "已到村站（材料 2/2）"
    shown = read_case(node, node.catalogue.items(), second["id"], by="acct:wang")
    assert shown["spared"] == {"filled": 0, "waived": 1, "sentence": "免交 1 份"}
    (paper,) = [one for one in shown["materials"] if one["photos"]]
    assert ([photo["held"] for photo in paper["photos"]], paper["on_file"]) == ([True, True], first["id"])
    assert show_material(node, second["id"], 1, by="acct:wang").content == JPEG
    # While the letting go of photos may be under way, those of the first case stay.
    assert node.read(lambda reader: stays_until(reader, first["id"])) > node.clock()
    # The paper is on file where it was handed in, and not younger for having been taken over.
    assert materials_on_file(node, person, item(SECOND))["身份证"].case_id == first["id"]


def test_a_paper_on_file_is_not_taken_over_for_another_or_when_it_is_old_or_taken_back(node, clock):
    first = take(node, application(FIRST, photos=(JPEG,)))["id"]
    person, other = register(node, 0), register(node, 1)
    assert materials_on_file(node, other, item(SECOND)) == {}
    assert materials_on_file(node, person, item(SECOND), most_days=0) == {}
    refused = (
        application(SECOND, 1, person=other, on_file=first),
        application(SECOND, 1, on_file=first),
        application(SECOND, 0, person=person, on_file="case:k3m7q-another"),
        application(SECOND, 2, on_file=first),
        application(SECOND, 0, person=person, on_file=first, photos=(JPEG,) * 20),
    )
    for one in refused:
        with pytest.raises(Invalid) as refusal:
            take(node, one)
        assert all(field.endswith(".on_file") for field, _ in refusal.value.fields)
    clock.now_ms += 367 * DAY_MS
    assert materials_on_file(node, person, item(SECOND)) == {}
    clock.now_ms -= 367 * DAY_MS
    withdraw_case(node, first, Doer("acct:wang", "本人要求"))
    assert materials_on_file(node, person, item(SECOND)) == {}


def test_what_only_applicants_write_is_never_on_file(node):
    wanted = item("重度残疾人护理补贴")
    person = register(node)
    papers = tuple(Material(name, (Photo(JPEG),)) for name in sample_materials(wanted))
    take(node, Application(wanted.code, sample_fields(wanted, county().people[0], number=0), papers))
    assert "银行卡" not in materials_on_file(node, person, wanted)
    assert "身份证" in materials_on_file(node, person, wanted)


class NotesADeath(Fitter):
    """Photos are made fit while somebody else notes a death."""

    def __init__(self, node, person):
        super().__init__(target_bytes=0)
        self.noting = lambda: note_death(node, person, BY)

    def fitted(self, content):
        self.noting()
        return super().fitted(content)


@pytest.mark.parametrize("is_named", [False, True])
def test_a_death_noted_while_an_application_is_made_ready_is_seen_by_what_writes_it(node, is_named):
    person = register(node)
    told = application(FIRST, photos=(JPEG,), person=person if is_named else "")
    photos = PhotoIntake(5 << 20, NotesADeath(node, person), Originals(node, most_bytes=0))
    with pytest.raises(Invalid) as refusal:
        receive_application(node, node.catalogue.items(), told, Taking("acct:wang", None, photos))
    ((place, sentence),) = refusal.value.fields
    assert place == ("person" if is_named else "fields.id_number")
    assert "身故（2025-09-26登记）" in sentence
    assert node.engine.read(lambda reader: cases_of_person(reader, [person], "", limit=1)) == ()
