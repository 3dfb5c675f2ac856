"""Accounts of this node: name, role, password hash, and how often sign-in failed.

Must not know: how passwords are hashed, what a role may do, how many failures lock.
"""

from collections.abc import Sequence
from typing import Any

from sync.errors import FileExists, NotFound
from sync.messages import _
from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Account(Value):
    """An account.

    password_hash    argon2's own text form
    failures         since the last success
    locked_until_ms  0 when it never was locked
    """

    name: str
    display_name: str
    role: str
    password_hash: str
    failures: int = 0
    locked_until_ms: int = 0
    disabled: bool = False


COLUMNS = "name, display_name, role, password_hash, failures, locked_until_ms, disabled"


def add_account(tx: Transaction, account: Account) -> None:
    """Keep a new account; raises FileExists when the name is taken."""
    if find_account(tx, account.name) is not None:
        raise FileExists(_("There is an account %(name)s already", name=account.name))
    values = (account.name, account.display_name, account.role, account.password_hash)
    tx.execute(
        f"INSERT INTO accounts ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*values, account.failures, account.locked_until_ms, int(account.disabled)),
    )


def find_account(reader: Reader, name: str) -> Account | None:
    """An account by name; None when there is none."""
    row = reader.one(f"SELECT {COLUMNS} FROM accounts WHERE name = ?", (name,))
    return None if row is None else account_of_row(row)


def all_accounts(reader: Reader) -> tuple[Account, ...]:
    """Every account, by name."""
    return tuple(account_of_row(row) for row in reader.execute(f"SELECT {COLUMNS} FROM accounts ORDER BY name"))


def set_password_hash(tx: Transaction, name: str, password_hash: str) -> None:
    """Replace the password, which also lifts a lock; raises NotFound."""
    _change(tx, name, "password_hash = ?, failures = 0, locked_until_ms = 0", (password_hash,))


def set_display_name(tx: Transaction, name: str, display_name: str) -> None:
    """Call the person behind an account something else; raises NotFound."""
    _change(tx, name, "display_name = ?", (display_name,))


def set_role(tx: Transaction, name: str, role: str) -> None:
    """Change the role; raises NotFound."""
    _change(tx, name, "role = ?", (role,))


def set_disabled(tx: Transaction, name: str, disabled: bool) -> None:
    """Close an account, or open it again; raises NotFound."""
    _change(tx, name, "disabled = ?", (int(disabled),))


def set_failures(tx: Transaction, name: str, failures: int, *, locked_until_ms: int) -> None:
    """Say how many sign-ins failed since the last success, and until when that locks; raises NotFound."""
    _change(tx, name, "failures = ?, locked_until_ms = ?", (failures, locked_until_ms))


def _change(tx: Transaction, name: str, assignments: str, params: tuple[object, ...]) -> None:
    if find_account(tx, name) is None:
        raise NotFound(_("There is no account %(name)s", name=name))
    tx.execute(f"UPDATE accounts SET {assignments} WHERE name = ?", (*params, name))


def account_of_row(row: Sequence[Any]) -> Account:
    """The account of a row of `COLUMNS`."""
    return Account(*(*row[:6], bool(row[6])))
