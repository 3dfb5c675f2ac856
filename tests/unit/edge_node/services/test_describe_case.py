"""On a screen a person is recognised and not carried away."""

import pytest

from sync.casework.describe_case import act_name, state_name
from sync.records.masks import masked


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("applicant_name", "张三", "张*"),
        ("applicant_name", "欧阳娜娜", "欧阳**"),
        ("agent_name", "王芳", "王*"),
        ("id_number", "150102199003070023", "150***********0023"),
        ("phone", "13812345678", "138****5678"),
        ("bank_card", "6222021234567890123", "***************0123"),
        ("address", "石桥村3组12号", "石桥村***"),
        ("address", "石桥村三组", "石桥村***"),
        ("address", "桥头老屋", "桥头***"),
        ("reason", "家中困难，电话13812345678", "家中困难，电话138****5678"),
        ("reason", "证号15010219900307002X有误", "证号150***********002X有误"),
        ("reason", "卡6222021234567890123", "卡***************0123"),
        ("money", "300.00", "300.00"),
        ("pay_year", "2026", "2026"),
        ("anything", 7, 7),
        ("anything", None, None),
    ],
)
def test_what_a_screen_shows_of_a_field(name, value, shown):
    assert masked(name, value) == shown


def test_states_and_acts_are_called_as_people_call_them():
    assert (state_name("received"), act_name("supplement_asked")) == ("已收件", "补正告知")


def test_what_a_newer_version_calls_them_is_shown_as_it_is():
    assert (state_name("teleported"), act_name("teleport")) == ("teleported", "teleport")
