"""亲属代查: at the desk an agent tells a relative how a person's cases stand, where the person lets him ask.

    GET POST  /people/relatives

Both are named by the numbers of their papers, which stand in no address, or by their registrations where a page knows
them already.

Must not know: what is told, who may be told.
"""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sync.case_api.asking import asker
from sync.case_api.record_acts import STAFF
from sync.casework.tell_relative import MOST_CASES, tell_relative
from sync.errors import Forbidden
from sync.messages import N_, _
from sync.node.node import Node
from sync.people.find_person import first_by_number
from sync.records.id_papers import PAPER_KINDS
from sync.web.problems import in_full, problem_of
from sync.web.sessions import signed_in

_LABELS = {"relative": N_("Number of the paper of who asks"), "person": N_("Number of the paper of whose cases")}
_LONGEST_NUMBER = 80


def add_relatives(blueprint: Blueprint, node: Node) -> None:
    """Give the pages about people this one."""

    def relatives() -> ResponseReturnValue:
        return _page(node)

    view = signed_in(*STAFF)(relatives)
    blueprint.add_url_rule("/people/relatives", "relatives", view, methods=["GET", "POST"])


def _page(node: Node) -> ResponseReturnValue:
    """The form, and the cases where they may be told."""
    if request.method == "GET":
        return _drawn()
    named = {name: _named(node, name) for name in _LABELS}
    errors = {f"{name}_number": said for name, (_id, said) in named.items() if said}
    try:
        told = tell_relative(node, named["person"][0], named["relative"][0], by=asker().actor)
    except Forbidden as refusal:
        sentence = "" if errors else in_full(refusal)
        return _drawn(errors=errors, sentence=sentence), 422 if errors else problem_of(refusal).status
    return _drawn(told=told)


def _named(node: Node, name: str) -> tuple[str, str]:
    """The id of somebody the form names, and what is wrong with his number."""
    known, number = request.form.get(name, ""), request.form.get(f"{name}_number", "").strip()[:_LONGEST_NUMBER]
    if known:
        return known, ""
    if not number:
        return "", _("Please fill in: %(label)s", label=_(_LABELS[name]))
    row = first_by_number(node, PAPER_KINDS, number)
    return (row.id, "") if row else ("", _("Nobody with this number is registered here, so nothing is told"))


def _drawn(*, told: dict[str, Any] | None = None, errors: dict[str, str] | None = None, sentence: str = "") -> str:
    return render_template(
        "people/relatives.html",
        told=told,
        errors=errors or {},
        sentence=sentence,
        labels={f"{name}_number": _(label) for name, label in _LABELS.items()},
        values={name: value for name, value in request.form.items() if name.endswith("_number")},
        most=MOST_CASES,
    )
