"""Settings, accounts, sessions, kept answers, counters, audit, contacts, set-aside items, certificates."""

import pytest

from sync.errors import FileExists, NotFound
from sync.store.ledger import (
    accounts,
    alarms,
    audit,
    certificates,
    contacts,
    followed,
    requests,
    sessions,
    set_aside,
    settings,
)
from sync.store.ledger.accounts import Account
from sync.store.ledger.audit import Entry
from sync.store.ledger.certificates import Known
from sync.store.ledger.requests import Kept

WANG = Account("wang", "王桂兰", "agent", "$argon2id$...")


def test_settings_are_set_changed_and_removed(engine):
    engine.write(lambda tx: settings.put_settings(tx, {"sid": "k3m7q", "name": "石桥村"}))
    engine.write(lambda tx: settings.put_settings(tx, {"name": "石桥", "sid": None}))
    assert engine.read(settings.all_settings) == {"name": "石桥"}
    assert engine.read(lambda r: settings.setting(r, "sid")) is None


def test_a_floor_only_rises(engine):
    values = [engine.write(lambda tx, v=v: settings.raise_setting(tx, "clock_floor", v)) for v in (5, 3, 9)]
    assert values == [5, 5, 9]


def test_a_name_is_one_account(engine):
    engine.write(lambda tx: accounts.add_account(tx, WANG))
    with pytest.raises(FileExists):
        engine.write(lambda tx: accounts.add_account(tx, WANG))
    assert engine.read(lambda r: accounts.find_account(r, "wang")) == WANG
    assert engine.read(accounts.all_accounts) == (WANG,)


def test_failures_are_kept_and_a_new_password_clears_them(engine):
    engine.write(lambda tx: accounts.add_account(tx, WANG))
    engine.write(lambda tx: accounts.set_failures(tx, "wang", 2, locked_until_ms=77))
    kept = engine.read(lambda r: accounts.find_account(r, "wang"))
    assert (kept.failures, kept.locked_until_ms) == (2, 77)
    engine.write(lambda tx: accounts.set_password_hash(tx, "wang", "new"))
    cleared = engine.read(lambda r: accounts.find_account(r, "wang"))
    assert (cleared.failures, cleared.locked_until_ms) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda tx: accounts.set_role(tx, "nobody", "agent"),
        lambda tx: accounts.set_disabled(tx, "nobody", True),
        lambda tx: accounts.set_password_hash(tx, "nobody", "x"),
        lambda tx: accounts.set_failures(tx, "nobody", 1, locked_until_ms=0),
    ],
)
def test_an_account_that_is_not_there_cannot_be_changed(engine, change):
    with pytest.raises(NotFound):
        engine.write(change)


def test_a_session_ends_by_idleness_sign_out_or_a_new_password(engine):
    engine.write(lambda tx: accounts.add_account(tx, WANG))
    engine.write(lambda tx: sessions.begin_session(tx, b"t1", "wang", now_ms=0))

    def found(now_ms):
        return engine.look(
            lambda r: sessions.session_of(r, b"t1", now_ms=now_ms, idle_ms=100, setting="more:", coarse_ms=50)
        )

    def whose(now_ms):
        return found(now_ms).account.name if found(now_ms) else None

    assert (whose(100), whose(101)) == ("wang", None)
    assert (found(49).is_stale, found(50).is_stale) == (False, True)
    engine.write(lambda tx: sessions.use_session(tx, b"t1", now_ms=90))
    assert (whose(190), whose(191)) == ("wang", None)
    engine.write(lambda tx: sessions.sweep_sessions(tx, now_ms=190, idle_ms=100))
    assert whose(190) == "wang"
    engine.write(lambda tx: sessions.end_sessions_of(tx, "wang"))
    assert whose(90) is None
    engine.write(lambda tx: sessions.begin_session(tx, b"t1", "wang", now_ms=0))
    engine.write(lambda tx: sessions.end_session(tx, b"t1"))
    assert whose(0) is None


def test_an_answer_is_kept_per_account_and_key(engine):
    answer = Kept(b"digest", 201, "application/json", b'{"ok":true}')
    engine.write(lambda tx: requests.keep_answer(tx, "wang", "key-1", answer, now_ms=5))
    assert engine.read(lambda r: requests.kept_answer(r, "wang", "key-1")) == answer
    assert engine.read(lambda r: requests.kept_answer(r, "li", "key-1")) is None
    engine.write(lambda tx: requests.sweep_answers(tx, before_ms=5))
    assert engine.read(lambda r: requests.kept_answer(r, "wang", "key-1")) == answer
    engine.write(lambda tx: requests.sweep_answers(tx, before_ms=6))
    assert engine.read(lambda r: requests.kept_answer(r, "wang", "key-1")) is None


def test_counters_of_our_requests_are_never_reserved_twice(engine):
    def reserve(life, above=0):
        return engine.write(lambda tx: requests.reserve_own(tx, life, count=100, above=above))

    assert [reserve("l1"), reserve("l1"), reserve("l2"), reserve("l1", 1000), reserve("l1", 5)] == [
        1,
        101,
        1,
        1001,
        1101,
    ]


def test_the_floor_of_a_peers_requests_never_falls(engine):
    for floor in (500, 300):
        engine.write(lambda tx, floor=floor: requests.raise_heard_floor(tx, "w", "l", floor))
    assert engine.read(lambda r: requests.heard_floor(r, "w", "l")) == 500
    assert engine.read(lambda r: requests.heard_floor(r, "w", "another life")) == 0


def _audited(engine):
    for number in range(1, 6):
        engine.write(lambda tx, n=number: audit.append_entry(tx, Entry(n, "acct:wang", "printed", f"case:{n}", "回执")))


def test_the_audit_reads_back_in_order(engine):
    _audited(engine)
    rows = engine.read(lambda r: audit.entries_after(r, 3))
    assert rows == (
        (4, Entry(4, "acct:wang", "printed", "case:4", "回执")),
        (5, Entry(5, "acct:wang", "printed", "case:5", "回执")),
    )
    assert engine.read(lambda r: audit.entries_about(r, "case:2")) == (
        Entry(2, "acct:wang", "printed", "case:2", "回执"),
    )
    assert engine.read(audit.first_broken) is None


@pytest.mark.parametrize("column", ["number", "at_ms", "actor", "action", "subject", "detail", "link"])
def test_a_change_to_any_column_of_the_audit_is_found(engine, column):
    _audited(engine)
    value = {"number": 33, "at_ms": 33, "link": bytes(32)}.get(column, "someone else")
    engine.write(lambda tx: tx.execute(f"UPDATE audit SET {column} = ? WHERE number = 3", (value,)))
    assert engine.read(audit.first_broken) == 3


def test_a_removed_row_and_a_cut_off_end_are_found(engine):
    _audited(engine)
    head = engine.read(audit.audit_head)
    engine.write(lambda tx: tx.execute("DELETE FROM audit WHERE number = 5"))
    assert engine.read(audit.first_broken) is None
    assert engine.read(lambda r: audit.first_broken(r, head=head)) == 5
    engine.write(lambda tx: audit.append_entry(tx, Entry(9, "someone", "forged")))
    assert engine.read(lambda r: audit.first_broken(r, head=head)) == 5
    engine.write(lambda tx: tx.execute("DELETE FROM audit WHERE number = 2"))
    assert engine.read(audit.first_broken) == 2


def test_contacts_remember_the_last_of_each_kind(engine):
    def work(tx):
        contacts.note_attempt(tx, "k3m7q", now_ms=1)
        contacts.note_failure(tx, "k3m7q", contacts.Failure("no answer", "refused", refused=True), now_ms=2)
        contacts.note_attempt(tx, "k3m7q", now_ms=3)
        contacts.note_contact(tx, "k3m7q", now_ms=4)
        contacts.note_heard(tx, "other", now_ms=5)

    engine.write(work)
    assert engine.read(lambda r: contacts.contact(r, "k3m7q")) == contacts.Contact(
        "k3m7q", 3, 4, 2, "no answer", None, refused=True, kind="refused"
    )
    assert [c.peer for c in engine.read(contacts.all_contacts)] == ["k3m7q", "other"]
    assert engine.read(lambda r: contacts.contact(r, "stranger")) is None


def test_an_item_offered_again_is_set_aside_once(engine):
    def keep(tx, revision):
        return set_aside.keep_aside(
            tx, "station_a", "case:1", revision=revision, document=b"{}", reason="r", offered_by="w", now_ms=1
        )

    assert [engine.write(lambda tx, r=r: keep(tx, r)) for r in ("1-a", "1-a", "1-b")] == [True, False, True]
    assert engine.read(set_aside.count_aside) == 2
    first = engine.read(set_aside.items_aside)[0]
    engine.write(lambda tx: set_aside.settle_aside(tx, first.item, now_ms=7))
    assert engine.read(set_aside.count_aside) == 1
    settled = engine.read(lambda r: set_aside.find_aside(r, first.item))
    assert (settled.settled_ms, settled.document) == (7, b"{}")


def test_only_a_newer_certificate_replaces_what_is_known(engine):
    village = Known("w" * 16, "k3m7q", "village", "990281101201", "石桥村", "l1u2h", bytes(32), 2, False)
    other = Known("x" * 16, "k3m7q", "village", "990281101201", "手机", "l1u2h", bytes(32), 1, False)
    older = Known("w" * 16, "k3m7q", "village", "990281101201", "旧名", "l1u2h", bytes(32), 1, False)
    revoked = Known("w" * 16, "k3m7q", "village", "990281101201", "石桥村", "l1u2h", bytes(32), 3, True)
    changes = [
        engine.write(lambda tx, k=k: certificates.put_certificate(tx, k)) for k in (village, older, village, other)
    ]
    assert changes == [True, False, False, True]
    assert engine.read(lambda r: certificates.certificates_of_station(r, "k3m7q")) == (village, other)
    engine.write(lambda tx: certificates.put_certificate(tx, revoked))
    assert engine.read(lambda r: certificates.certificate_of(r, "w" * 16)) == revoked
    assert engine.read(certificates.all_certificates) == (revoked, other)


def test_a_contradiction_is_one_alarm_until_settled_and_after(engine):
    alarm = alarms.Alarm("two-events", "w", "l", 3, "known", "offered", "station_a/case:1", 5)
    assert engine.write(lambda tx: alarms.raise_alarm(tx, alarm))
    assert not engine.write(lambda tx: alarms.raise_alarm(tx, alarm))
    (open_one,) = engine.read(alarms.open_alarms)
    engine.write(lambda tx: alarms.settle_alarm(tx, open_one.alarm, by="acct:a", why="a copy", now_ms=6))
    engine.write(lambda tx: alarms.settle_alarm(tx, open_one.alarm, by="acct:b", why="mine", now_ms=7))
    (settled,) = engine.read(alarms.settled_alarms)
    assert (settled.settled_ms, settled.settled_by, settled.why) == (6, "acct:a", "a copy")
    assert engine.read(alarms.count_alarms) == 0
    assert engine.read(alarms.open_alarms) == ()
    assert not engine.write(lambda tx: alarms.raise_alarm(tx, alarm))
    assert engine.read(alarms.open_alarms) == ()


def test_a_follower_goes_on_where_it_was(engine):
    assert engine.read(lambda r: followed.followed_to(r, "holdings", "station_a")) == "0"
    engine.write(lambda tx: followed.note_followed(tx, "holdings", "station_a", seq="12-x"))
    assert engine.read(lambda r: followed.followed_to(r, "holdings", "station_a")) == "12-x"
    assert engine.read(lambda r: followed.followed_to(r, "merging", "station_a")) == "0"
