"""The forms of what may be done to a person: what each asks, and what it sends to the route of the same act.

Must not know: routes, how a form is drawn.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.case_api.record_acts import RecordAct
from sync.errors import NotFound
from sync.messages import N_, _
from sync.people.find_person import LIVING
from sync.people.keep_household import HEAD
from sync.people.standing_consents import ON_PAPER
from sync.people_api.act_routes import PERSON_ACTS
from sync.records.id_papers import PAPER_KINDS
from sync.records.person_words import CONSENTS, ERRAND, LABELS, MEANS, PROOFS, RELATIONS, ROLES
from sync.typed import Value, field

Choices = tuple[tuple[str, str], ...]
Told = Mapping[str, Any]


class Ask(Value):
    """One field.

    kind     an input type, `select`, or `person`: the number of somebody's paper, sent on as his id; or `item`: what
             an item is called, or its code, sent on as the code; or `confirm`: a box to tick, sent on as nothing
    choices  by the person as `describe_person` tells him
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    choices: Callable[[Told], Choices] | None = None


class PersonForm(Value):
    """One form.

    name     in its address;  event, the type of event it writes, by which it is offered
    sends    what it sends beside what is asked
    only_if  by the person as told; whether it is offered at all
    """

    name: str
    title: str
    act: str
    event: str
    asks: tuple[Ask, ...] = ()
    sends: Mapping[str, str] = field(default_factory=dict)
    needs_reason: bool = False
    hint: str = ""
    only_if: Callable[[Told], bool] = lambda told: True

    @property
    def route(self) -> RecordAct:
        """The route of the same act in the API."""
        return next(act for act in PERSON_ACTS if act.name == self.act)


def _of(names: Mapping[str, str], *, without: str = "") -> Callable[[Told], Choices]:
    return lambda told: tuple((code, _(name)) for code, name in names.items() if code != without)


def _by_hand(told: Told) -> Choices:
    """How an identity is verified without a reader."""
    return (("", _("Leave as it is")), ("manual", _(PROOFS["manual"])))


def _relatives(told: Told) -> Choices:
    return tuple((one["person"], f"{one['kind_name']} {one['name']}") for one in told["relations"] if one["stands"])


def _given(told: Told) -> Choices:
    """Consents that stand; a 代办委托 with its item behind the kind, as `read_sent` takes it apart."""
    return tuple(
        (f"{one['kind']} {one.get('item', '')}".strip(), f"{one['kind_name']} {one.get('item_name', '')}".strip())
        for one in told["consents"]
        if one["state"] in ("stands", "unwritten")
    )


def _has_household(told: Told) -> bool:
    return bool(told.get("household_role"))


def _is_alive(told: Told) -> bool:
    return told["state"] in LIVING


_NUMBER = N_("Number of the paper; has to be registered here")
_UNTIL = Ask("until", N_("Valid until"), "date", required=True)
_MEANS = Ask("means", N_("How it was agreed to"), "select", choices=_of(MEANS))
# An authority is written.
_SIGNED = Ask("means", N_("How it was agreed to"), "select", choices=_of({code: MEANS[code] for code in ON_PAPER}))
FORMS = (
    PersonForm(
        "correct",
        N_("Correct"),
        "correct",
        "corrected",
        (
            Ask("name", LABELS["name"]),
            Ask(
                "cert_kind",
                LABELS["cert_kind"],
                "select",
                choices=lambda told: (("", _("Leave as it is")), *_of(PAPER_KINDS)(told)),
            ),
            Ask("cert_number", LABELS["cert_number"]),
            Ask("phone", LABELS["phone"], "tel"),
            Ask("address", LABELS["address"]),
            Ask("bank_account", LABELS["bank_account"]),
        ),
        hint=N_("Fill in only what is to be changed and leave the rest empty"),
    ),
    PersonForm(
        "verify",
        N_("Verify the telephone"),
        "verify",
        "verified",
        (
            Ask(
                "phone",
                LABELS["phone"],
                "tel",
                required=True,
                hint=N_("a number that was called and answered just now"),
            ),
            Ask("proof", LABELS["proof"], "select", choices=_by_hand),
        ),
        only_if=_is_alive,
    ),
    PersonForm(
        "found",
        N_("Found a household (as its head)"),
        "household",
        "joined_household",
        sends={"action": "found"},
        only_if=lambda told: _is_alive(told) and not _has_household(told),
    ),
    PersonForm(
        "join",
        N_("Join a household"),
        "household",
        "joined_household",
        (
            Ask("with", N_("Head or member of it"), "person", required=True, hint=_NUMBER),
            Ask("role", N_("Relation to the head"), "select", required=True, choices=_of(ROLES)),
        ),
        sends={"action": "join"},
        only_if=_is_alive,
    ),
    PersonForm(
        "head",
        N_("Make head of the household"),
        "household",
        "joined_household",
        (Ask("role", N_("The head until now is this person’s"), "select", choices=_of(ROLES, without=HEAD)),),
        sends={"action": "head"},
        hint=N_("Both registrations are changed at once; check the relations of the other members afterwards"),
        only_if=lambda told: _is_alive(told) and _has_household(told) and told["household_role"] != HEAD,
    ),
    PersonForm(
        "leave",
        N_("Leave the household"),
        "household",
        "left_household",
        sends={"action": "leave"},
        only_if=_has_household,
    ),
    PersonForm(
        "relate",
        N_("Register a family relation"),
        "relations",
        "related",
        (
            Ask("person", N_("Relative"), "person", required=True, hint=_NUMBER),
            Ask("kind", N_("The relative is this person’s"), "select", required=True, choices=_of(RELATIONS)),
            _UNTIL,
            _MEANS,
        ),
        sends={"action": "bind"},
        only_if=_is_alive,
        hint=N_("Relatives may ask about cases for the person, at most 5"),
    ),
    PersonForm(
        "unrelate",
        N_("End a family relation"),
        "relations",
        "unrelated",
        (Ask("person", N_("With whom it ends"), "select", required=True, choices=_relatives),),
        sends={"action": "end"},
        only_if=lambda told: bool(_relatives(told)),
    ),
    PersonForm(
        "consent",
        N_("Register a consent"),
        "consents",
        "consented",
        (
            Ask("kind", N_("Consent to"), "select", required=True, choices=_of(CONSENTS, without=ERRAND)),
            Ask("until", N_("Valid until"), "date", hint=N_("left empty where it has no end")),
            _MEANS,
        ),
        sends={"action": "give"},
        only_if=_is_alive,
    ),
    PersonForm(
        "entrust",
        N_("Register an errand"),
        "consents",
        "consented",
        (
            Ask(
                "item",
                N_("Item of the errand"),
                "item",
                required=True,
                hint=N_("Type part of what it is called and choose it from the list"),
            ),
            Ask("agent", N_("Name of who runs it"), required=True),
            Ask(
                "agent_id_number",
                N_("Citizen number of who runs it"),
                required=True,
                hint=N_("An authority names the numbers of both"),
            ),
            Ask("scope", N_("What it covers")),
            _UNTIL,
            _SIGNED,
        ),
        sends={"action": "give", "kind": ERRAND},
        only_if=_is_alive,
    ),
    PersonForm(
        "withdraw",
        N_("Withdraw a consent"),
        "consents",
        "consent_withdrawn",
        (Ask("kind", N_("Which one"), "select", required=True, choices=_given),),
        sends={"action": "withdraw"},
        only_if=lambda told: bool(_given(told)),
    ),
    PersonForm("note", N_("Note"), "note", "noted", needs_reason=True),
    PersonForm("move", N_("Moved away"), "move", "moved"),
    PersonForm(
        "death",
        N_("Died"),
        "death",
        "died",
        (
            Ask("died_on", LABELS["died_on"], "date", hint=N_("left empty where nobody knows it")),
            Ask(
                "sure",
                N_("I have compared name and number with the proof of death; this person has died"),
                "confirm",
                required=True,
            ),
        ),
        hint=N_(
            "From then on the person can apply for nothing and agree to nothing; consents, errands and family "
            "relations end. Who was noted by mistake is put back by “Reinstate”."
        ),
    ),
    PersonForm(
        "merge",
        N_("Merge into another registration"),
        "merge",
        "merged",
        (Ask("into", N_("The one that is kept"), "person", required=True, hint=_NUMBER),),
        hint=N_(
            "For somebody who was registered twice: from now on the one that is kept counts, and what is here stays"
        ),
    ),
    PersonForm("void", N_("Void"), "void", "voided", needs_reason=True),
    PersonForm("reinstate", N_("Reinstate"), "reinstate", "reinstated", needs_reason=True),
)


def form_named(name: str) -> PersonForm:
    """The form of an address; raises NotFound."""
    for form in FORMS:
        if form.name == name:
            return form
    raise NotFound(_("There is no such act"))


# Those whose paper is signed: it may be photographed on the form.
TAKE_PAPERS = tuple(form.name for form in FORMS if form.event == "consented")


def forms_for(told: Told) -> list[PersonForm]:
    """The forms a person's page offers, by what may be done next."""
    events = {act["type"] for act in told["acts"]}
    return [form for form in FORMS if form.event in events and form.only_if(told)]
