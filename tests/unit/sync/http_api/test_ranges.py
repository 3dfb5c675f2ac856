"""Which parts of a content a request asks for; the answers are those a live CouchDB 3.5 gave, but where noted."""

import pytest

from sync.http_api.ranges import asked_ranges, names_etag
from sync.wire.problems import RangeNotSatisfiable

NINE = ",".join(f"{n}-{n}" for n in range(9))


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("", []),
        ("bytes=0-9", [(0, 9)]),
        ("bytes=0-", []),
        ("bytes=0-999", [(0, 999)]),  # some players go on only where such a range is answered as one
        ("bytes=0-5000", [(0, 999)]),
        ("bytes=990-", [(990, 999)]),
        ("bytes=-5", [(995, 999)]),
        ("bytes=-5000", [(0, 999)]),  # CouchDB leaves out the first byte
        ("bytes=995-2000", [(995, 999)]),
        ("bytes=abc", []),
        ("bytes=-", []),
        ("lines=1-2", []),
        ("bytes=0-1, 4-5", [(0, 1), (4, 5)]),
        (f"bytes={NINE}", [(n, n) for n in range(9)]),
        (f"bytes={NINE},9-9", []),
    ],
)
def test_ranges_are_cut_to_the_content_and_strange_ones_give_the_whole(header: str, ranges: list) -> None:
    assert list(asked_ranges(header, 1000)) == ranges


def test_an_empty_content_may_be_asked_for_from_its_beginning() -> None:
    assert list(asked_ranges("bytes=0-", 0)) == []


@pytest.mark.parametrize("header", ["bytes=5000-", "bytes=9-3", "bytes=-0", "bytes=0-1,1000-"])
def test_a_range_without_a_byte_is_refused(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable, match="Requested range not satisfiable"):
        asked_ranges(header, 1000)


@pytest.mark.parametrize(
    ("header", "named"), [("", False), ('"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False)]
)
def test_an_etag_may_be_one_of_several(header: str, named: bool) -> None:
    assert names_etag(header, '"a"') is named
