"""Sequences as text: what is ours, what is another epoch's, what is none."""

import pytest

from sync.errors import BadRequest
from sync.store.sequences import Sequences

ORDER = Sequences("0123456789abcdef0123456789abcdef", 40)


@pytest.mark.parametrize(
    ("since", "number"),
    [
        ("0", 0),
        ("now", 40),
        ("0-0123456789ab", 0),
        ("7-0123456789ab", 7),
        ("40-0123456789ab", 40),
        ("41-0123456789ab", 0),  # not reached yet: the store was set back
        ("7-ba9876543210", 0),  # another epoch
        ("7-0123456789abcdef", 0),
        ("12-g1AAAACTeJzLYWBgYMpgTmHgz8tPSTV0MDQy1zMAQsMckEQiQ1L9____szKYExlzgQLsyYYGqQbmhujqcRqRxwIkGRqA1H", 0),
    ],
)
def test_a_sequence_is_read_as_the_place_to_go_on_from(since, number):
    assert ORDER.number(since) == number


@pytest.mark.parametrize("since", ["", "7", "-", "7-", "-0123456789ab", "x-y", "1.0-a", " 7-a", "٧-a", "9" * 19 + "-a"])
def test_what_is_no_sequence_is_refused(since):
    with pytest.raises(BadRequest):
        ORDER.number(since)


def test_text_and_number_are_each_others_inverse():
    assert [ORDER.number(ORDER.text(number)) for number in range(41)] == list(range(41))
