"""The page that waits for a photo on its way down; it asks again by itself, until the photo is here or the road is not.

Must not know: whose photo it is.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from sync.casework.errors import StillAbove

_LOOK_AGAIN_SECONDS = 3


def still_above(waiting: StillAbove, here: str, back: str, back_to: str) -> ResponseReturnValue:
    """Draw it.

    here  the address of the photo;  back, where one goes instead, as `back_to` says
    """
    shown = render_template(
        "cases/still_above.html",
        here=here,
        back=back,
        back_to=back_to,
        done=waiting.done,
        of=waiting.of,
        trouble=waiting.trouble,
    )
    headers = {"Cache-Control": "no-store"}
    if not waiting.trouble:
        headers["Refresh"] = str(_LOOK_AGAIN_SECONDS)
    return shown, 202, headers
