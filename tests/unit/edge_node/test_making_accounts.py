"""A station's people get their accounts from whoever runs its PC."""

import pytest

from edge_node.roles import ROLES
from sync.errors import FileExists, Invalid, NotFound
from sync.web.making_accounts import change_account, make_account, reset_password
from sync.web.roles import Role


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


def test_what_a_person_is_called_can_be_changed_without_touching_the_rest(station):
    made = make_account(station.accounts, ROLES, "zhao", role="reviewer", phone="13800138000", password="Shiqiao-2026")
    assert station.accounts.find("zhao").display_name == "zhao"
    assert change_account(station.accounts, "zhao", display_name=" 赵 敏 ")["display_name"] == "赵 敏"
    account = station.accounts.verify("zhao", "Shiqiao-2026")
    assert (account.display_name, account.phone, account.role) == ("赵 敏", "13800138000", Role.REVIEWER)
    change_account(station.accounts, "zhao", phone="13800138001")
    assert (station.accounts.find("zhao").display_name, station.accounts.find("zhao").phone) == ("赵 敏", "13800138001")
    assert made["password"] == ""
    with pytest.raises(NotFound):
        change_account(station.accounts, "nobody", display_name="赵敏")


@pytest.mark.parametrize("wrong", ["", "  ", "赵\x07敏", "赵" * 65])
def test_a_name_of_a_person_that_nobody_could_read_is_refused(station, wrong):
    with pytest.raises(Invalid) as refusal:
        change_account(station.accounts, "wang", display_name=wrong)
    assert [name for name, _ in refusal.value.fields] == ["display_name"]
    assert station.accounts.find("wang").display_name == "wang"
