"""The shapes of what clients send about people; what may stand in a field is the register's business.

Must not know: routes, what is done with it.
"""

from collections.abc import Callable, Mapping

from marshmallow import Schema, fields, validate

from sync.case_api.schemas import LONGEST_REASON, ReasonSchema, a_sid, one_line, paragraph
from sync.people.list_people import MOST_ROWS
from sync.records.id_papers import PAPER_KINDS
from sync.records.person_table import PERSON_2
from sync.records.person_words import CONSENTS, LABELS, MEANS, PROOFS, RELATIONS, ROLES, SOURCES

_LONGEST = 300
_HOMES = {"found": "建户", "join": "入户", "leave": "出户"}
_TIES = {"bind": "建立", "end": "解除"}
_AGREEING = {"give": "同意", "withdraw": "撤回"}
_ID: tuple[Callable[[str], object], ...] = (validate.Length(min=1, max=100), one_line)


def _codes(of: str, names: Mapping[str, str]) -> dict[str, str]:
    """What the description says of a member that is one of these codes."""
    return {"description": f"{of}：" + "，".join(f"{code} {name}" for code, name in names.items())}


def _until() -> fields.String:
    about = {"description": "最后一天，如 2026-12-20"}
    return fields.String(load_default="", validate=validate.Length(max=10), metadata=about)


def _fact(name: str, codes: Mapping[str, str] | None = None, *, required: bool = False) -> fields.String:
    told = _codes(LABELS[name], codes) if codes else {"description": LABELS[name]}
    return fields.String(required=required, validate=validate.Length(max=_LONGEST), metadata=told)


class FactsSchema(Schema):
    """What is known of a person."""

    name = _fact("name")
    cert_kind = _fact("cert_kind", PAPER_KINDS)
    cert_number = _fact("cert_number")
    sex = _fact("sex")
    birthday = _fact("birthday")
    address = _fact("address")
    phone = _fact("phone")
    bank_account = _fact("bank_account")
    source = _fact("source", SOURCES)
    proof = _fact("proof", PROOFS)


class RegistrationSchema(FactsSchema):
    """With what somebody is registered."""

    name = _fact("name", required=True)
    cert_kind = _fact("cert_kind", PAPER_KINDS, required=True)
    cert_number = _fact("cert_number", required=True)


class FactsAndReasonSchema(FactsSchema):
    """Some of it told anew, and why."""

    reason = fields.String(load_default="", validate=[validate.Length(max=LONGEST_REASON), paragraph])


class PaperSchema(Schema):
    """Who is registered by a paper."""

    cert_kind = fields.String(
        required=True, validate=validate.Length(min=1, max=32), metadata=_codes(LABELS["cert_kind"], PAPER_KINDS)
    )
    cert_number = fields.String(
        required=True, validate=validate.Length(min=1, max=100), metadata={"description": LABELS["cert_number"]}
    )


class PeopleSchema(Schema):
    """The query of a list of people."""

    cursor = fields.String(load_default="", validate=validate.Length(max=400))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))
    state = fields.String(load_default="", validate=validate.OneOf(("", *PERSON_2.states)))
    station = fields.String(load_default="", validate=a_sid, metadata={"description": "登记的站点编号"})


class PrefillSchema(Schema):
    """For which item's form."""

    item = fields.String(required=True, validate=_ID)


class HouseholdSchema(ReasonSchema):
    """A household is founded, joined (the one of `with`) or left."""

    action = fields.String(required=True, validate=validate.OneOf(tuple(_HOMES)), metadata=_codes("动作", _HOMES))
    with_ = fields.String(
        data_key="with",
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "入哪一户：那一户中一个人的标识"},
    )
    role = fields.String(load_default="", validate=validate.Length(max=32), metadata=_codes("与户主的关系", ROLES))


class RelationSchema(ReasonSchema):
    """A relative is bound, or not any more."""

    action = fields.String(load_default="bind", validate=validate.OneOf(tuple(_TIES)), metadata=_codes("动作", _TIES))
    person = fields.String(required=True, validate=_ID, metadata={"description": "亲属的人员标识"})
    kind = fields.String(
        load_default="", validate=validate.Length(max=32), metadata=_codes("亲属是本人的什么人", RELATIONS)
    )
    until = _until()
    means = fields.String(
        load_default="signature", validate=validate.Length(max=32), metadata=_codes("同意方式", MEANS)
    )


class ConsentSchema(ReasonSchema):
    """A consent is given or taken back; 代办委托 names item, agent and scope."""

    action = fields.String(
        load_default="give", validate=validate.OneOf(tuple(_AGREEING)), metadata=_codes("动作", _AGREEING)
    )
    kind = fields.String(required=True, validate=validate.Length(min=1, max=32), metadata=_codes("同意事项", CONSENTS))
    means = fields.String(load_default="", validate=validate.Length(max=32), metadata=_codes("同意方式", MEANS))
    until = _until()
    item = fields.String(load_default="", validate=[validate.Length(max=100), one_line])
    agent = fields.String(
        load_default="",
        validate=[validate.Length(max=_LONGEST), one_line],
        metadata={"description": "受托人，代办委托才填"},
    )
    scope = fields.String(load_default="", validate=[validate.Length(max=_LONGEST), one_line])


class MergingSchema(ReasonSchema):
    """As whom the person goes on."""

    into = fields.String(required=True, validate=_ID, metadata={"description": "以后以哪一条为准：人员标识"})
