"""How a vendor's program of an ID card reader is asked, and what it calls what is on a card: a small JSON file.

    {"method": "POST", "body": {…},                        how it is asked; GET and nothing by default
     "ok": {"member": "resultFlag", "is": ["0"]},          what says that a card was read; null: that it has a number
     "under": "result.card",                               where the card stands in the answer; "" for the answer itself
     "fields": {"name": "partyName", "citizenId": …}}      what each is called there; null: it is not told

What is left out is as `DEFAULT` has it. Names with dots lead into what lies inside.

Must not know: how a reader is reached, what the card is read for.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edge_node.devices.id_reader import MappingWrong, NoCard
from edge_node.messages import _
from sync.errors import BadRequest
from sync.messages import N_
from sync.typed import Value, field
from sync.values.json_text import parse_object

FIELDS = {
    "name": N_("Name"),
    "sex": N_("Sex"),
    "nation": N_("Nationality"),
    "birthday": N_("Date of birth"),
    "address": N_("Home address"),
    "citizenId": N_("Citizen number"),
    "issueOrgan": N_("Issued by"),
    "validDateStart": N_("Valid from the day"),
    "validDateEnd": N_("Valid up to the day"),
    "photo": N_("Photo on the card"),
}
_ALWAYS = ("name", "citizenId")
_EXPECTED = (*_ALWAYS, "validDateEnd")  # the others may be left out where the file does not name them
_MAY_LACK = ("photo", "birthday")  # not every reader gives a photo, and the number tells the birthday
_METHODS = ("GET", "POST")
_MEMBERS = ("method", "body", "ok", "under", "fields")
_NUMBER = "citizenId"


class ReaderMapping(Value):
    """How one vendor's program talks.

    body    what is sent with it, as JSON; None for nothing
    ok      the member that says whether a card was read, "" where none does;  ok_values, its values when one was
    under   where the card stands;  names, {our name: theirs, None where it is not told}
    named   those of ours that the file names
    """

    method: str = "GET"
    body: Mapping[str, Any] | None = None
    ok: str = "code"
    ok_values: tuple[Any, ...] = (0,)
    under: str = "data"
    names: Mapping[str, str | None] = field(default_factory=lambda: {name: name for name in FIELDS})
    named: frozenset[str] = frozenset()

    def card_in(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """What is on the card, {our name: value}, of what the program answered.

        raises  NoCard; MappingWrong naming what the answer has not got
        """
        if self.ok:
            told = _at(answer, self.ok)
            if told is None:
                raise MappingWrong(_("The answer of the program of the card reader has no “%(name)s”", name=self.ok))
            if not any(type(told) is type(one) and told == one for one in self.ok_values):
                raise NoCard
        card = _at(answer, self.under) if self.under else answer
        if not isinstance(card, Mapping):
            if not self.ok:
                raise NoCard
            raise MappingWrong(
                _("The answer of the program of the card reader has no part “%(name)s”", name=self.under)
            )
        values = {name: _at(card, theirs) for name, theirs in self.names.items() if theirs}
        if not self.ok and values[_NUMBER] in (None, ""):
            raise NoCard
        wanted = self.named.union(_EXPECTED).difference(_MAY_LACK)
        lacking = [name for name, value in values.items() if value is None and name in wanted]
        if lacking:
            what = _(", ").join(
                _("“%(theirs)s” (%(ours)s)", theirs=self.names[name], ours=_(FIELDS[name])) for name in lacking
            )
            raise MappingWrong(_("The answer of the program of the card reader lacks %(what)s", what=what))
        return {name: value for name, value in values.items() if value is not None}

    def unlike(self, name: str) -> MappingWrong:
        """That what stands under a name of theirs is not what it is said to be; without it."""
        return MappingWrong(
            _(
                "“%(theirs)s” as the program of the card reader gives it does not look like: %(ours)s",
                theirs=self.names[name],
                ours=_(FIELDS[name]),
            )
        )


DEFAULT = ReaderMapping()


def mapping_at(path: Path) -> ReaderMapping:
    """The mapping in a file; raises BadRequest in Chinese, naming the file and what is wrong with it."""
    try:
        return read_mapping(path.read_bytes())
    except OSError:
        raise BadRequest(_("id_reader_mapping: the file %(path)s cannot be opened", path=path)) from None
    except BadRequest as error:
        raise BadRequest(_("id_reader_mapping: %(file)s %(reason)s", file=path.name, reason=error.reason)) from None


def read_mapping(text: bytes) -> ReaderMapping:
    """Read such a file; raises BadRequest in Chinese, naming the member that is wrong."""
    try:
        told = parse_object(text)
    except BadRequest:
        raise BadRequest(_("has to be one JSON object")) from None
    _require_known("", told, _MEMBERS)
    method, body, under = told.get("method", DEFAULT.method), told.get("body"), told.get("under", DEFAULT.under)
    if method not in _METHODS:
        raise BadRequest(_("method has to be %(one)s or %(other)s", one=_METHODS[0], other=_METHODS[1]))
    if body is not None and (method != "POST" or not isinstance(body, dict)):
        raise BadRequest(_("body has to be one JSON object, and only with POST"))
    if not isinstance(under, str):
        raise BadRequest(_("under has to be text, as data or result.card"))
    names = _names(told.get("fields", {}))
    return ReaderMapping(method, body, *_ok(told), under, names, frozenset(told.get("fields", {})))


def _ok(told: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    ok = told.get("ok", {"member": DEFAULT.ok, "is": list(DEFAULT.ok_values)})
    if ok is None:
        return "", ()
    if not isinstance(ok, dict):
        raise _ok_wrong()
    _require_known("ok.", ok, ("member", "is"))
    member, values = ok.get("member"), ok.get("is")
    if not isinstance(member, str) or not member or not isinstance(values, list) or not values:
        raise _ok_wrong()
    return member, tuple(values)


def _ok_wrong() -> BadRequest:
    member, values = _("the name"), _("the values when a card was read")
    form = f'{{"member": {member}, "is": [{values}]}}'
    return BadRequest(_("ok has to be written %(form)s, or null where there is none", form=form))


def _names(told: object) -> dict[str, str | None]:
    if not isinstance(told, dict):
        raise BadRequest(_("fields has to be one JSON object"))
    _require_known("fields.", told, tuple(FIELDS))
    names: dict[str, str | None] = {name: name for name in FIELDS}
    for name, theirs in told.items():
        if theirs is None and name in _ALWAYS:
            raise BadRequest(_("fields.%(name)s (%(label)s) has to be there", name=name, label=_(FIELDS[name])))
        if theirs is not None and (not isinstance(theirs, str) or not theirs.strip()):
            raise BadRequest(_("fields.%(name)s has to be text, or null where the program does not give it", name=name))
        names[name] = theirs
    return names


def _require_known(place: str, told: Mapping[str, Any], known: Sequence[str]) -> None:
    strange = [name for name in told if name not in known]
    if strange:
        raise BadRequest(
            _("there is no %(name)s, there may be %(known)s", name=place + strange[0][:40], known=_(", ").join(known))
        )


def _at(value: object, path: str) -> Any:
    """What stands at a name with dots; None where nothing does. A name that has dots itself goes first."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    head, dot, rest = path.partition(".")
    return _at(value.get(head), rest) if dot and isinstance(value, Mapping) else None
