"""证件 on a form: by which kind of paper whoever applies is known, and how its number is checked then.

Every form asks for the applicant's `id_number`. Beside it stands `cert_kind`, which no catalogue has to name: left out,
or the identity card, the number is a 公民身份号码 and tells its kind itself; any other kind has a rule of its own
(`id_papers`), so that whoever came with a passport may apply.

Must not know: items, cases, clocks (whoever asks says what day it is).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sync.messages import _
from sync.records.form import NUMBER_OF_KIND, PAPER_KIND, Field
from sync.records.id_papers import CITIZEN_KINDS, PAPER_KINDS, canonical_number, citizen_number
from sync.records.person_words import LABELS
from sync.typed import replace

KIND, NUMBER = "cert_kind", "id_number"
USUAL = "id_card"
_LONGEST_KIND, _LONGEST_NUMBER = 40, 40
_NOTHING: Mapping[str, object] = MappingProxyType({})


def with_paper_kind(fields: Sequence[Field]) -> tuple[Field, ...]:
    """A form with the kind of paper before the applicant's number; one that has a field of that name has its own."""
    if any(field.name == KIND for field in fields):
        return tuple(fields)
    kinds = tuple(PAPER_KINDS)
    asked = Field(KIND, _(LABELS[KIND]), PAPER_KIND, required=False, max_length=_LONGEST_KIND, choices=kinds)
    return tuple(
        one
        for field in fields
        for one in ((asked, field) if (field.name, field.kind) == (NUMBER, "id_number") else (field,))
    )


def asked_with(field: Field, told: Mapping[str, object], known: Mapping[str, object] = _NOTHING) -> Field:
    """A field of a form as it is checked beside what else is told: the applicant's number by the kind of its paper.

    known  what the case says where nothing is told
    """
    if (field.name, field.kind) != (NUMBER, "id_number"):
        return field
    kind = paper_kind({**known, **told})
    return replace(field, kind=NUMBER_OF_KIND, choices=(kind,), max_length=_LONGEST_NUMBER) if kind else field


def paper_kind(fields: Mapping[str, object]) -> str:
    """The kind of the applicant's paper as a form or a case tells it; "" where its number is a 公民身份号码."""
    kind = fields.get(KIND)
    return kind if isinstance(kind, str) and kind in PAPER_KINDS and kind != USUAL else ""


def papers_of(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Which kinds of paper the number of a form may be of."""
    kind = paper_kind(fields)
    return (kind,) if kind else CITIZEN_KINDS


def number_key(kind: str, number: str) -> str:
    """What a number is told apart by, among those of all kinds: a 公民身份号码 by itself, any other with its kind.

    kind  "" for a 公民身份号码
    """
    if not kind or not number or citizen_number(kind, number):
        return number
    return f"{kind} {canonical_number(kind, number)}"
