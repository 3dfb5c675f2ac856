"""Pictures as cameras and scanners make them, drawn here."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

GPS_IFD, TURNED, MAKER = 0x8825, 0x0112, 0x010F


def page(width: int, height: int, *, seed: int = 1, mode: str = "RGB") -> Image.Image:
    """A page of small dark strokes on lit paper, with the grain that makes a photo heavy."""
    chance = Random(seed)
    picture = Image.new("L", (width, height), 235)
    pen = ImageDraw.Draw(picture)
    step = max(6, width // 120)
    for top in range(step, height - step, 3 * step):
        for left in range(step, width * 4 // 5, step):
            end = (left + chance.randrange(step), top + chance.randrange(step))
            pen.line((left, top, *end), fill=40, width=max(1, step // 6))
    grain = Image.effect_noise((width, height), 16)
    return Image.blend(picture.filter(ImageFilter.GaussianBlur(width / 4000)), grain, 0.1).convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    into = io.BytesIO()
    picture.save(into, kind, **options)
    return into.getvalue()


def opened(content: bytes) -> Image.Image:
    """A file as a picture, read to its end."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def notes(*, turned: int = 1) -> Image.Exif:
    """What a camera writes beside a picture: make, which way up, and where."""
    exif = Image.Exif()
    exif[MAKER] = "Yizhan Phone"
    exif[TURNED] = turned
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (39.0, 30.0, 0.0), 3: "E", 4: (109.0, 59.0, 0.0)})
    return exif
