"""The `_security` object of a database: who is a member, who is an admin.

A database whose object nobody has set belongs to the server's administrators, as in CouchDB 3. The
store gives `{}` for such a one, so an object that somebody set to be empty, which opens the database
to everyone, is kept as `{ }`.

source  CouchDB, `couch_db:is_admin/1`, `couch_db:is_member/1`, `couch_db:validate_security_object/1`

Must not know: requests, where the object is kept.
"""

from collections.abc import Mapping
from typing import Any

from sync.errors import BadRequest
from sync.typed import Value
from sync.users.caller import Caller
from sync.values.json_text import dump, parse_object

UNSET = b"{}"
_SET_EMPTY = b"{ }"
_DEFAULT = b'{"members":{"roles":["_admin"]},"admins":{"roles":["_admin"]}}'


class Group(Value):
    """Accounts by name and by role."""

    names: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def holds(self, caller: Caller) -> bool:
        """Whether the caller is one of them."""
        return caller.name in self.names or any(role in self.roles for role in caller.roles)


class Security(Value):
    """Who may do what in one database."""

    admins: Group
    members: Group

    @classmethod
    def of(cls, text: bytes) -> "Security":
        """Read the object as the store keeps it."""
        told = parse_object(effective(text))
        return cls(_group(told, "admins"), _group(told, "members", "readers"))

    def is_admin(self, caller: Caller) -> bool:
        """Whether the caller may change design documents, settings and this object."""
        return caller.is_admin or self.admins.holds(caller)

    def is_member(self, caller: Caller) -> bool:
        """Whether the caller may read, and write documents; everybody may where no member is named."""
        return self.is_admin(caller) or self.members == Group() or self.members.holds(caller)


def effective(text: bytes) -> bytes:
    """The object that holds for a database which keeps `text`."""
    return _DEFAULT if text == UNSET else text


def to_keep(told: object) -> bytes:
    """The text to keep for an object somebody sent; raises BadRequest when it is none."""
    if not isinstance(told, dict):
        raise BadRequest("Request body must be a JSON object")
    for group in (told.get("admins", {}), told.get("members", told.get("readers", {}))):
        _require_names(group)
    return dump(told) if told else _SET_EMPTY


def _group(told: Mapping[str, Any], *names: str) -> Group:
    group: Mapping[str, Any] = next((told[name] for name in names if name in told), {})
    return Group(tuple(group.get("names", ())), tuple(group.get("roles", ())))


def _require_names(group: object) -> None:
    if not isinstance(group, dict):
        raise BadRequest("admins or members must be a JSON list of strings")
    for kind in ("names", "roles"):
        listed = group.get(kind, [])
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise BadRequest(f"{kind} must be a JSON list of strings")
