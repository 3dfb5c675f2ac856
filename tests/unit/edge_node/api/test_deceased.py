"""Whoever died applies for nothing, by whatever his application names him."""

import pytest

from tests.unit.edge_node.applications import application, key

SAID = "这个号码在本站登记为身故，不能作为申请人，请核对；登记有误的，先在“人员”里恢复在册"


def apply(client, name, body):
    return client.post("/api/v1/cases", json=body, headers=key(name))


@pytest.fixture
def dead(client, sign_in):
    """The id of a person who applied, and died."""
    received = apply(client, "alive", {**application(), "register": True}).get_json()
    assert sign_in("zhang").post(f"/api/v1/people/{received['person']}/death", json={}).status_code == 200
    return received["person"]


def test_an_application_by_his_number_is_refused_and_says_what_to_do(sign_in, dead):
    wang = sign_in("wang")
    for more in ({}, {"register": True}):
        refused = apply(wang, f"dead{len(more)}", {**application(), **more})
        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"field": "fields.id_number", "message": SAID}]


def test_who_was_put_back_on_the_register_applies_again(sign_in, dead):
    assert sign_in("zhang").post(f"/api/v1/people/{dead}/reinstate", json={"reason": "登记有误"}).status_code == 200
    again = apply(sign_in("wang"), "again", application())
    assert again.status_code == 201, again.text
