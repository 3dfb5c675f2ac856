"""Each sentence is what Apache CouchDB 3.5 answered to the same document, but where a comment says otherwise."""

from typing import Any

import pytest

from sync.errors import Forbidden, NotFound, Refused
from sync.users.caller import STRANGER, Caller
from sync.users.documents import check, is_own

ADMIN = Caller("chen", ("_admin",))
LI = Caller("li", ("clerk",))
USER = {"type": "user", "name": "x", "roles": []}
ID = "org.couchdb.user:x"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": None}, "doc.type must be user"),
        ({"type": "User"}, "doc.type must be user"),
        ({"name": ""}, "doc.name is required"),
        ({"name": None}, "doc.name is required"),
        ({"name": 5}, "Doc ID must be of the form org.couchdb.user:name"),
        ({"roles": None}, "doc.roles must exist"),
        ({"roles": ""}, "doc.roles must exist"),
        ({"roles": {}}, "doc.roles must be an array"),
        ({"roles": "clerk"}, "doc.roles must be an array"),
        ({"roles": [1]}, "doc.roles can only contain strings"),
        ({"name": "y"}, "Doc ID must be of the form org.couchdb.user:name"),
        ({"roles": ["_admin"]}, "No system roles (starting with underscore) in users db."),
        (
            {"password_sha": "x"},
            "Users with password_sha must have a salt.See /_utils/script/couch.js for example code.",
        ),
        ({"password_scheme": "bcrypt"}, "Password scheme `bcrypt` not supported."),
        ({"password_scheme": "pbkdf2"}, "iterations must be a number."),
        ({"password_scheme": "pbkdf2", "iterations": 1}, "derived_key must be a string."),
    ],
)
def test_what_is_no_users_document_is_refused_in_couchdbs_words(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Forbidden) as refused:
        check(ID, USER | changes, None, ADMIN, deleted=False)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("_x", "Username may not start with underscore."),
        (5, "doc.name must be a string"),  # CouchDB fails with a TypeError
        ("a:b", "Character `:` is not allowed in usernames."),
    ],
)
def test_names_that_would_be_mistaken_are_refused(name: object, reason: str) -> None:
    with pytest.raises(Forbidden) as refused:
        check(f"org.couchdb.user:{name}", USER | {"name": name}, None, ADMIN, deleted=False)
    assert refused.value.reason == reason


def test_an_administrator_writes_whatever_is_shaped_well() -> None:
    for fields in ({}, {"roles": ["clerk", "_metrics"]}, {"password_sha": "x", "salt": "y"}, {"more": {"a": 1}}):
        check(ID, USER | fields, None, ADMIN, deleted=False)
        check(ID, USER | fields, USER, ADMIN, deleted=False)
    check(ID, {}, USER, ADMIN, deleted=True)
    check(ID, {}, None, ADMIN, deleted=True)
    with pytest.raises(Forbidden, match="Usernames can not be changed"):
        check(ID, USER, USER | {"name": "z"}, ADMIN, deleted=False)


@pytest.mark.parametrize(
    ("new", "old", "deleted", "refusal"),
    [
        ({"phone": "1"}, {}, False, None),
        ({"roles": ["clerk"]}, {"roles": ["clerk"]}, False, None),
        ({"roles": ["b", "a"]}, {"roles": ["a", "b"]}, False, None),
        ({"roles": ["head"]}, {"roles": ["clerk"]}, False, Forbidden("Only _admin may edit roles")),
        ({"roles": []}, {"roles": ["clerk"]}, False, Forbidden("Only _admin may edit roles")),
        ({"roles": ["clerk"]}, None, False, Forbidden("Only _admin may set roles")),
        ({}, None, False, None),
        ({}, {}, True, None),
        ({}, None, True, Forbidden("Only admins may delete other user docs.")),
        ({}, {"name": "x"}, True, Forbidden("Only admins may delete other user docs.")),
    ],
)
def test_an_account_changes_its_own_document_but_not_its_roles(
    new: dict[str, Any], old: dict[str, Any] | None, deleted: bool, refusal: Refused | None
) -> None:
    own = USER | {"name": "li"}
    arguments = ("org.couchdb.user:li", own | new, None if old is None else own | old, LI)
    if refusal is None:
        check(*arguments, deleted=deleted)
        return
    with pytest.raises(type(refusal)) as refused:
        check(*arguments, deleted=deleted)
    assert refused.value.reason == refusal.reason


@pytest.mark.parametrize("caller", [LI, STRANGER])
@pytest.mark.parametrize("deleted", [False, True])
def test_somebody_elses_document_is_not_there(caller: Caller, deleted: bool) -> None:
    with pytest.raises(NotFound, match="missing"):
        check(ID, USER, USER, caller, deleted=deleted)
    assert not is_own(ID, caller)
    assert not is_own("org.couchdb.user:None", STRANGER)
