"""A station's people get their accounts from whoever runs its PC."""

import pytest

from edge_node.commands import ROLES
from sync.errors import FileExists, Invalid, NotFound
from sync.web.accounts import Role
from sync.web.making_accounts import make_account, reset_password


def test_an_account_is_made_with_a_password_given_or_made_up(station):
    assert make_account(station.accounts, ROLES, "chen", role="agent", password="Shiqiao-2026")["password"] == ""
    assert station.accounts.verify("chen", "Shiqiao-2026").role is Role.AGENT
    made = make_account(station.accounts, ROLES, "zhao", role="reviewer", display_name="赵")
    assert station.accounts.verify("zhao", made["password"]).must_change


@pytest.mark.parametrize("role", ["supervisor", "king", ""])
def test_a_station_has_no_accounts_of_the_centre(station, role):
    with pytest.raises(Invalid):
        make_account(station.accounts, ROLES, "chen", role=role, password="Shiqiao-2026")


def test_a_taken_name_says_what_to_do_and_a_reset_opens_it(station):
    with pytest.raises(FileExists) as refusal:
        make_account(station.accounts, ROLES, "wang", role="agent", password="Shiqiao-2026")
    assert "--reset" in refusal.value.remedy
    made = reset_password(station.accounts, "wang")
    assert station.accounts.verify("wang", made["password"]).must_change
    with pytest.raises(NotFound):
        reset_password(station.accounts, "nobody")
