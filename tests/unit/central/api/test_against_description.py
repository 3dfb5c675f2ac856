"""Whatever the description allows or forbids, asked of a real centre: no fault, and no answer it does not know."""

from fixtures.catalogue import publish_county
from tests.trying import IS_LONG, try_everything
from tests.unit.case_acts import lawful
from tests.unit.central.stations import JPEG, carry, take_in


def test_a_centre_answers_as_it_says_it_does(app, sign_in, node, enrolled):
    publish_county(node)
    station = enrolled()
    case = take_in(station, photo=JPEG)
    carry(station, node)

    def session():
        return {"yizhan_80": sign_in("zhou").get_cookie("yizhan_80").value}

    def body(last):
        return {} if last in ("session", "password", "stations", "codes") else lawful(last)

    known = {"case_id": case, "number": 1, "sid": station.identity.sid}
    # What may be done to a case is the same at a station, and is tried there each time.
    assert try_everything(app, session, known, body, among=lambda path: IS_LONG or "{case_id}" not in path)
