"""How materials were taken: what stays, whether the original was compared, and what more of the same adds up to."""

import pytest

from sync.records.taken_as import joined, stays, taken_as, times_left

SHOWN = {"kind": "photo", "compared": True}


@pytest.mark.parametrize(
    ("material", "words", "left"),
    [
        ({"kind": "original"}, "原件", True),
        ({"kind": "copy"}, "复印件", True),
        ({"kind": "photo"}, "照片", False),
        ({"kind": "copy", "compared": True}, "复印件，已核原件", True),
        (SHOWN, "已核原件，当场退还", False),
        ({"kind": "original", "compared": True}, "原件，已核", True),
        ({"compared": True}, "已核原件", True),
        ({}, "", True),
        ({"on_file": "case:v0001-a"}, "", False),
        ({"on_file": "case:v0001-a", "kind": "copy"}, "复印件", True),
        ({"kind": "of tomorrow", "compared": "yes"}, "of tomorrow", True),
    ],
)
def test_a_material_is_told_by_what_stays_and_what_was_compared(material, words, left):
    assert (taken_as(material), stays(material)) == (words, left)


@pytest.mark.parametrize(
    ("before", "brought", "after"),
    [
        ({"kind": "copy", "copies": 2}, SHOWN, {"kind": "copy", "copies": 2, "compared": True}),
        ({"kind": "copy", "copies": 2}, {"kind": "photo", "copies": 1}, {"kind": "copy", "copies": 2}),
        ({"kind": "original"}, {}, {"kind": "original", "times": 2}),
        ({"kind": "copy", "times": 2}, {"kind": "copy"}, {"kind": "copy", "times": 3}),
        ({"kind": "copy", "times": 2}, SHOWN, {"kind": "copy", "times": 2, "compared": True}),
        ({}, SHOWN, {"compared": True}),
        ({"kind": "photo"}, SHOWN, SHOWN),
        (SHOWN, {"kind": "photo"}, SHOWN),
        (SHOWN, {"kind": "copy", "copies": 1}, {"kind": "copy", "copies": 1}),
        ({"kind": "copy", "compared": True}, {"kind": "original"}, {"kind": "original", "times": 2}),
    ],
)
def test_what_stayed_of_a_material_does_not_go_when_more_of_it_is_shown(before, brought, after):
    assert joined({"name": "身份证", **before}, {"name": "身份证", **brought}) == {"name": "身份证", **after}


@pytest.mark.parametrize(("times", "told"), [(2, 2), (1, 1), (0, 1), (-3, 1), ("2", 1), (True, 1), (None, 1)])
def test_how_often_it_was_left_is_once_where_nobody_says_it_in_sense(times, told):
    assert times_left({"kind": "copy", "times": times}) == told
    assert times_left({"kind": "photo", "times": times}) == 0
