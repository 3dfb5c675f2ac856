"""没查到的说法: what people looked for at the stations and did not find.

Must not know: how it came here.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.services.list_missed_words import list_missed_words
from sync.errors import BadRequest

_ROWS = 50
_LONGEST_CURSOR = 400


def misses_page() -> ResponseReturnValue:
    """A page of the list."""
    try:
        cursor = request.args.get("cursor", "")[:_LONGEST_CURSOR]
        page = list_missed_words(centre_of_app().node, cursor=cursor, limit=_ROWS)
    except BadRequest:
        return redirect(url_for("console.misses"))
    return render_template("console/misses.html", page=page)
