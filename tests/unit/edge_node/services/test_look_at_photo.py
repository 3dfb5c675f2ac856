"""A photo is what its bytes are."""

import pytest

from fixtures.photos import photo
from sync.casework.look_at_photo import photo_problem, photo_type
from tests.unit.edge_node.applications import JPEG, png
from tests.unit.edge_node.pictures.drawing import notes, page, saved

LIMIT = 1 << 20


@pytest.mark.parametrize(
    ("content", "kind"),
    [(JPEG, "image/jpeg"), (png(), "image/png"), (b"GIF89a", ""), (b"\xff\xd8", ""), (b"\x89PNG\r\n\x1a\nxxxx", "")],
)
def test_the_type_is_read_off_the_content(content, kind):
    assert photo_type(content) == kind


@pytest.mark.parametrize("content", [JPEG, png(), photo(1, max_bytes=20_000), JPEG + b"a maker's trailer"])
def test_a_whole_photo_has_no_problem(content):
    assert photo_problem(content, "", largest_bytes=LIMIT) == ""
    assert photo_problem(content, photo_type(content), largest_bytes=LIMIT) == ""


@pytest.mark.parametrize(
    ("content", "declared", "says"),
    [
        (b"", "", "空"),
        (JPEG + bytes(LIMIT), "", "超过 1 MB"),
        (b"%PDF-1.7", "image/jpeg", "JPEG 或 PNG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic", "兼容性最佳"),
        (b"<svg onload=alert(1)>", "image/svg+xml", "JPEG 或 PNG"),
        (JPEG, "image/png", "不符"),
        (png(), "text/html", "不符"),
        (JPEG[:-2], "image/jpeg", "不完整"),
        (png()[:-12], "image/png", "不完整"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(content, declared, says):
    assert says in photo_problem(content, declared, largest_bytes=LIMIT)


def test_a_photo_with_a_film_behind_its_end_is_whole_and_one_that_breaks_off_is_not() -> None:
    film = b"\0\0\0\x18ftypmp42" + b"moving" * 20_000
    for kind in ("JPEG", "PNG"):
        photo = saved(page(160, 120), kind, exif=notes())
        assert photo_problem(photo + film, "", largest_bytes=LIMIT) == ""
        assert "不完整" in photo_problem(photo[: len(photo) // 2], "", largest_bytes=LIMIT)
