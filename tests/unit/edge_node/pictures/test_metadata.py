"""What a camera writes beside a picture is taken out, and the picture is not touched."""

import struct
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import PngImagePlugin

from edge_node.pictures.metadata import without_metadata
from tests.unit.edge_node.applications import JPEG, png
from tests.unit.edge_node.pictures.drawing import TURNED, notes, opened, page, saved

DRAWN = page(160, 120)


def test_where_and_with_what_a_photo_was_taken_is_gone_and_every_dot_is_there():
    content = saved(DRAWN, exif=notes(), comment=b"by somebody")
    bare = without_metadata(content)
    assert bare != content
    assert dict(opened(bare).getexif()) == {}
    assert opened(bare).tobytes() == opened(content).tobytes()
    assert not any(word in bare for word in (b"Exif", b"Yizhan Phone", b"by somebody"))


def test_which_way_up_it_is_stays():
    bare = without_metadata(saved(DRAWN, exif=notes(turned=6)))
    assert dict(opened(bare).getexif()) == {TURNED: 6}
    assert without_metadata(bare) == bare


def test_a_note_that_points_anywhere_costs_no_photo():
    for first in (0, 7, 1 << 31):
        tiff = struct.pack(">2sHI", b"MM", 42, first)
        content = saved(DRAWN)
        noted = content[:2] + segment(b"Exif\0\0" + tiff) + content[2:]
        assert without_metadata(noted) in (content, noted)


def segment(body: bytes, marker: int = 0xE1) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


SECRET = b"39.5N 109.9E"
BARE, MOVING = saved(DRAWN), b"\0\0\0\x18ftypmp42" + SECRET


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BARE + saved(DRAWN, exif=notes(), comment=SECRET), id="the photo once more behind its end"),
        pytest.param(BARE + MOVING, id="a film behind its end"),
        pytest.param(BARE[:2] + segment(b"JP" + SECRET, 0xEB) + BARE[2:], id="credentials"),
        pytest.param(BARE[:2] + segment(b"GoPro\0" + SECRET, 0xE6) + BARE[2:], id="a camera's own note"),
        pytest.param(BARE[:2] + segment(b"FPXR\0" + SECRET, 0xE2) + BARE[2:], id="beside the profile"),
        pytest.param(BARE[:2] + segment(b"JFXX\0" + SECRET, 0xE0) + BARE[2:], id="a preview"),
        pytest.param(BARE[:2] + b"\xff\xff" + segment(b"Exif\0\0" + SECRET) + BARE[2:], id="behind filling bytes"),
        pytest.param(BARE[:-2] + segment(SECRET, 0xFE) + BARE[-2:], id="behind the scan"),
        pytest.param(saved(DRAWN, progressive=True, comment=SECRET) + MOVING, id="of several scans"),
        pytest.param(saved(DRAWN.convert("CMYK"), comment=SECRET) + MOVING, id="of four colours"),
        pytest.param(saved(DRAWN, restart_marker_blocks=2, comment=SECRET) + MOVING, id="with places to begin anew"),
        pytest.param(saved(DRAWN, "PNG") + MOVING, id="behind a PNG's end"),
    ],
)
def test_wherever_a_telephone_hides_a_note_it_is_gone_and_every_dot_is_there(content: bytes) -> None:
    assert SECRET in content or b"Exif" in content
    bare = without_metadata(content)
    assert SECRET not in bare
    assert b"Exif" not in bare
    assert opened(bare).tobytes() == opened(content).tobytes()
    assert without_metadata(bare) == bare


def test_what_there_is_of_a_photo_that_breaks_off_is_kept_without_its_notes() -> None:
    for whole in (saved(DRAWN, exif=notes(), comment=SECRET), saved(DRAWN, "PNG", exif=notes())):
        bare = without_metadata(whole[: len(whole) * 3 // 4])
        assert whole.endswith(bare[-500:] + whole[len(whole) * 3 // 4 :])
        assert not any(word in bare for word in (SECRET, b"Yizhan Phone"))
    headless = b"\xff\xd8" + segment(b"Exif\0\0" + SECRET) + b"no picture"
    assert SECRET not in without_metadata(headless)


@given(st.integers(0, 1000))
def test_what_only_begins_and_ends_as_a_picture_is_left_as_it_is(seed: int) -> None:
    """In noise there is everything that looks like a marker, also a picture's end."""
    noise = Random(seed).randbytes(200_000)
    for begin, end in ((b"\xff\xd8\xff", b"\xff\xd9"), (b"\x89PNG\r\n\x1a\n", b"\0\0\0\0IEND\xaeB`\x82")):
        assert without_metadata(begin + noise + end) == begin + noise + end


def test_which_way_up_a_png_is_stays() -> None:
    bare = without_metadata(saved(DRAWN, "PNG", exif=notes(turned=8)))
    assert dict(opened(bare).getexif()) == {TURNED: 8}
    assert without_metadata(bare) == bare


def test_the_colours_stay_what_they_are():
    bare = without_metadata(saved(DRAWN, exif=notes(), icc_profile=b"a profile"))
    assert opened(bare).info["icc_profile"] == b"a profile"


def test_a_png_tells_nothing_either():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "somebody")
    content = saved(DRAWN, "PNG", pnginfo=texts, exif=notes())
    bare = without_metadata(content)
    assert opened(bare).tobytes() == opened(content).tobytes()
    assert not any(word in bare for word in (b"eXIf", b"tEXt", b"somebody", b"Yizhan Phone"))


def test_what_has_nothing_beside_it_is_the_same_file():
    for content in (saved(DRAWN), png(), JPEG, b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        assert without_metadata(content) == content


@given(
    st.binary(max_size=400),
    st.sampled_from([b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xfe\0\x04ab\xff"]),
)
def test_whatever_follows_nothing_breaks(rest, start):
    assert isinstance(without_metadata(start + rest), bytes)


@given(st.integers(min_value=1, max_value=400), st.integers(min_value=0, max_value=255))
def test_a_file_with_a_wrong_byte_is_still_given_back(place, byte):
    content = bytearray(saved(DRAWN, exif=notes()))
    content[place] = byte
    assert isinstance(without_metadata(bytes(content)), bytes)
