"""身故 at the wizard: said where the number is typed, and nothing is photographed for somebody who cannot apply."""

import pytest

from fixtures.county import county
from sync.node.acts.acting import Doer
from sync.people.leave_register import note_death, reinstate_person
from tests.unit.edge_node import registering
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, read

SAID = "这个人在本站登记为身故（2025-09-26登记），不能作为申请人"
NUMBER = "fields.id_number"
BY = Doer("acct:zhang", "登记有误")


@pytest.fixture
def dead(client, station):
    """The id of somebody who died."""
    person = registering.register(client)
    note_death(station.node, person, BY)
    return person


def typed(number=0):
    return {name: value for name, value in filled(number=number).items() if name.startswith("fields.")}


def test_the_applicants_own_step_says_so_and_leads_no_further(client, dead):
    draft = begin(client, address_of())
    for go in ("next", "on"):
        stays = press(client, draft, "applicant", typed(), go)
        assert stays.status_code == 422
        assert stays.text.count(SAID) == 2  # in the summary, and beside the number
        assert "家属来办后事的，申请人填家属本人" in stays.text
        assert 'value="on"' not in stays.text
    assert SAID in read(client, f"{draft}/applicant")
    assert press(client, draft, "applicant", {}, "save").headers["Location"] == "/"


def test_a_script_is_told_while_the_number_is_typed(client, dead):
    draft = begin(client, address_of())
    values = {**form_on(read(client, f"{draft}/applicant"), "save")["values"], NUMBER: county().people[0].id_number}
    told = client.post(f"{draft}/applicant/autosave", data=values).get_json()
    assert SAID in told["person"]
    assert told["filled"] == {}


def test_with_the_number_of_a_relative_or_a_person_put_back_it_goes_on(client, station, dead):
    draft = begin(client, address_of())
    assert press(client, draft, "applicant", typed(1), "next").status_code == 303
    assert press(client, draft, "applicant", typed(), "next").status_code == 422
    reinstate_person(station.node, dead, BY)
    assert SAID not in read(client, f"{draft}/applicant")


def test_a_death_noted_after_that_step_is_said_at_the_last_with_the_way_back(client, station):
    person = registering.register(client)
    draft = begin(client, address_of())
    press(client, draft, "applicant", typed(), "next")
    fill(client, draft, filled())
    note_death(station.node, person, BY)
    page = read(client, f"{draft}/confirm")
    assert SAID in page
    assert f'href="{draft}/applicant#{NUMBER}"' in page
    assert press(client, draft, "confirm", {}, "receive").status_code == 422
    assert client.get("/api/v1/cases").get_json()["cases"] == []
