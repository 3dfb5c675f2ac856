"""A text as a QR code.

Must not know: what it leads to.
"""

from markupsafe import Markup

_QUIET_MODULES = 2  # paper around it is white anyway; four would shrink the rest


def qr_code(text: str) -> Markup:
    """A text as a QR code, an SVG to stand within a page."""
    # Here and not above: what draws codes is 0.7 MB, and is loaded when the first paper is printed.
    import segno

    code = segno.make_qr(text, error="m", boost_error=False)
    return Markup(code.svg_inline(border=_QUIET_MODULES, omitsize=True, svgclass=None, lineclass=None))
