"""Whatever the description allows or forbids, asked of a real station: no fault, and no answer it does not know."""

from tests.trying import try_everything
from tests.unit.case_acts import lawful
from tests.unit.edge_node.applications import JPEG, application, key


def test_a_station_answers_as_it_says_it_does(app, sign_in):
    head = sign_in("zhang")
    case = head.post("/api/v1/cases", json=application(photos=(JPEG,)), headers=key("1")).get_json()["id"]

    def session():
        return {"yizhan_80": sign_in("zhang").get_cookie("yizhan_80").value}

    def body(last):
        return application(number=1) if last == "cases" else {} if last in ("session", "password") else lawful(last)

    assert try_everything(app, session, {"case_id": case, "number": 1, "code": "QX-MZ-0024"}, body)
