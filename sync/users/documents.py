"""The rules for users' documents, in CouchDB's exact words.

In CouchDB they stand in the design document of `_users` as JavaScript; here nothing runs it, so they
are written out. Design documents in `_users` are not held to them.

source  CouchDB, `_design/_auth`, and `couch_users_db:before_doc_update/3` for whose document may be written

Must not know: databases, passwords.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import Forbidden, NotFound
from sync.users.caller import Caller

USERS = "_users"
PREFIX = "org.couchdb.user:"
_SCHEMES = ("simple", "pbkdf2", "simple+pbkdf2")
_ROLE_FOR_METRICS = "_metrics"

Fields = Mapping[str, Any]


def is_own(doc_id: str, caller: Caller) -> bool:
    """Whether a document of `_users` is the caller's."""
    return caller.name is not None and doc_id == PREFIX + caller.name


def check(doc_id: str, new: Fields, old: Fields | None, caller: Caller, *, deleted: bool) -> None:
    """Raise Forbidden for a user's document that may not be written, NotFound for somebody else's.

    old  the fields it replaces, None for a new document
    """
    if not (caller.is_admin or is_own(doc_id, caller)):
        raise NotFound("missing")
    if deleted:
        if not caller.is_admin and (old is None or old.get("name") != caller.name):
            raise Forbidden("Only admins may delete other user docs.")
        return
    _check_shape(doc_id, new)
    if old is not None and old.get("name") != new["name"]:
        raise Forbidden("Usernames can not be changed.")
    _check_password(new)
    if not caller.is_admin:
        _check_own(new, old, caller)
    _check_names(new)


def _check_shape(doc_id: str, new: Fields) -> None:
    if new.get("type") != "user":
        raise Forbidden("doc.type must be user")
    if not new.get("name"):
        raise Forbidden("doc.name is required")
    roles = new.get("roles")
    if roles in (None, False, ""):
        raise Forbidden("doc.roles must exist")
    if not isinstance(roles, list):
        raise Forbidden("doc.roles must be an array")
    if not all(isinstance(role, str) for role in roles):
        raise Forbidden("doc.roles can only contain strings")
    if doc_id != f"{PREFIX}{new['name']}":
        raise Forbidden("Doc ID must be of the form org.couchdb.user:name")
    if not isinstance(new["name"], str):
        raise Forbidden("doc.name must be a string")


def _check_password(new: Fields) -> None:
    if new.get("password_sha") and not new.get("salt"):
        raise Forbidden("Users with password_sha must have a salt.See /_utils/script/couch.js for example code.")
    scheme = new.get("password_scheme")
    if scheme and scheme not in _SCHEMES:
        raise Forbidden(f"Password scheme `{scheme}` not supported.")
    if scheme == "pbkdf2":
        if isinstance(new.get("iterations"), bool) or not isinstance(new.get("iterations"), int | float):
            raise Forbidden("iterations must be a number.")
        if not isinstance(new.get("derived_key"), str):
            raise Forbidden("derived_key must be a string.")


def _check_own(new: Fields, old: Fields | None, caller: Caller) -> None:
    if old is None:
        if new["roles"]:
            raise Forbidden("Only _admin may set roles")
        return
    if caller.name != new["name"]:
        raise Forbidden("You may only update your own user document.")
    if sorted(old.get("roles") or []) != sorted(new["roles"]):
        raise Forbidden("Only _admin may edit roles")


def _check_names(new: Fields) -> None:
    if any(role.startswith("_") and role != _ROLE_FOR_METRICS for role in new["roles"]):
        raise Forbidden("No system roles (starting with underscore) in users db.")
    if new["name"].startswith("_"):
        raise Forbidden("Username may not start with underscore.")
    if ":" in new["name"]:
        raise Forbidden("Character `:` is not allowed in usernames.")
