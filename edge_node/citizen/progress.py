"""查进度: the form for a number and its query code, and what is told of the case.

Both are sent in the body of a form and never stand in an address. A form that was answered answers no second time: at a
kiosk the next person would get the last one's case by going back and loading the page again.

Must not know: how a code is checked, what is told.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.messages import _
from edge_node.station import station_of_app
from sync.case_pages.words import STEPS, hops_of, look_of, step_of
from sync.casework.errors import WrongTooOften
from sync.casework.query_case import Queries
from sync.casework.tell_citizen import tell_citizen
from sync.errors import Invalid, NotFound
from sync.messages import N_
from sync.papers.place_papers import place_papers
from sync.papers.print_slip import bundle_sentence
from sync.records.masks import mask_text
from sync.web.problems import problem_of
from sync.web.sessions import require_own_origin

_EXTENSION = "yizhan.citizen"
_MOST_ANSWERED = 4096
# {where a paper is, as `place_papers` says: what that is to whoever handed it in}
_PAPERS_AT: Mapping[str, str] = {
    "station": N_("At the station that received it"),
    "on_the_way": N_("On its way to the township"),
    "township": N_("At the township"),
    "given_back": N_("Sent back to the station that received it"),
    "missing": N_("Not found when the bag was opened; the station asks you if it needs it once more"),
}


class Desk:
    """The queries of an application, and which forms have been answered. Guards that one is answered once."""

    def __init__(self, queries: Queries) -> None:
        self.queries = queries
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_answered(self, form: str) -> bool:
        """Whether this form has been answered."""
        with self._lock:
            return form in self._answered

    def note_answered(self, form: str) -> None:
        """It has; the oldest is forgotten for the newest."""
        with self._lock:
            self._answered[form] = None
            if len(self._answered) > _MOST_ANSWERED:
                self._answered.popitem(last=False)


def attach_desk(app: Flask, desk: Desk) -> None:
    """Give an application the queries of citizens."""
    app.extensions[_EXTENSION] = desk


def progress() -> ResponseReturnValue:
    """The form, and with a number and its code the case."""
    if request.method == "GET":
        return _form()
    require_own_origin()
    desk: Desk = current_app.extensions[_EXTENSION]
    form, number, code = (request.form.get(name, "")[:200] for name in ("form", "number", "code"))
    if not form or desk.is_answered(form):
        return redirect(url_for("citizen.progress"), 303)
    try:
        case = desk.queries.case(number, code, address=request.remote_addr or "")
    except Invalid as refusal:
        return _form(number, errors=dict(refusal.fields)), 422
    except (NotFound, WrongTooOften) as refusal:
        return _form(number, sentence=refusal.reason), problem_of(refusal).status
    desk.note_answered(form)
    node = station_of_app().node
    told = tell_citizen(node, case)
    return render_template(
        "citizen/case.html",
        case=told,
        papers=_papers(place_papers(node, case.id)),
        bundle=bundle_sentence(case.fields),
        hops=hops_of(told["custody"], own_sid=""),  # 本机 is nobody's word for where his papers are
        steps=[_(step) for step in STEPS],
        step=step_of(told["state"]),
        look=look_of(told["state"]),
    )


def _papers(places: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """[(where, the papers that are there)]: what was handed in lies somewhere, wherever its data has come."""
    at: dict[str, list[str]] = {}
    for one in places:
        where = one["where"] if one["where"] in _PAPERS_AT else "station"  # packed it lies there as well
        at.setdefault(where, []).append(mask_text(one["material"]))
    return [(_(_PAPERS_AT[where]), _(", ").join(names)) for where, names in at.items()]


def _form(number: str = "", *, errors: Mapping[str, str] | None = None, sentence: str = "") -> str:
    return render_template(
        "citizen/progress.html",
        form=secrets.token_urlsafe(12),
        number=number,
        errors=errors or {},
        sentence=sentence,
        station=station_of_app().node.identity,
    )
