"""Whether a file is a photo, by what is in it and not by what it is called.

Must not know: what is on the photo.
"""

from sync.casework.picture_parts import JPEG_START, PNG_END, PNG_START, has_end
from sync.messages import _

_JPEG, _PNG = "image/jpeg", "image/png"
_JPEG_END, _PNG_HEADER = b"\xff\xd9", b"IHDR"
_APPLE = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1")
# Cameras may add a preview or some bytes of their own behind the picture.
_TRAILER_BYTES = 1 << 16


def photo_type(content: bytes) -> str:
    """`image/jpeg`, `image/png`, or "" for anything else."""
    if content.startswith(JPEG_START):
        return _JPEG
    if content.startswith(PNG_START) and content[12:16] == _PNG_HEADER:
        return _PNG
    return ""


def photo_problem(content: bytes, declared: str, *, largest_bytes: int) -> str:
    """What is wrong with a photo, in Chinese; "" when nothing is.

    declared  the media type the client claims; "" for none
    """
    kind = photo_type(content)
    if not content:
        return _("The photo is empty")
    if len(content) > largest_bytes:
        megabytes = f"{largest_bytes / (1 << 20):g}"
        return _("The photo is larger than %(megabytes)s MB, make it smaller first", megabytes=megabytes)
    if not kind and content[4:12] in _APPLE:
        return _(
            "Few computers can show HEIC photos: choose “most compatible” (JPEG) in the camera settings of the "
            "telephone, and take it again"
        )
    if not kind:
        return _("Neither a JPEG nor a PNG photo: photograph the paper, or save the file as a JPEG picture first")
    if declared and declared != kind:
        return _("The content of the photo is not of the type it was sent as")
    # In a damaged file its end may lie within what claims to be a part; whoever shows it finds it by looking.
    whole = has_end(content) or (_JPEG_END if kind == _JPEG else PNG_END) in content[-_TRAILER_BYTES:]
    return "" if whole else _("The photo is not whole, take or upload it again")
