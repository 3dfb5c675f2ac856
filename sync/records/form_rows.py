"""The rows of an item's form, read and checked.

Must not know: what may stand in a field, who publishes items.
"""

from sync.messages import _
from sync.records.form import FIELD_KINDS, MOST_TEXT, Field
from sync.records.row_reading import Reading


def read_field(row: Reading) -> Field:
    """Read `{"name", "label", "kind", "required", "max_length"[, "choices"]}`; what is wrong is noted."""
    kind = row.anything("kind")
    if kind not in FIELD_KINDS and "kind" in row.row:
        row.wrong("kind", _("write one of %(choices)s", choices=_(", ").join(FIELD_KINDS)))
    choices = row.row.get("choices", ())
    listed = tuple(choices) if isinstance(choices, list | tuple | str) else ()
    if (kind == "choice") is not bool(listed):
        row.wrong("choices", _("a field of the kind choice needs it, no other has it"))
    return Field(
        name=row.anything("name"),
        label=row.anything("label"),
        kind=kind,
        required=_is_required(row),
        max_length=_max_length(row),
        choices=listed,
    )


def _is_required(row: Reading) -> bool:
    if "required" not in row.row:
        row.wrong("required", _("write true or false"))
    return row.row.get("required") is True


def _max_length(row: Reading) -> int:
    try:
        most = int(row.row["max_length"])
    except (KeyError, TypeError, ValueError):
        most = 0
    if not 1 <= most <= MOST_TEXT:
        row.wrong("max_length", _("write a whole number from %(least)s to %(most)s", least=1, most=MOST_TEXT))
    return most
