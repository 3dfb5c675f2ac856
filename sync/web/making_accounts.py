"""Accounts are made, given another name of the person, and their passwords set again, by whoever runs the PC.

Must not know: how the password is handed over.
"""

from collections.abc import Collection
from typing import Any

from sync.errors import FileExists, Invalid
from sync.messages import _
from sync.web.accounts import Accounts
from sync.web.owner import OPERATOR
from sync.web.roles import Role


def make_account(
    accounts: Accounts,
    roles: Collection[Role],
    name: str,
    *,
    role: str,
    display_name: str = "",
    phone: str = "",
    password: str | None = None,
) -> dict[str, Any]:
    """Make an account: {"name", "role", "password"}; the password is "" when it was given, else made up.

    roles    those this node's people may have
    raises  Invalid on name, role or password; FileExists when the name is taken
    """
    if role not in {one.value for one in roles}:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("role", _("Only: %(choices)s", choices=", ".join(one.value for one in roles)))],
        )
    try:
        made = accounts.create(name, display_name=display_name or name, role=Role(role), phone=phone, password=password)
    except FileExists as error:
        remedy = _(
            "Choose another name; for a forgotten password add --reset, to change the person's name or phone --change."
        )
        raise FileExists(error.reason, remedy=remedy) from None
    return {"name": name, "role": role, "password": "" if password is not None else made}


def change_account(
    accounts: Accounts, name: str, *, display_name: str | None = None, phone: str | None = None
) -> dict[str, Any]:
    """Say anew what the person of an account is called, and his telephone; None leaves it. Raises NotFound, Invalid."""
    changed = accounts.set_person(name, display_name=display_name, phone=phone, by=OPERATOR)
    return {"name": name, "role": changed.role.value, "display_name": changed.display_name, "password": ""}


def reset_password(accounts: Accounts, name: str) -> dict[str, Any]:
    """Make up a new password for someone who forgot theirs; lifts a lock. Raises NotFound."""
    password = accounts.reset_password(name, by=OPERATOR)
    return {"name": name, "role": accounts.find(name).role.value, "password": password}
