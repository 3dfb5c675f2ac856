"""Whether a file is a photo, by what is in it and not by what it is called.

Must not know: what is on the photo.
"""

_JPEG, _PNG = "image/jpeg", "image/png"
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_PNG_START, _PNG_HEADER = b"\x89PNG\r\n\x1a\n", b"IHDR"
_APPLE = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1")
# Cameras may add a preview or some bytes of their own behind the picture.
_TRAILER_BYTES = 1 << 16


def photo_type(content: bytes) -> str:
    """`image/jpeg`, `image/png`, or "" for anything else."""
    if content.startswith(_JPEG_START):
        return _JPEG
    if content.startswith(_PNG_START) and content[12:16] == _PNG_HEADER:
        return _PNG
    return ""


def photo_problem(content: bytes, declared: str, *, largest_bytes: int) -> str:
    """What is wrong with a photo, in Chinese; "" when nothing is.

    declared  the media type the client claims; "" for none
    """
    kind = photo_type(content)
    if not content:
        return "照片是空的"
    if len(content) > largest_bytes:
        return f"照片超过 {largest_bytes / (1 << 20):g} MB，请压缩后再提交"
    if not kind and content[4:12] in _APPLE:
        return "HEIC 照片只有少数电脑能看，请在手机的相机设置中改为“兼容性最佳”（JPEG），重新拍照"
    if not kind:
        return "不是 JPEG 或 PNG 照片"
    if declared and declared != kind:
        return "照片内容与所称类型不符"
    whole = _JPEG_END in content[-_TRAILER_BYTES:] if kind == _JPEG else b"IEND" in content[-_TRAILER_BYTES:]
    return "" if whole else "照片不完整，请重新拍摄或上传"
