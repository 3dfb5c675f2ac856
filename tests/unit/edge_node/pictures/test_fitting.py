"""A photo is made fit: small enough for the link, upright, still a page that can be read."""

import struct
import zlib

import pytest
from PIL import Image

from edge_node.pictures.fitting import MOST_PIXELS, MOST_REDUCED_PIXELS, TooManyPixels, fit
from tests.unit.edge_node.pictures.drawing import notes, opened, page, saved

TARGET = 300 << 10
ON_THE_WAY = 0.6  # of the target: much smaller would have thrown away what there is room for


@pytest.fixture(scope="module")
def camera() -> bytes:
    """A page as a phone of twelve million pixels takes it, lying on its side."""
    return saved(page(4032, 3024), quality=90, exif=notes(turned=6))


def edges(picture: Image.Image) -> float:
    """How much lighter and darker neighbouring dots of a picture are on the average: what print consists of."""
    grey = picture.convert("L")
    width, height = grey.size
    shifted = grey.crop((1, 0, width, height)), grey.crop((0, 0, width - 1, height))
    pairs = zip(shifted[0].tobytes(), shifted[1].tobytes(), strict=True)
    return sum(abs(one - other) for one, other in pairs) / (width * height)


def test_a_phones_photo_comes_near_the_target_upright_and_without_a_word_beside_it(camera):
    fitted = fit(camera, target_bytes=TARGET)
    picture = opened(fitted)
    assert ON_THE_WAY * TARGET < len(fitted) <= TARGET
    assert picture.size == (1500, 2000)
    assert dict(picture.getexif()) == {}
    assert b"Exif" not in fitted
    assert b"Yizhan Phone" not in fitted


def test_print_is_as_sharp_as_dots_of_that_size_allow(camera):
    before = opened(camera).resize((2000, 1500), Image.Resampling.LANCZOS).transpose(Image.Transpose.ROTATE_270)
    assert edges(opened(fit(camera, target_bytes=TARGET))) > 0.7 * edges(before)


@pytest.mark.parametrize("turned", range(1, 9))
def test_every_way_a_camera_can_be_held_ends_upright(turned):
    drawn = page(1200, 900)
    drawn.paste("white", (600, 450, 1200, 900))
    drawn.paste("black", (0, 0, 300, 300))  # the upper left corner
    back = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(turned, 1)
    lying = drawn if back == 1 else drawn.transpose(TURN[back])
    picture = opened(fit(saved(lying, quality=95, exif=notes(turned=turned)), target_bytes=150_000))
    assert picture.width > picture.height
    assert picture.convert("L").getpixel((picture.width // 10, picture.height // 10)) < 60
    assert picture.convert("L").getpixel((picture.width * 9 // 10, picture.height * 9 // 10)) > 200


TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def test_what_nothing_shows_through_is_white():
    drawn = page(2400, 1800, mode="RGBA")
    drawn.paste((0, 0, 0, 0), (0, 0, 800, 800))
    picture = opened(fit(saved(drawn, "PNG"), target_bytes=TARGET))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (2000, 1500))
    assert min(picture.getpixel((100, 100))) > 240


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_scanners_jpeg_is_made_one_that_every_browser_shows(mode):
    picture = opened(fit(saved(page(2400, 3200, mode=mode), quality=92), target_bytes=TARGET))
    assert picture.mode == ("L" if mode == "L" else "RGB")
    assert picture.size == (1500, 2000)
    assert 90 < sum(picture.convert("L").histogram()[level] * level for level in range(256)) / (1500 * 2000) < 240


@pytest.mark.parametrize("mode", ["1", "P", "LA", "I;16"])
def test_a_png_of_any_kind_is_made_fit(mode):
    grey = page(2400, 3200, mode="L")
    if mode == "I;16":
        drawn = Image.frombytes("I;16", grey.size, b"".join(struct.pack("<H", level << 8) for level in grey.tobytes()))
    else:
        drawn = grey.convert(mode)
    content = saved(drawn, "PNG", compress_level=0)
    picture = opened(fit(content, target_bytes=TARGET))
    assert max(picture.size) <= 2000
    assert 120 < sum(picture.convert("L").resize((60, 80)).tobytes()) / 4800 < 250


def test_nothing_is_made_larger():
    assert opened(fit(saved(page(1100, 800), quality=98), target_bytes=100_000)).size == (1100, 800)
    assert fit(saved(page(300, 200), quality=20), target_bytes=100_000) is None


def test_a_small_target_is_met_by_fewer_dots():
    fitted = fit(saved(page(4032, 3024), quality=90), target_bytes=60_000)
    assert len(fitted) <= 60_000
    assert max(opened(fitted).size) < 2000


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has all those pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_opened():
    with pytest.raises(TooManyPixels, match="60000×60000"):
        fit(bomb(60_000, 60_000), target_bytes=TARGET)
    with pytest.raises(TooManyPixels):
        fit(bomb(MOST_PIXELS // 5000 + 1, 5000), target_bytes=TARGET)


def test_of_a_progressive_jpeg_less_is_taken_than_of_one_that_can_be_read_coarsely():
    large = saved(Image.new("L", (10_000, MOST_PIXELS // 10_000 + 1), 200), quality=50)
    assert fit(large, target_bytes=10_000) is not None
    with pytest.raises(TooManyPixels):
        fit(saved(opened(large), quality=50, progressive=True), target_bytes=10_000)
    assert MOST_REDUCED_PIXELS > MOST_PIXELS


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0nonsense", b"%PDF-1.7 a form", b"\0\0\0\x18ftypheic"])
def test_what_is_no_picture_is_left_alone(content):
    assert fit(content, target_bytes=10) is None


def test_a_picture_that_breaks_off_is_left_alone(camera):
    assert fit(camera[: len(camera) // 2], target_bytes=TARGET) is None
