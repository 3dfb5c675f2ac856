"""收件, step by step: 情形引导 → 申请人 → 表单 → 材料 → 确认收件.

Each step is a page that keeps what was typed and photographed before it goes anywhere, so that a power cut, another
browser or an hour of lunch lose nothing. What is wrong at a step is said there, and may be left for later; at the last
step everything is said at once.

    GET POST  /items/<code>/application, /bundles/<code>/application   the first step, before there is a draft
    GET POST  /drafts/<id>/<step>                                      any step of a draft

Must not know: how an application is checked and taken.
"""

from collections.abc import Callable
from contextlib import suppress

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from edge_node.desk.drawing_steps import draw
from edge_node.desk.filled_step import errors_at, problems_of, read_off, typed_at
from edge_node.desk.keeping import keep_photos, kept_case, own_draft
from edge_node.desk.old_numbers import lengthened_at
from edge_node.desk.papers import Errors
from edge_node.desk.register import death_told, fill_in
from edge_node.desk.steps import (
    APPLICANT,
    CONFIRM,
    GUIDE,
    NUMBER_INPUT,
    beside,
    fields_at,
    furthest,
    steps_of,
)
from edge_node.desk.taking import confirm
from edge_node.devices.id_reader import CardNotRead
from edge_node.messages import _
from edge_node.services.draft import Draft, Typed
from edge_node.services.matter import BUNDLE, ITEM, Matter, matter_of
from edge_node.services.read_card import read_card
from edge_node.station import Station, station_of_app
from sync.case_api.asking import LONGEST_KEY, asker
from sync.case_pages.forms import new_key
from sync.errors import BadRequest, NotFound, StorageError
from sync.typed import replace
from sync.web.problems import in_full, problem_of

LOOK = "look"  # what is to be brought with these answers, and nothing else


def take(code: str) -> ResponseReturnValue:
    """The first step for an item."""
    return _begin(ITEM, code)


def take_bundle(code: str) -> ResponseReturnValue:
    """The first step for a 一件事."""
    return _begin(BUNDLE, code)


def step_page(draft_id: str, step: str) -> ResponseReturnValue:
    """A step of a draft; of one that became a case, even while this was asked, what became of it.

    What was sent for a draft that was deleted meanwhile is kept as a draft again.
    """
    try:
        return _received(draft_id) or _step(draft_id, step)
    except NotFound:
        answer = _received(draft_id) or _kept_again(draft_id, step)
        if answer is None:
            raise
        return answer


def _received(draft_id: str) -> ResponseReturnValue | None:
    """The way to the case that a draft became; None while it has become none."""
    taken = kept_case(station_of_app(), draft_id)
    if taken is None:
        return None
    if request.method == "POST":
        flash(_("This application was received before and not received again; below is its receipt number"), "info")
    return redirect(taken, 303)


def _kept_again(draft_id: str, step: str) -> ResponseReturnValue | None:
    """What stands on a page goes on as a draft, where its own was deleted on another; None where there is nothing.

    Under the id it had: sent twice it is one draft.
    """
    station, form = station_of_app(), request.form
    kind, _space, code = form.get("matter", "").partition(" ")
    if request.method != "POST" or kind not in (ITEM, BUNDLE) or not _is_key(draft_id) or _is_there(station, draft_id):
        return None
    if step == CONFIRM:
        flash(_("This draft was deleted on another page, and nothing was received"), "warning")
        return redirect(url_for("desk.drafts"), 303)
    matter = matter_of(station.catalogue, kind, code)
    typed = typed_at(matter, GUIDE, form, Typed())
    matter = matter_of(station.catalogue, kind, code, typed.situations)
    if step not in steps_of(matter):
        return None
    station.drafts.begin(asker().name, draft_id, kind, code, typed_at(matter, step, form, typed))
    flash(
        _(
            "This draft was deleted on another page. What stood on this one is kept as a draft again; "
            "what was on its other pages is gone, please fill it in anew."
        ),
        "warning",
    )
    return _step(draft_id, step)


def _is_there(station: Station, draft_id: str) -> bool:
    with suppress(NotFound):
        return bool(own_draft(station, draft_id))
    return False


def _is_key(key: str) -> bool:
    """Whether a draft may have it as its id."""
    return 0 < len(key) <= LONGEST_KEY and key.isascii() and key.replace("-", "").replace("_", "").isalnum()


def _step(draft_id: str, step: str) -> ResponseReturnValue:
    station, account = station_of_app(), asker()
    draft = own_draft(station, draft_id)
    matter = _matter(station, draft)
    if step not in steps_of(matter):
        raise NotFound(_("There is no such step"))
    if request.method == "GET":
        if step == CONFIRM:
            return confirm(station, matter, draft)
        return draw(station, matter, step, draft, focus=True)
    if step == CONFIRM and request.form.get("go", "receive") in ("receive", "bare"):
        return confirm(station, matter, draft)
    try:
        draft = station.drafts.change(account.name, draft_id, _typing(matter, step))
    except StorageError as error:
        return _not_kept(station, matter, step, draft, error)
    matter = _matter(station, draft)  # as the answers are now
    errors: Errors = {}
    draft = keep_photos(station, matter, step, draft, errors)
    if step == APPLICANT and request.form.get("go") == "card":
        return _read_card(station, matter, draft, errors)
    if not errors and _lengthen(station, matter, step, draft):
        return redirect(url_for("desk.step", draft_id=draft.id, step=step), 303)
    if step == APPLICANT:
        before, draft = draft, fill_in(station, matter, draft)
        if _changed(matter, before, draft):
            flash(_("Filled in from the register of this station; check it and press Next"), "info")
            return redirect(url_for("desk.step", draft_id=draft.id, step=APPLICANT), 303)
    return _go_on(station, matter, step, draft, errors)


def _lengthen(station: Station, matter: Matter, step: str, draft: Draft) -> bool:
    """Put the 18 figures of a number where 15 were typed, and say so: they are looked at before one goes on."""
    longer = lengthened_at(matter, step, draft.typed, station.node.day_reached())
    if not longer or request.form.get("go", "next") not in ("next", "on"):
        return False
    station.drafts.change(draft.account, draft.id, lambda typed: replace(typed, fields={**typed.fields, **longer}))
    flash(
        _("A number of 15 figures is an old one; it stands below with its 18. Compare them with the paper, then Next"),
        "info",
    )
    return True


def _begin(kind: str, code: str) -> ResponseReturnValue:
    station, account = station_of_app(), asker()
    matter = matter_of(station.catalogue, kind, code)
    typed = _typing(matter, GUIDE)(Typed())
    matter = matter_of(station.catalogue, kind, code, typed.situations)
    if request.method == "GET":
        if not matter.takes_cases:
            if kind == ITEM:
                return redirect(url_for("desk.guide", code=code))  # it says so
            flash(_("“%(name)s” takes no new cases now; below it stands why", name=matter.name), "warning")
            return redirect(url_for("desk.items"))
        return draw(station, matter, GUIDE, Draft(new_key(), account.name, kind, code, Typed(), 0), focus=True)
    key = request.form.get("key", "")
    if not _is_key(key):
        raise BadRequest(_("The form is incomplete; go back and open the page again"))
    if kept_case(station, key) is not None:
        key = new_key()  # the page was come back to after it was taken: another application begins
    if request.form.get("go") == LOOK:
        return draw(station, matter, GUIDE, Draft(key, account.name, kind, code, typed, 0))
    try:
        station.drafts.begin(account.name, key, kind, code, typed)
    except StorageError as error:
        return _not_kept(station, matter, GUIDE, Draft(key, account.name, kind, code, typed, 0), error)
    return _go_on(station, matter, GUIDE, own_draft(station, key), {})


def _matter(station: Station, draft: Draft) -> Matter:
    return matter_of(station.catalogue, draft.kind, draft.code, draft.typed.situations)


def _typing(matter: Matter, step: str) -> Callable[[Typed], Typed]:
    form = request.form
    return lambda typed: typed_at(matter, step, form, typed)


def _go_on(station: Station, matter: Matter, step: str, draft: Draft, errors: Errors) -> ResponseReturnValue:
    """Where the button that was pressed leads; here, where something has to be said first."""
    go = request.form.get("go", "next")
    steps = steps_of(matter)
    before, after = beside(steps, step)
    if go == "next":
        today = station.node.day_reached()
        wrong = problems_of(matter, draft, station.catalogue.items(), today=today)
        errors = {**errors_at(matter, step, wrong), **errors}
    # The papers of somebody who cannot be the applicant are not photographed first.
    died = death_told(station, draft) if step == APPLICANT and go in ("next", "on") else ""
    if died:
        errors = {**errors, NUMBER_INPUT: died}
    if errors:
        return draw(station, matter, step, draft, errors=errors, may_go_on=go == "next" and not died), 422
    if go == LOOK:
        return draw(station, matter, step, draft)
    if go == "save":
        flash(_("Kept on this machine; go on with it at any time under “Drafts” on the home page"), "good")
        return redirect(url_for("desk.home"), 303)
    to = go if go in steps else before if go == "back" else after
    if go == "next":
        with suppress(StorageError):  # what was typed is kept; only that the next step was opened is not
            station.drafts.change(draft.account, draft.id, lambda typed: _opened(typed, steps, to or step))
    return redirect(url_for("desk.step", draft_id=draft.id, step=to or step), 303)


def _opened(typed: Typed, steps: tuple[str, ...], step: str) -> Typed:
    return replace(typed, reached=furthest(steps, typed.reached, step))


def _read_card(station: Station, matter: Matter, draft: Draft, errors: Errors) -> ResponseReturnValue:
    """Fill in what lies on the reader; the page comes back with it, or with why there is nothing."""
    try:
        card = read_card(station.node, station.id_reader)
    except CardNotRead as error:
        sentence = in_full(error)
        return draw(station, matter, APPLICANT, draft, errors=errors, sentence=sentence), 422
    names = {field.name for field in matter.fields}
    draft = station.drafts.change(draft.account, draft.id, lambda typed: read_off(typed, card, names))
    fill_in(station, matter, draft)
    if card.has_expired:
        flash(_("This identity card has expired; check whether its holder has a new one"), "warning")
    return redirect(url_for("desk.step", draft_id=draft.id, step=APPLICANT), 303)


def _changed(matter: Matter, before: Draft, after: Draft) -> bool:
    """Whether something on the applicant's own page was filled in, which is to be looked at before it is left."""
    names = [field.name for field in fields_at(matter, APPLICANT)]
    return any(before.typed.fields.get(name, "") != after.typed.fields.get(name, "") for name in names)


def _not_kept(station: Station, matter: Matter, step: str, draft: Draft, error: StorageError) -> ResponseReturnValue:
    """The disk refused: the page comes back with what was typed on it, and says so."""
    problem = problem_of(error)
    typed = _typing(matter, step)(draft.typed)
    unsaved = Draft(draft.id, draft.account, draft.kind, draft.code, typed, draft.updated_ms, draft.photos)
    sentence = _("%(title)s, this page was not kept. %(advice)s", title=problem.title, advice=problem.advice)
    return draw(station, matter, step, unsaved, sentence=sentence, is_unkept=True), problem.status
