from typing import Any

import orjson
import pytest

from sync.errors import BadRequest
from sync.users.caller import STRANGER, Caller
from sync.users.security import UNSET, Security, effective, to_keep

ADMIN = Caller("chen", ("_admin",))
LI = Caller("li", ("clerk",))


def security(told: Any) -> Security:
    """The object as it holds after it was sent and kept."""
    return Security.of(to_keep(told))


@pytest.mark.parametrize(
    ("told", "stranger", "li"),
    [
        ({}, "member", "member"),
        ({"members": {}}, "member", "member"),
        ({"members": {"names": [], "roles": []}}, "member", "member"),
        ({"members": {"names": ["li"]}}, "nobody", "member"),
        ({"members": {"roles": ["clerk", "head"]}}, "nobody", "member"),
        ({"members": {"names": ["Li"], "roles": ["Clerk"]}}, "nobody", "nobody"),
        ({"readers": {"names": ["wang"]}}, "nobody", "nobody"),
        ({"readers": {"names": ["wang"]}, "members": {}}, "member", "member"),
        ({"admins": {"names": ["li"]}}, "member", "admin"),
        ({"admins": {"roles": ["clerk"]}, "members": {"names": ["wang"]}}, "nobody", "admin"),
        ({"members": {"roles": ["_admin"]}, "admins": {"roles": ["_admin"]}}, "nobody", "nobody"),
    ],
)
def test_who_is_what(told: Any, stranger: str, li: str) -> None:
    found = security(told)
    for caller, expected in ((STRANGER, stranger), (LI, li), (ADMIN, "admin")):
        what = "admin" if found.is_admin(caller) else "member" if found.is_member(caller) else "nobody"
        assert what == expected


def test_until_one_is_set_a_database_is_the_administrators_and_one_set_to_be_empty_is_everybodys() -> None:
    assert not Security.of(UNSET).is_member(LI)
    assert Security.of(UNSET).is_member(ADMIN)
    assert orjson.loads(effective(UNSET)) == {"members": {"roles": ["_admin"]}, "admins": {"roles": ["_admin"]}}
    assert to_keep({}) != UNSET
    assert orjson.loads(effective(to_keep({}))) == {}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([], "Request body must be a JSON object"),
        (None, "Request body must be a JSON object"),
        ({"admins": []}, "admins or members must be a JSON list of strings"),
        ({"members": "li"}, "admins or members must be a JSON list of strings"),
        ({"members": {"names": "li"}}, "names must be a JSON list of strings"),
        ({"readers": {"names": [1]}}, "names must be a JSON list of strings"),
        ({"admins": {"roles": None}}, "roles must be a JSON list of strings"),
    ],
)
def test_what_names_nobody_properly_is_refused(told: Any, reason: str) -> None:
    with pytest.raises(BadRequest) as refused:
        to_keep(told)
    assert refused.value.reason == reason
