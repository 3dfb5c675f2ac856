"""Whatever the description allows or forbids, asked of a real centre: no fault, and no answer it does not know."""

import json

from fixtures.catalogue import publish_county
from sync.node.acts.acting import Doer
from sync.papers.move_bag import pack_bag
from sync.papers.offer_papers import offer_papers
from sync.people.register_person import register_person
from tests.trying import IS_LONG, try_everything
from tests.unit.central.stations import JPEG, carry, take_in
from tests.unit.edge_node.registering import told
from tests.unit.lawful_acts import lawful


def test_a_centre_answers_as_it_says_it_does(app, sign_in, node, enrolled):
    publish_county(node)
    station = enrolled()
    case = take_in(station, photo=JPEG)
    person = json.loads(register_person(station, told(), Doer("acct:wang")).body)["id"]
    bag = json.loads(pack_bag(station, [paper.key for paper in offer_papers(station).papers], Doer("acct:wang")).body)[
        "id"
    ]
    carry(station, node)
    assert {sign_in("zhou").get(f"/api/v1/{path}").status_code for path in (f"people/{person}", f"bags/{bag}")} == {200}

    def session():
        return {"yizhan_80": sign_in("zhou").get_cookie("yizhan_80").value}

    def body(last):
        plain = ("session", "password", "stations", "codes", "revocation", "reinstatement")
        return {} if last in plain else lawful(last)

    known = {
        "case_id": case,
        "number": 1,
        "sid": station.identity.sid,
        "device": "01",
        "person_id": person,
        "bag_id": bag,
    }
    # What may be done to cases, people and bags is the same at a station, and is tried there each time.
    here = ("{case_id}", "{person_id}", "{bag_id}")
    assert try_everything(app, session, known, body, among=lambda path: IS_LONG or not any(one in path for one in here))
