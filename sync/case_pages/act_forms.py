"""Acts that ask for more than a reason: each has its form, made into what the API takes and done as the API does it.

    容缺受理   which papers follow, and until when          补正告知   everything that is missing, paper by paper
    特别程序   what, on which basis, how long               送达      how, and who signed
    上报 转办 审核意见 代办记录 授权委托 待认可的修改 信息更正 争议 请求

Must not know: routes, templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from sync.case_api.record_acts import DECIDERS
from sync.case_pages.act_form import ActForm, Asked, Choices
from sync.casework.describe_steps import METHODS
from sync.casework.name_people import People, called
from sync.casework.pass_on_case import HEADS, YOURS, nobody_else
from sync.casework.run_special import KINDS
from sync.errors import NotFound
from sync.messages import N_, _
from sync.records.agents import AGENT_RELATIONS
from sync.records.case_table_2 import SEVEN_STEPS
from sync.records.events import LEVELS
from sync.records.form import PAPER_KIND, Field
from sync.records.id_papers import PAPER_KINDS
from sync.records.signed_papers import PROMISE, PROOF
from sync.records.typed_text import narrow_number
from sync.web.roles import Role

_LEVEL_NAMES = {"township": N_("Township"), "county": N_("County department"), "centre": N_("Centre")}
_UNITS: Choices = (("W", N_("working days")), ("N", N_("days")))
_SIGNED: Choices = (
    ("signature", N_("signed by the client")),
    ("fingerprint", N_("fingerprint")),
    ("witness", N_("cannot write, with a witness")),
)


def _sides(dispute: Mapping[str, Any], people: People) -> Asked:
    def read(one: Mapping[str, Any]) -> str:
        return _(
            "%(side)s (%(level)s %(who)s) wrote “%(value)s”",
            side=one["side"],
            level=one["level_name"],
            who=called(one["by"], one["level"], people),
            value=one["value"],
        )

    sides = [(one["event"], read(one)) for one in dispute["sides"]]
    return Asked(
        f"choices.{dispute['field']}", dispute["label"], kind="radios", choices=(("", _("Leave it for now")), *sides)
    )


def _said(choices: Choices) -> Choices:
    return tuple((value, _(message)) for value, message in choices)


def _texts(*names: str) -> Callable[[MultiDict[str, str]], dict[str, Any]]:
    return lambda form: {name: form.get(name, "").strip() for name in names}


def _due(form: MultiDict[str, str]) -> dict[str, Any]:
    return {"due": form.get("due", "").strip()} if form.get("due", "").strip() else {}


def _tolerance(form: MultiDict[str, str]) -> dict[str, Any]:
    return {"materials": form.getlist("materials"), **_due(form)}


def _notice(form: MultiDict[str, str]) -> dict[str, Any]:
    """Papers ticked, each with what is wrong; and each line of what else there is."""
    handed = form.getlist("handed")
    unsaid = {name: _("not as it has to be") if name in handed else _("not handed in") for name in form.getlist("gaps")}
    gaps = [{"material": name, "what": form.get(f"what.{name}", "").strip() or what} for name, what in unsaid.items()]
    others = form.get("others", "").replace("\r", "").split("\n")
    return {"gaps": [*gaps, *({"what": line.strip()} for line in others if line.strip())], **_due(form)}


def _special(form: MultiDict[str, str]) -> dict[str, Any]:
    days = narrow_number(form.get("days", ""))
    return {**_texts("kind", "basis")(form), "days": f"{days}{form.get('unit', 'W')}" if days else ""}


# What people type into, by the kind of a form's field.
_INPUTS = {"phone": "tel", "date": "date", "long_text": "textarea", "choice": "select", PAPER_KIND: "select"}


def _corrected(asked: Field, shown: str) -> Asked:
    choices = tuple((one, one) for one in asked.choices)
    if asked.kind == PAPER_KIND:
        choices = _said(tuple(PAPER_KINDS.items()))
        shown = shown or _("a citizen number, which tells itself of which paper it is")
    return Asked(
        f"fields.{asked.name}",
        asked.label,
        kind=_INPUTS.get(asked.kind, "text"),
        hint=_("now: %(value)s", value=shown) if shown else _("nothing is filled in now"),
        choices=(("", _("Leave as it is")), *choices) if choices else (),
    )


def _correction(form: MultiDict[str, str]) -> dict[str, Any]:
    """The fields something was typed into; the others stay as they are."""
    typed = {name[7:]: text.replace("\r\n", "\n") for name, text in form.items() if name.startswith("fields.")}
    return {"fields": {name: text for name, text in typed.items() if text.strip()}}


def may_answer_parked(case: Mapping[str, Any], role: Role) -> bool:
    """Whether somebody answers the edits that wait at a case, as `read_case` tells it to him."""
    return case["parked_answering"] == YOURS or (case["parked_answering"] == HEADS and role in DECIDERS)


FORMS = (
    ActForm(
        "tolerance",
        ("tolerated",),
        N_("Accept with tolerance"),
        lambda about: (
            Asked(
                "materials",
                _("Papers that may follow"),
                kind="boxes",
                choices=tuple((name, name) for name, handed, follows in about.papers if follows and not handed),
            ),
            Asked(
                "due",
                _("To follow by"),
                kind="date",
                hint=_(
                    "Left empty it is the promised day; if they are not there by then, the clock stops and "
                    "notice is given"
                ),
            ),
        ),
        _tolerance,
        hint=N_(
            "Have the applicant sign the promise to supplement, and say plainly what is missing, until when, and "
            "what happens otherwise."
        ),
        only_if="lacking",
        paper=PROMISE,
    ),
    ActForm(
        "notice",
        ("supplement_asked",),
        N_("Ask to supplement"),
        lambda about: (
            Asked(
                "gaps",
                _("Papers that are missing or not as they have to be"),
                kind="gaps",
                choices=tuple((one[0], one[0]) for one in about.papers),
            ),
            Asked("others", _("What else has to be supplemented"), kind="textarea", hint=_("One to a line")),
            Asked("due", _("To be supplemented by"), kind="date", hint=_("Left empty it is 10 days")),
        ),
        _notice,
        hint=N_(
            "Name everything at one time; a later notice about what was missing all along is put down as not "
            "told at one time."
        ),
    ),
    ActForm(
        "special",
        ("special_started",),
        N_("Start a special procedure"),
        lambda about: (
            Asked("kind", _("Procedure"), kind="select", required=True, choices=tuple((one, one) for one in KINDS)),
            Asked("basis", _("Basis"), required=True, hint=_("The article of a law, a regulation or the local list")),
            Asked(
                "days",
                _("Days"),
                kind="number",
                required=True,
                hint=_("This item: %(procedures)s", procedures=about.special) if about.special else "",
            ),
            Asked("unit", _("Unit"), kind="select", choices=_said(_UNITS)),
        ),
        _special,
        hint=N_(
            "Its time is not counted in the limit; the applicant has to be told in writing. A public notice is not "
            "ended before its days have run out."
        ),
    ),
    ActForm(
        "opinion",
        ("checked",),
        N_("Opinion"),
        lambda about: (Asked("opinion", _("What you think"), kind="textarea", required=True),),
        _texts("opinion"),
    ),
    ActForm(
        "forwarding",
        ("forwarded",),
        N_("Report upwards"),
        lambda about: (
            Asked(
                "to",
                _("To which level"),
                kind="select",
                required=True,
                choices=tuple((level, _(_LEVEL_NAMES[level])) for level in LEVELS[LEVELS.index(about.level) + 1 :]),
            ),
        ),
        _texts("to"),
        needs_reason=True,
    ),
    ActForm(
        "delivery",
        ("delivered",),
        N_("Deliver"),
        lambda about: (
            Asked("method", _("Way of delivery"), kind="select", required=True, choices=_said(tuple(METHODS.items()))),
            Asked(
                "receiver",
                _("Received by (name)"),
                hint=_("“himself” for the applicant; left empty where it was announced in public"),
            ),
            Asked(
                "relation",
                _("Where somebody else takes it: what he is to the applicant"),
                kind="select",
                choices=(("", _("The applicant takes it himself")), *_said(tuple(AGENT_RELATIONS.items()))),
            ),
            Asked("id_number", _("Where somebody else takes it: number of his identity card")),
        ),
        _texts("method", "receiver", "relation", "id_number"),
        hint=N_("Print the proof of delivery beforehand, on the page of the case, and have the receiver sign it."),
        paper=PROOF,
    ),
    ActForm(
        "passing",
        ("passed_on",),
        N_("Pass on"),
        lambda about: (
            Asked(
                "assignee",
                _("To whom"),
                kind="select",
                required=True,
                hint="" if about.colleagues or about.had_before else nobody_else(),
                choices=(*about.colleagues, *about.had_before),
            ),
        ),
        _texts("assignee"),
        needs_reason=True,
        hint=N_("What the other changed while offline is not lost; it waits to be answered by whoever has it now."),
        until_over=True,
    ),
    ActForm(
        "parked",
        ("parked_taken",),
        N_("Changes to be answered"),
        lambda about: (
            Asked(
                "take",
                _("To be done"),
                kind="select",
                required=True,
                choices=(("true", _("Take these changes")), ("false", _("Do not take them"))),
            ),
        ),
        lambda form: {"take": form.get("take") == "true"},
        only_if="parked_edits",
        may=may_answer_parked,
    ),
    ActForm(
        "settlement",
        ("corrected", "settled"),
        N_("Settle the dispute"),
        lambda about: tuple(_sides(one, about.people) for one in about.disputes),
        lambda form: {"choices": {name[8:]: form[name] for name in form if name.startswith("choices.") and form[name]}},
        hint=N_(
            "It was filled in differently at two places that did not know of each other. Check it and choose "
            "which counts; what is not chosen stays as it is. Where both look alike here, look at the full "
            "information on the page of the case first."
        ),
        only_if="disputes",
    ),
    ActForm(
        "correction",
        ("corrected",),
        N_("Correct"),
        lambda about: tuple(_corrected(*one) for one in about.fields),
        _correction,
        needs_reason=True,
        hint=N_(
            "Fill in only what is to be corrected and leave the rest empty. Before and after both stay in the "
            "log of the case."
        ),
    ),
    ActForm(
        "request-closing",
        ("request_closed",),
        N_("Answer a request of the applicant"),
        lambda about: (),
        needs_reason=True,
        hint=N_(
            "The applicant withdrew after the decision: the decision stands and the withdrawal is a request; "
            "write down how it is dealt with."
        ),
        only_if="requests",
    ),
    ActForm(
        "authority",
        ("entrusted",),
        N_("Authority of an agent"),
        lambda about: (
            Asked("agent_name", _("Name of the agent"), required=True),
            Asked("agent_id_number", _("Citizen number of the agent"), required=True),
            Asked("scope", _("Items and scope of the authority"), required=True),
            Asked("until", _("Until which day"), kind="date", required=True),
            Asked("signed", _("How the client signed"), kind="select", required=True, choices=_said(_SIGNED)),
            Asked("witness_name", _("Witness"), hint=_("where the client cannot sign, another agent is the witness")),
        ),
        _texts("agent_name", "agent_id_number", "scope", "until", "signed", "witness_name"),
        hint=N_(
            "Running an errand costs nothing; it needs a written authority with the signature or fingerprint of "
            "the client."
        ),
        until_over=True,
    ),
    ActForm(
        "step",
        ("walked",),
        N_("Step of the errand"),
        lambda about: (
            Asked(
                "step", _("Which step"), kind="select", required=True, choices=tuple((one, one) for one in SEVEN_STEPS)
            ),
        ),
        _texts("step"),
    ),
)


# Forms that take the photos of a signed paper.
TAKE_PAPERS = frozenset(form.act for form in FORMS if form.paper)


def forms_for(case: Mapping[str, Any], role: Role) -> list[ActForm]:
    """The forms a case, as `read_case` tells it, offers now: what state, item and level allow, and the role may do."""
    types = {act["type"] for act in case["acts"]}
    fitting = (form for form in FORMS if types.intersection(form.events) and form.is_for(role))
    return [
        form
        for form in fitting
        if (not form.only_if or case[form.only_if]) and (not form.until_over or case["turn"]) and form.may(case, role)
    ]


def form_named(act: str) -> ActForm:
    """The form of an act; raises NotFound when there is none by that name."""
    for form in FORMS:
        if form.act == act:
            return form
    raise NotFound(_("There is no such operation"))
