"""The forms of what may be done to a person: what each asks, and what it sends to the route of the same act.

Must not know: routes, how a form is drawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.case_api.record_acts import RecordAct
from sync.errors import NotFound
from sync.people_api.act_routes import PERSON_ACTS
from sync.records.id_papers import PAPER_KINDS
from sync.records.person_words import CONSENTS, ERRAND, LABELS, MEANS, PROOFS, RELATIONS, ROLES

Choices = tuple[tuple[str, str], ...]
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """One field.

    kind     an input type, `select`, or `person`: the number of somebody's paper, sent on as his id
    choices  by the person as `describe_person` tells him
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    choices: Callable[[Told], Choices] | None = None


@dataclass(frozen=True, slots=True)
class PersonForm:
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
    return lambda told: tuple((code, name) for code, name in names.items() if code != without)


def _relatives(told: Told) -> Choices:
    return tuple((one["person"], f"{one['kind_name']} {one['name']}") for one in told["relations"] if one["stands"])


def _given(told: Told) -> Choices:
    """Consents that stand; a 代办委托 with its item behind the kind, as `read_sent` takes it apart."""
    return tuple(
        (f"{one['kind']} {one.get('item', '')}".strip(), f"{one['kind_name']} {one.get('item_name', '')}".strip())
        for one in told["consents"]
        if one["state"] == "stands"
    )


def _has_household(told: Told) -> bool:
    return bool(told.get("household_role"))


_NUMBER = "证件号码；须已在本站登记"
_UNTIL = Ask("until", "有效期至", "date", required=True)
_MEANS = Ask("means", "同意方式", "select", choices=_of(MEANS))
FORMS = (
    PersonForm(
        "correct",
        "信息更正",
        "correct",
        "corrected",
        (
            Ask("name", LABELS["name"]),
            Ask("cert_kind", LABELS["cert_kind"], "select", choices=lambda told: (("", "不改"), *PAPER_KINDS.items())),
            Ask("cert_number", LABELS["cert_number"]),
            Ask("phone", LABELS["phone"], "tel"),
            Ask("address", LABELS["address"]),
            Ask("bank_account", LABELS["bank_account"]),
        ),
        hint="只填要改的项目，其余留空",
    ),
    PersonForm(
        "verify",
        "核验电话",
        "verify",
        "verified",
        (
            Ask("phone", LABELS["phone"], "tel", required=True, hint="当场拨通过的号码"),
            Ask("proof", LABELS["proof"], "select", choices=_of(PROOFS, without="unverified")),
        ),
    ),
    PersonForm(
        "found",
        "建户（本人为户主）",
        "household",
        "joined_household",
        sends={"action": "found"},
        only_if=lambda told: not _has_household(told),
    ),
    PersonForm(
        "join",
        "加入已有的户",
        "household",
        "joined_household",
        (
            Ask("with", "户主或家人", "person", required=True, hint=_NUMBER),
            Ask("role", "与户主的关系", "select", choices=_of(ROLES)),
        ),
        sends={"action": "join"},
    ),
    PersonForm("leave", "出户", "household", "left_household", sends={"action": "leave"}, only_if=_has_household),
    PersonForm(
        "relate",
        "建立亲情关系",
        "relations",
        "related",
        (
            Ask("person", "亲属", "person", required=True, hint=_NUMBER),
            Ask("kind", "亲属是本人的", "select", choices=_of(RELATIONS)),
            _UNTIL,
            _MEANS,
        ),
        sends={"action": "bind"},
        hint="亲属可以代为查询办件，最多 5 人",
    ),
    PersonForm(
        "unrelate",
        "解除亲情关系",
        "relations",
        "unrelated",
        (Ask("person", "解除与谁的关系", "select", choices=_relatives),),
        sends={"action": "end"},
        only_if=lambda told: bool(_relatives(told)),
    ),
    PersonForm(
        "consent",
        "登记同意",
        "consents",
        "consented",
        (
            Ask("kind", "同意事项", "select", choices=_of(CONSENTS, without=ERRAND)),
            Ask("until", "有效期至", "date", hint="长期有效的留空"),
            _MEANS,
        ),
        sends={"action": "give"},
    ),
    PersonForm(
        "entrust",
        "登记代办委托",
        "consents",
        "consented",
        (
            Ask("item", "委托事项", required=True, hint="事项编码"),
            Ask("agent", "受托人姓名", required=True),
            Ask("scope", "委托内容"),
            _UNTIL,
            _MEANS,
        ),
        sends={"action": "give", "kind": ERRAND},
    ),
    PersonForm(
        "withdraw",
        "撤回同意",
        "consents",
        "consent_withdrawn",
        (Ask("kind", "撤回哪一项", "select", choices=_given),),
        sends={"action": "withdraw"},
        only_if=lambda told: bool(_given(told)),
    ),
    PersonForm("note", "备注", "note", "noted", needs_reason=True),
    PersonForm("move", "迁出", "move", "moved"),
    PersonForm("death", "身故", "death", "died"),
    PersonForm(
        "merge",
        "并入另一条登记",
        "merge",
        "merged",
        (Ask("into", "保留的那一条", "person", required=True, hint=_NUMBER),),
        hint="同一个人登记了两次时用；以后以保留的那一条为准，这一条的内容都留着",
    ),
    PersonForm("void", "作废", "void", "voided", needs_reason=True),
    PersonForm("reinstate", "恢复在册", "reinstate", "reinstated", needs_reason=True),
)


def form_named(name: str) -> PersonForm:
    """The form of an address; raises NotFound."""
    for form in FORMS:
        if form.name == name:
            return form
    raise NotFound("没有这项操作")


def forms_for(told: Told) -> list[PersonForm]:
    """The forms a person's page offers, by what may be done next."""
    events = {act["type"] for act in told["acts"]}
    return [form for form in FORMS if form.event in events and form.only_if(told)]
