"""Whatever the description allows or forbids, asked of a real station: no fault, and no answer it does not know."""

from tests.trying import try_everything
from tests.unit.edge_node.applications import JPEG, application, key
from tests.unit.edge_node.registering import told
from tests.unit.lawful_acts import lawful


def test_a_station_answers_as_it_says_it_does(app, sign_in):
    head = sign_in("zhang")

    def made(where, body):
        answer = head.post(f"/api/v1/{where}", json=body, headers=key(where))
        assert answer.status_code == 201, answer.text
        return answer.get_json()["id"]

    def loose():
        return [one["key"] for one in head.get("/api/v1/loose-papers").get_json()["papers"]]

    def session():
        return {"yizhan_80": sign_in("zhang").get_cookie("yizhan_80").value}

    case = made("cases", application(photos=(JPEG,)))
    known = {
        "case_id": case,
        "number": 1,
        "code": "QX-MZ-0024",
        "name": "receipt",
        "person_id": made("people", told(0)),
        "draft_id": made("drafts", {"item": "QX-MZ-0024"}),
        "bag_id": made("bags", {"papers": loose()[:1]}),
    }
    # By the last part of the address.
    bodies = {
        "cases": application(number=1),
        "people": told(1),
        "lookup": {name: told(0)[name] for name in ("cert_kind", "cert_number")},
        "bags": {"papers": loose()},
        "drafts": {"item": "QX-MZ-0024"},
        "{draft_id}": {},
        "session": {},
        "password": {},
    }
    assert try_everything(app, session, known, lambda last: bodies[last] if last in bodies else lawful(last))
