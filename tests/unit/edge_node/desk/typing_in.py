"""What an agent types into the wizard of an item, and how it is walked through without scripts."""

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fixtures.applications import sample_fields
from fixtures.county import county
from tests.unit.edge_node.applications import item
from tests.unit.forms import form_on, read, send

STEPS = ("applicant", "form", "papers")


def filled(name: str = "高龄津贴", *, number: int = 0) -> dict[str, str]:
    """What somebody types and ticks for an item, complete and in order."""
    wanted = item(name)
    typed = sample_fields(wanted, county().people[number], number=number)
    values = {f"fields.{field}": value for field, value in typed.items()}
    got = {f"materials.{row}.got": "yes" for row, paper in enumerate(wanted.materials) if paper.required}
    return {**values, **got}


def address_of(name: str = "高龄津贴") -> str:
    """Where the first step of an item is."""
    return f"/items/{item(name).code}/application"


def begin(client: FlaskClient, address: str, **values: str) -> str:
    """Press 下一步 on the first step; returns the address of the draft."""
    answer = send(client, address, {**form_on(read(client, address), "key")["values"], **values, "go": "next"})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[0]


def press(client: FlaskClient, draft: str, step: str, values: dict[str, Any], go: str = "on") -> TestResponse:
    """Fill in a step on top of what its page shows, and press a button."""
    shown = form_on(read(client, f"{draft}/{step}"), "save")["values"]
    return send(client, f"{draft}/{step}", {**shown, **_at(step, values), "go": go})


def fill(client: FlaskClient, draft: str, values: dict[str, Any]) -> None:
    """Fill in every step, whatever is wrong with it."""
    for step in STEPS:
        if client.get(f"{draft}/{step}").status_code == 200:
            press(client, draft, step, values)


def take(
    client: FlaskClient, name: str = "高龄津贴", values: dict[str, Any] | None = None, **more: str
) -> TestResponse:
    """The whole way with what was typed; the answer to 收件."""
    draft = begin(client, address_of(name), **more)
    fill(client, draft, filled(name) if values is None else values)
    return press(client, draft, "confirm", {}, "receive")


def receive_another(client: FlaskClient, draft: str) -> TestResponse:
    """Press 收件 where the applicant has a case of this under way, and tick that another is to be received."""
    page = read(client, f"{draft}/confirm")
    named = re.search(r'name="another"[^>]* value="([^"]*)"', page)
    assert named, page
    values = {**form_on(page, "save")["values"], "another": named[1], "go": "receive"}
    return send(client, f"{draft}/confirm", values)


def _at(step: str, values: dict[str, Any]) -> dict[str, Any]:
    wanted = "materials." if step == "papers" else "fields."
    return {name: value for name, value in values.items() if name.startswith(wanted)}
