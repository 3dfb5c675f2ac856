"""Who may sign in at this node, with what role, and how wrong passwords are met; all of it offline.

Five wrong passwords in a row lock an account for a quarter of an hour, to the place they came from (`tries`), and
the count is on disk, so that a restart forgives nobody. Every sign-in, failure and lock is an audit row in the same
transaction as what it changed. Passwords never appear in one.

Must not know: HTTP, cookies, pages.
"""

import json
import threading
from collections.abc import Callable

from sync.errors import Forbidden, Invalid, NotFound, Unauthorized
from sync.messages import N_, _
from sync.store.engine import Engine
from sync.store.ledger import accounts as ledger
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.sessions import end_sessions_of
from sync.store.ledger.settings import put_settings, setting
from sync.store.transaction import Reader, Transaction
from sync.typed import Value
from sync.web.passwords import Passwords, generate, weakness
from sync.web.roles import Role
from sync.web.tries import (
    Tries,
    Unknown,
    forget_places,
    know_place,
    place_of,
    put_tries,
    tries_from,
)

FAILURES_UNTIL_LOCK = 5
LOCK_MS = 15 * 60 * 1000
LONGEST_NAME = 64
MORE = "account:"  # before its name, what the settings have of an account beside its row
_STRIPES = 64
_WRONG = N_("Account or password is wrong")
# A name someone tried and we do not know may be anything, a password included: it is not kept.
_STRANGER = "acct:?"


class Locked(Forbidden):
    """Too many wrong passwords; waiting a quarter of an hour helps."""


class Account(Value):
    """A person who may sign in. `must_change`: the password was generated and is good only to change it."""

    name: str
    display_name: str
    role: Role
    phone: str = ""
    must_change: bool = False
    enabled: bool = True

    @property
    def actor(self) -> str:
        """Who it is in the audit."""
        return f"acct:{self.name}"


class Accounts:
    """The accounts of one node. Guards that one account's password is tried one at a time,
    so that no burst of parallel guesses slips past the count of failures."""

    def __init__(self, engine: Engine, passwords: Passwords, *, now_ms: Callable[[], int]) -> None:
        """now_ms: milliseconds since 1970, as this node's clock shows them."""
        self._engine = engine
        self._passwords = passwords
        self._now_ms = now_ms
        self._turns = tuple(threading.Lock() for _stripe in range(_STRIPES))
        self._unknown = Unknown()

    def create(self, name: str, *, display_name: str, role: Role, phone: str = "", password: str | None = None) -> str:
        """Add an account and return its password: the given one, or one made up, to be changed at first sign-in.

        raises  Invalid when name or password break the rules, FileExists when the name is taken
        """
        _require_name(name)
        chosen = generate() if password is None else password
        _require_strong(chosen, name, field="password")
        account = ledger.Account(name, _called(display_name), role.value, self._passwords.hash(chosen))

        def add(tx: Transaction) -> None:
            ledger.add_account(tx, account)
            _put_more(tx, name, phone=phone, must_change=password is None)
            self._audit(tx, f"acct:{name}", "account_created", role.value)

        self._engine.write(add)
        return chosen

    def find(self, name: str) -> Account:
        """The account of that name; raises NotFound."""
        return self._engine.read(lambda reader: find_in(reader, name))

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        return self._engine.read(all_in)

    def form_secret(self, name: str) -> bytes:
        """What nobody outside knows, and what is another once the password is; raises NotFound."""

        def look(reader: Reader) -> bytes:
            row = ledger.find_account(reader, name)
            if row is None:
                raise NotFound(_("There is no such account"))
            return row.password_hash.encode()

        return self._engine.read(look)

    def verify(self, name: str, password: str, *, address: str = "") -> Account:
        """The account that name and password open. A pair that fitted before from there writes nothing.

        address  where it was typed; "" where nobody knows
        raises   Unauthorized when they do not fit, in the same words and time for an unknown name;
                 Locked while the account is locked to that place, whatever the password, and whoever's the name;
                 Forbidden when it is closed
        """
        if not 0 < len(name) <= LONGEST_NAME:
            raise Unauthorized(_(_WRONG))
        place = place_of(address)
        with self._turns[hash(name) % _STRIPES]:
            row, whose, tries = self._engine.read(lambda reader: self._look(reader, name, place))
            self._require_unlocked(row, name, whose, tries)
            fits = self._passwords.fits(row.password_hash if row else self._passwords.nobody, password)
            if row is None or not fits:
                self._note_failure(row, name, whose, tries)
                raise Unauthorized(_(_WRONG))
            if tries.failures or whose != place:
                self._engine.write(lambda tx: self._note_success(tx, name, whose, place))
        if row.disabled:
            raise Forbidden(_("The account is disabled, ask the head of the station or an administrator"))
        return self.find(name)

    def change_password(self, name: str, old: str, new: str, *, address: str = "") -> None:
        """Replace a password by its owner and end all their sessions.

        raises  Invalid naming the field `old` or `new`; Locked
        """
        try:
            self.verify(name, old, address=address)
        except Unauthorized:
            raise Invalid(
                _("The current password is wrong"), fields=[("old", _("The current password is wrong"))]
            ) from None
        if new == old:
            raise Invalid(
                _("Something is not filled in rightly"),
                fields=[("new", _("The new password may not be the current one"))],
            )
        _require_strong(new, name, field="new")
        self._put_password(name, new, must_change=False, action="password_changed", by=f"acct:{name}")

    def reset_password(self, name: str, *, by: str) -> str:
        """Make up a new password for someone who forgot theirs: lifts a lock, ends sessions; raises NotFound.

        by  who resets it, as the audit names actors
        """
        password = generate()
        self._put_password(name, password, must_change=True, action="password_reset", by=by)
        return password

    def set_person(self, name: str, *, display_name: str | None = None, phone: str | None = None, by: str) -> Account:
        """Say anew what the person of an account is called, and his telephone; None leaves it.

        What he did is shown under the new name, too: events name the account.
        by      who says so, as the audit names actors
        raises  NotFound, Invalid naming `display_name`
        """

        def work(tx: Transaction) -> Account:
            account = find_in(tx, name)
            if display_name is not None:
                ledger.set_display_name(tx, name, _called(display_name))
            if phone is not None:
                _put_more(tx, name, phone=phone, must_change=account.must_change)
            self._audit(tx, by, "account_changed", subject=account.actor)
            return find_in(tx, name)

        return self._engine.write(work)

    def set_disabled(self, name: str, disabled: bool, *, by: str) -> None:
        """Close an account and end its sessions, or open it again; raises NotFound."""

        def work(tx: Transaction) -> None:
            ledger.set_disabled(tx, name, disabled)
            if disabled:
                end_sessions_of(tx, name)
            self._audit(tx, by, "account_closed" if disabled else "account_opened", subject=f"acct:{name}")

        self._engine.write(work)

    def _look(self, reader: Reader, name: str, place: str) -> tuple[ledger.Account | None, str, Tries]:
        row = ledger.find_account(reader, name)
        if row is None:
            return None, place, self._unknown.tries(name, place)
        return (row, *tries_from(reader, row, place))

    def _require_unlocked(self, row: ledger.Account | None, name: str, whose: str, tries: Tries) -> None:
        remaining_ms = tries.locked_until_ms - self._now_ms()
        if remaining_ms <= 0:
            return
        if remaining_ms > LOCK_MS:
            # The clock was set back since: nobody shall wait for years, nor be let in at once.
            until = Tries(tries.failures, self._now_ms() + LOCK_MS)
            if row is None:
                self._unknown.put(name, whose, until)
            else:
                self._engine.write(lambda tx: put_tries(tx, name, whose, until))
            remaining_ms = LOCK_MS
        minutes = -(-remaining_ms // 60_000)
        raise Locked(
            _("Too many wrong passwords, the account is locked; try again in %(minutes)s minutes", minutes=minutes)
        )

    def _note_failure(self, row: ledger.Account | None, name: str, whose: str, tries: Tries) -> None:
        failures = 1 if tries.locked_until_ms else tries.failures + 1  # that lock was served; the count begins anew
        locks = failures >= FAILURES_UNTIL_LOCK
        now = Tries(failures, self._now_ms() + LOCK_MS if locks else 0)
        if row is None:
            self._unknown.put(name, whose, now)
            self._engine.write(lambda tx: self._audit(tx, _STRANGER, "sign_in_failed"))
            return

        def work(tx: Transaction) -> None:
            put_tries(tx, name, whose, now)
            self._audit(tx, f"acct:{name}", "sign_in_failed", str(failures))
            if locks:
                self._audit(tx, f"acct:{name}", "account_locked")

        self._engine.write(work)

    def _note_success(self, tx: Transaction, name: str, whose: str, place: str) -> None:
        put_tries(tx, name, whose, Tries())
        know_place(tx, name, place)

    def _put_password(self, name: str, password: str, *, must_change: bool, action: str, by: str) -> None:
        kept = self._passwords.hash(password)

        def work(tx: Transaction) -> None:
            account = find_in(tx, name)
            ledger.set_password_hash(tx, name, kept)
            forget_places(tx, name)
            _put_more(tx, name, phone=account.phone, must_change=must_change)
            end_sessions_of(tx, name)
            self._audit(tx, by, action, subject=account.actor)

        self._engine.write(work)

    def _audit(self, tx: Transaction, actor: str, action: str, detail: str = "", *, subject: str = "") -> None:
        append_entry(tx, Entry(self._now_ms(), actor, action, subject or actor, detail))


def find_in(reader: Reader, name: str) -> Account:
    """The account of that name, within a piece of work; raises NotFound."""
    row = ledger.find_account(reader, name)
    if row is None:
        raise NotFound(_("There is no such account"))
    return as_account(row, setting(reader, MORE + name))


def all_in(reader: Reader) -> tuple[Account, ...]:
    """Every account, by name, within a piece of work."""
    return tuple(as_account(row, setting(reader, MORE + row.name)) for row in ledger.all_accounts(reader))


def as_account(row: ledger.Account, kept: str | None) -> Account:
    """A row of the ledger as an account, with what the settings have under `MORE` and its name."""
    more = json.loads(kept or "{}")
    return Account(
        row.name,
        row.display_name,
        Role(row.role),
        phone=more.get("phone", ""),
        must_change=more.get("must_change", False),
        enabled=not row.disabled,
    )


def phone_here(accounts: Accounts) -> Callable[[str], str]:
    """The telephone of who signs in here, by account; "" of anybody else."""

    def phone_of(name: str) -> str:
        try:
            return accounts.find(name).phone
        except NotFound:
            return ""

    return phone_of


def _put_more(tx: Transaction, name: str, *, phone: str, must_change: bool) -> None:
    put_settings(tx, {MORE + name: json.dumps({"phone": phone, "must_change": must_change})})


def _require_name(name: str) -> None:
    fine = 0 < len(name) <= LONGEST_NAME and all(c.isalnum() or c in "._-" for c in name)
    if not fine:
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[
                ("name", _("An account has letters, figures and . _ -, at most %(most)s of them", most=LONGEST_NAME))
            ],
        )


def _called(display_name: str) -> str:
    """The name of a person, in one line; raises Invalid."""
    tidy = " ".join(display_name.split())
    if not (0 < len(tidy) <= LONGEST_NAME and tidy.isprintable()):
        raise Invalid(
            _("Something is not filled in rightly"),
            fields=[("display_name", _("The name of a person has 1 to %(most)s characters", most=LONGEST_NAME))],
        )
    return tidy


def _require_strong(password: str, name: str, *, field: str) -> None:
    sentence = weakness(password, name=name)
    if sentence:
        raise Invalid(sentence, fields=[(field, sentence)])
