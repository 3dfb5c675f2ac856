"""A photo made small enough for the link: upright, at most 2000 pixels long, a JPEG of about the wanted size.

A page of A4 that fills the picture has 170 dots to the inch then, and print of 6.5 points can be read. Print needs
the dots more than it needs fine shades: the quality goes down first, and the picture is made smaller only when that
is not enough. The only home of Pillow.

Must not know: processes, what is on the photo.
"""

import io
import struct
import warnings

from PIL import Image, ImageOps

# What is decoded is held at four bytes a pixel, and a station has 1 GB. A JPEG can be decoded at a half, a quarter or
# an eighth, unless it is progressive: then all of it is held.
MOST_PIXELS = 40_000_000
MOST_REDUCED_PIXELS = 250_000_000
LONGEST_SIDES = (2000, 1800, 1600, 1300, 1000, 700)
QUALITIES = (82, 60, 44, 32)
_LARGEST_PROFILE_BYTES = 4096
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, ArithmeticError)
_FORMATS = ("JPEG", "PNG")


class TooManyPixels(Exception):
    """To look at the photo takes more memory than a station has; the message is its width and height."""


def fit(content: bytes, *, target_bytes: int) -> bytes | None:
    """A JPEG of the photo, of at most so many bytes if that can be; None when the photo had better stay as it is.

    returns  None for what cannot be decoded, and for what would not become smaller
    raises   TooManyPixels, before anything is decoded
    """
    try:
        picture, profile = _small_picture(content)
    except _UNREADABLE:
        return None
    fitted = _encoded(picture, target_bytes, profile)
    return fitted if len(fitted) < len(content) else None


def _small_picture(content: bytes) -> tuple[Image.Image, bytes]:
    """The picture, upright and at most as long as the longest side, and its colour profile if that is worth keeping."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is odd about a file is nobody's business while it can be read
        Image.MAX_IMAGE_PIXELS = None  # we ask ourselves, and sooner
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            width, height = opened.size
            scale = min(1.0, LONGEST_SIDES[0] / max(width, height))
            reduced = opened.format != "PNG" and not opened.info.get("progressive")
            if width * height > (MOST_REDUCED_PIXELS if reduced else MOST_PIXELS):
                raise TooManyPixels(f"{width}×{height}")
            opened.draft(None, (int(width * scale), int(height * scale)))
            # The dots' own place in the file says nothing of which way up they are; the camera's note does.
            turned = opened.getexif().get(0x0112, 1)
            profile = opened.info.get("icc_profile", b"") if opened.mode in ("RGB", "L") else b""
            picture = _plain(opened)
    picture.thumbnail((LONGEST_SIDES[0], LONGEST_SIDES[0]), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _upright(picture, turned), profile if len(profile) <= _LARGEST_PROFILE_BYTES else b""


def _plain(opened: Image.Image) -> Image.Image:
    """A picture in one of the modes that can be made smaller without false colours."""
    if opened.mode.startswith("I"):  # a scanner's sixteen bits
        return opened.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if "A" in opened.getbands() or "transparency" in opened.info:
        return _on_white(opened)
    if opened.mode in ("RGB", "L"):
        opened.load()
        return opened.copy() if opened.readonly else opened
    return opened.convert("L" if opened.mode == "1" else "RGB")


def _on_white(opened: Image.Image) -> Image.Image:
    """What nothing shows through; before it is made smaller, which of one that something does takes two copies more."""
    if opened.mode in ("RGBA", "LA"):
        opened.load()
        seen = opened
    else:
        seen = opened.convert("RGBA")
    paper = Image.new("L" if seen.mode == "LA" else "RGB", seen.size, "white")
    paper.paste(seen.getchannel("L") if seen.mode == "LA" else seen, mask=seen.getchannel("A"))
    return paper


def _upright(picture: Image.Image, turned: int) -> Image.Image:
    picture.getexif()[0x0112] = turned
    return ImageOps.exif_transpose(picture)


def _encoded(picture: Image.Image, target_bytes: int, profile: bytes) -> bytes:
    """The largest and then the best that is small enough; the smallest there is when none is."""
    jpeg = b""
    for side in LONGEST_SIDES:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        refused = 0
        for quality in QUALITIES:
            jpeg = _jpeg(picture, quality, profile)
            if len(jpeg) <= target_bytes:
                better = _jpeg(picture, (quality + refused) // 2, profile) if refused else jpeg
                return better if len(better) <= target_bytes else jpeg
            refused = quality
    return jpeg


def _jpeg(picture: Image.Image, quality: int, profile: bytes) -> bytes:
    into = io.BytesIO()
    picture.save(into, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=profile or None)
    return into.getvalue()
