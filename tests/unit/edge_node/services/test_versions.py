"""What a case is called as it stands, and what was done since it was called otherwise."""

from sync.casework.see_changes import changes_since
from tests.unit.edge_node.applications import application, key

CASES = "/api/v1/cases"


def test_what_was_done_since_is_told_and_nothing_that_was_seen(station, client):
    case = client.post(CASES, json=application(), headers=key("1")).get_json()["id"]
    versions = [client.get(f"{CASES}/{case}").get_json()["version"]]
    for name in ("acceptance", "review"):
        client.post(f"{CASES}/{case}/{name}", json={})
        versions.append(client.get(f"{CASES}/{case}").get_json()["version"])
    told = [[event["type"] for event in changes_since(station.node, case, version)] for version in versions]
    assert told == [["accepted", "review_started"], ["review_started"], []]
    everything = ["received", "accepted", "review_started"]
    assert [event["type"] for event in changes_since(station.node, case, "nonsense")] == everything
