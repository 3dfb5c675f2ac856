"""How much of a person a screen shows, by the name of the field it stands in.

On screens a person is 张*, 138****5678: enough to recognise who stands at the desk, too little to
carry away. Seeing more is an act of its own, with a reason, and audited.

Must not know: roles, routes, databases.
"""

import re
from typing import Any

from sync.records.people import mask_bank_card, mask_id_number, mask_name, mask_phone

# In free text, whatever looks like an identity number or a mobile number; a date or an amount does not.
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_BANK_CARD = re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])")
_DOOR = re.compile(r"[0-9０-９一二三四五六七八九十]+(?:组|社|队|号|栋|幢|单元|室|户).*")  # data


def masked(name: str, value: Any) -> Any:
    """A field's value as a screen shows it."""
    if not isinstance(value, str):
        return value
    for ending, mask in _MASKS:
        if name.endswith(ending):
            return mask(value)
    return mask_text(value)


def mask_text(text: str) -> str:
    """Free text with the numbers of people hidden."""
    text = _ID_NUMBER.sub(lambda found: mask_id_number(found[0]), text)
    text = _BANK_CARD.sub(lambda found: mask_bank_card(found[0]), text)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), text)


def _mask_address(text: str) -> str:
    """To the village: group, house and door are left out; a text that names none shows its first characters."""
    shown = _DOOR.sub("***", text)
    return shown if shown != text else f"{text[:2]}***"


_MASKS = (
    ("applicant_name", mask_name),
    ("_name", mask_name),
    ("id_number", mask_id_number),
    ("phone", mask_phone),
    ("bank_card", mask_bank_card),
    ("address", _mask_address),
)
