"""The rows of an item's form, read and checked.

Must not know: what may stand in a field, who publishes items.
"""

from sync.messages import _
from sync.records.form import FIELD_KINDS, MOST_TEXT, Field
from sync.records.row_reading import EXAMPLE_TEXTS, Reading


def read_field(row: Reading) -> Field:
    """Read `{"name", "label", "kind", "required", "max_length"[, "choices"]}`; what is wrong is noted."""
    kind = str(row.row.get("kind", ""))
    if kind not in FIELD_KINDS:
        row.wrong("kind", _("write one of %(choices)s", choices=_(", ").join(FIELD_KINDS)))
    return Field(
        name=row.anything("name"),
        label=row.anything("label"),
        kind=kind,
        required=_is_required(row),
        max_length=_max_length(row),
        choices=_choices(row, kind),
    )


def _is_required(row: Reading) -> bool:
    required = row.row.get("required")
    if "required" not in row.row:
        row.wrong("required", _("write true or false"))
    elif not isinstance(required, bool):
        row.wrong_if_brought("required", _("write true or false"))
    return required is True


def _max_length(row: Reading) -> int:
    try:
        most = int(row.row["max_length"])
    except (KeyError, TypeError, ValueError):
        most = 0
    advice = _("write a whole number from %(least)s to %(most)s", least=1, most=MOST_TEXT)
    if not 1 <= most <= MOST_TEXT:
        row.wrong("max_length", advice)
    elif type(row.row["max_length"]) is not int:
        row.wrong_if_brought("max_length", advice)
    return most


def _choices(row: Reading, kind: str) -> tuple[str, ...]:
    choices = row.row.get("choices", [])
    listed = tuple(choices) if isinstance(choices, list | tuple | str) else ()
    if (kind == "choice") is not bool(listed):
        row.wrong("choices", _("a field of the kind choice needs it, no other has it"))
    elif not isinstance(choices, list) or not all(isinstance(one, str) and one for one in choices):
        row.wrong_if_brought("choices", _("write a list of texts, as %(example)s", example=EXAMPLE_TEXTS))
    return listed
