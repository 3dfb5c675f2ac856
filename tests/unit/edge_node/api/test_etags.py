"""What was seen and has not changed is not sent again; what has changed unseen is not acted upon."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.edge_node.applications import application, key
from tests.unit.edge_node.registering import PEOPLE, register, told

CASES, BAGS, LOOSE = (f"/api/v1/{name}" for name in ("cases", "bags", "loose-papers"))


@pytest.fixture
def case(client):
    return f"{CASES}/{client.post(CASES, json=application(), headers=key('first')).get_json()['id']}"


@pytest.fixture
def person(client):
    return f"{PEOPLE}/{register(client)}"


@pytest.fixture
def bag(client, case):
    papers = [one["key"] for one in client.get(LOOSE).get_json()["papers"]]
    return f"{BAGS}/{client.post(BAGS, json={'papers': papers[:1]}, headers=key('bag')).get_json()['id']}"


def act(client, case, name, *, seen=None, named="1", **body):
    headers = {**key(named), **({} if seen is None else {"If-Match": seen})}
    return client.post(f"{case}/{name}", json=body, headers=headers)


@pytest.mark.parametrize("address", [CASES, "", "/custody", "/papers", "/api/v1/items", "/api/v1/bundles"])
def test_what_has_not_changed_is_not_sent_again(client, case, address):
    sent_once(client, address if address.startswith("/api") else case + address)


def test_neither_are_people_and_bags(client, person, bag):
    for address in (PEOPLE, person, f"{person}/cases", BAGS, bag, LOOSE):
        sent_once(client, address)


def sent_once(client, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = client.get(address, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert other.data == first.data


def test_what_changes_beside_the_record_is_sent_and_does_not_hinder_an_act(client, sign_in, case, clock):
    seen = client.get(case).headers["ETag"]
    clock.now_ms += 4 * 24 * 3_600_000  # and there is less time left
    client = sign_in("wang")
    later = client.get(case, headers={"If-None-Match": seen})
    assert later.status_code == 200
    assert later.headers["ETag"] != seen
    assert act(client, case, "acceptance", seen=seen).status_code == 200


def test_an_act_over_a_case_that_changed_unseen_is_refused_and_changes_nothing(client, sign_in, case, keep_unchanged):
    seen = client.get(case).headers["ETag"]
    assert act(sign_in("zhang"), case, "acceptance").status_code == 200
    keep_unchanged()
    refused = act(client, case, "withdrawal", seen=seen, reason="不办了")
    assert refused.status_code == 412
    assert refused.get_json()["type"] == "urn:yizhan:problem:changed-meanwhile"
    assert "重新打开" in refused.get_json()["detail"]


def test_an_act_on_a_person_or_a_bag_that_changed_unseen_is_refused_and_changes_nothing(
    client, sign_in, person, bag, keep_unchanged
):
    seen = {one: client.get(one).headers["ETag"] for one in (person, bag)}
    assert act(sign_in("zhang"), person, "move", seen=seen[person]).status_code == 200
    handed = {"giver": "王春梅", "carrier": "赵师傅"}
    assert act(sign_in("zhang"), bag, "handing", seen=seen[bag], named="2", **handed).status_code == 200
    keep_unchanged()
    for one, name in ((person, "death"), (bag, "voiding")):
        refused = act(client, one, name, seen=seen[one], named=name)
        assert refused.get_json()["type"] == "urn:yizhan:problem:changed-meanwhile", refused.text
    again = client.get(person)
    assert again.get_json()["version"] in again.headers["ETag"] != seen[person]


def test_an_act_over_what_was_seen_is_done_and_repeated_under_its_key_though_the_case_has_changed_by_it(client, case):
    seen = client.get(case).headers["ETag"]
    first = act(client, case, "acceptance", seen=seen)
    again = act(client, case, "acceptance", seen=seen)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replay"] == "true"
    assert act(client, case, "review", seen=seen, named="2").status_code == 412


@pytest.mark.parametrize(
    ("seen", "status"),
    [("*", 200), ('"a", {}', 200), ("W/{}", 412), ('"nonsense"', 412), ('""', 412), ("nonsense", 412), ("", 412)],
)
def test_any_of_several_strong_tags_will_do_and_nothing_else(client, case, seen, status):
    seen = seen.replace("{}", client.get(case).headers["ETag"])
    assert act(client, case, "acceptance", seen=seen).status_code == status


def test_of_many_who_act_at_once_over_the_same_sight_one_acts(sign_in, client, case):
    seen = client.get(case).headers["ETag"]
    clients = [sign_in("zhang") for _ in range(6)]
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(lambda one: act(one, case, "step", seen=seen, named=str(id(one)), step="受理"), clients)
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]
    assert [event["type"] for event in client.get(case).get_json()["log"]] == ["received", "walked"]


def test_the_version_alone_says_as_much(client, case):
    version = client.get(case).get_json()["version"]
    assert act(client, case, "acceptance", seen=f'"{version}"').status_code == 200


def test_without_having_seen_anything_one_acts_as_ever(client, sign_in, case):
    assert act(sign_in("zhang"), case, "acceptance").status_code == 200
    assert act(client, case, "review", named="2").status_code == 200


def test_what_is_answered_to_an_act_names_the_version_that_the_next_takes(client):
    answer = client.post(CASES, json=application("高龄津贴"), headers=key("taken"))
    case, taken = answer.headers["Location"], answer.get_json()["version"]
    assert client.get(case).get_json()["version"] == taken
    accepted = act(client, case, "acceptance", seen=f'"{taken}"').get_json()["version"]
    assert act(client, case, "review", seen=f'"{taken}"', named="2").status_code == 412
    assert act(client, case, "review", seen=f'"{accepted}"', named="3").status_code == 200


def test_what_was_made_is_where_its_answer_says(client, case):
    packed = {"papers": [client.get(LOOSE).get_json()["papers"][0]["key"]]}
    for collection, body in ((PEOPLE, told(1)), (BAGS, packed)):
        made = client.post(collection, json=body, headers=key(collection))
        assert made.status_code == 201, made.text
        assert client.get(made.headers["Location"]).get_json()["version"] == made.get_json()["version"]
