"""People of the sample county as the register is told of them, and registered over the API."""

from typing import Any

from flask.testing import FlaskClient

from fixtures.county import county
from tests.unit.edge_node.applications import key

PEOPLE = "/api/v1/people"


def told(number: int = 0, **more: str) -> dict[str, str]:
    """The body of `POST /people`, of the county's person of this number."""
    one = county().people[number]
    return {"name": one.name, "cert_kind": "id_card", "cert_number": one.id_number, "phone": one.phone, **more}


def register(client: FlaskClient, number: int = 0, **more: str) -> str:
    """Register somebody; returns the id."""
    answer = client.post(PEOPLE, json=told(number, **more), headers=key(f"person {number}"))
    assert answer.status_code == 201, answer.text
    person: dict[str, Any] = answer.get_json()
    return str(person["id"])
