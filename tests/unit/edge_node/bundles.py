"""Applications for the sample 一件事 (出生一件事), as tests send them."""

from fixtures.applications import sample_fields
from fixtures.county import county
from tests.unit.edge_node.applications import encoded, key

CODE = "QX-YJS-01"


def whole(matter, *, photos=()):
    """Everything a 一件事 asks for."""
    fields = {}
    for item in matter.items:
        typed = sample_fields(item, county().people[0], number=0)
        fields |= {matter.keys[item.code, name]: value for name, value in typed.items()}
    papers = [{"name": one.name} for one in matter.materials if one.required]
    papers[0]["photos"] = [encoded(one) for one in photos]
    return {"fields": fields, "materials": papers}


def take(client, body, name="1", *, code=CODE):
    return client.post(f"/api/v1/bundles/{code}/applications", json=body, headers=key(name))


def without(body, *names, **more):
    return {**body, "materials": [one for one in body["materials"] if one["name"] not in names], **more}
