"""Who has not reached the age an item is for is told the day on which he does, and received all the same."""

from sync.records.check_digits import mod_11_2
from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.desk.typing_in import address_of, begin, fill, filled, press
from tests.unit.forms import form_on, read

SAID = "高龄津贴要年满 80 周岁，申请人 2026-03-15 才满"


def born(day: str) -> str:
    body = f"150624{day}002"
    return body + mod_11_2(body)


def test_the_wizard_warns_with_the_day_and_takes_it_all_the_same(client):
    draft = begin(client, address_of())
    fill(client, draft, {**filled(), "fields.id_number": born("19460315")})
    for step in ("applicant", "form", "papers", "confirm"):
        assert SAID in read(client, f"{draft}/{step}")
    assert press(client, draft, "confirm", {}, "receive").status_code == 303


def test_a_script_is_told_while_the_number_is_typed(client):
    draft = begin(client, address_of())
    values = {**form_on(read(client, f"{draft}/applicant"), "save")["values"], "fields.id_number": born("19460315")}
    assert SAID in client.post(f"{draft}/applicant/autosave", data=values).get_json()["person"]


def test_who_has_reached_it_hears_nothing(client):
    draft = begin(client, address_of())
    fill(client, draft, {**filled(), "fields.id_number": born("19450926")})  # eighty today
    for step in ("applicant", "confirm"):
        assert "周岁，申请人" not in read(client, f"{draft}/{step}")


def test_over_the_api_the_answer_tells_the_day(client):
    for day, told in (("19460315", "2026-03-15"), ("19410315", "")):
        body = application()
        body["fields"]["id_number"] = born(day)
        answer = client.post("/api/v1/cases", json=body, headers=key(day))
        assert (answer.status_code, answer.get_json()["reaches_age_on"]) == (201, told)


def test_the_catalogue_tells_whom_an_item_is_for_by_age(client):
    items = {one["name"]: one["least_age"] for one in client.get("/api/v1/items").get_json()["items"]}
    assert (items["高龄津贴"], items["临时救助（小额）"]) == (80, 0)
