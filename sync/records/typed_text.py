"""Text as people type it: what a Chinese keyboard and a table they copy from make of figures and blanks.

Figures, letters and blanks come twice as wide as others, and numbers are read out and typed in groups. None of it is a
mistake of whoever typed it, and who looks at 18 figures does not understand that 18 are asked for.

Must not know: fields, what a number means.
"""

import re

_OF_CHINA = re.compile(r"\A(?:\(?\+86\)?|0086)-?(?=[0-9])")
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys(map(ord, "\u3000\u00a0"), " ")


def narrow_number(text: str) -> str:
    """A number, a date or an amount as machines write it: narrow figures and letters, no blanks."""
    return "".join(text.translate(_WIDE).split())


def plain_name(name: object) -> str:
    """A name as names are compared, without blanks; "" for what is no text."""
    return "".join(name.split()) if isinstance(name, str) else ""


def narrow_phone(text: str) -> str:
    """A telephone number as it is kept: a telephone's own list of contacts writes China's +86 before it."""
    return _OF_CHINA.sub("", narrow_number(text))


def can_be_shown(text: str) -> bool:
    """Whether a line has only what is seen, or is a blank between it, be it a wide one."""
    return text.translate(_BLANKS).isprintable()
