"""What a reader of ID cards (身份证读卡器) gives, and what may go wrong, in words for whoever stands at the desk.

    CardNotRead        nothing was read
    ├── NoCard         no card lies on the reader
    ├── ReaderSilent   the reader's program does not answer
    └── CardUnclear    it answered, and what it said cannot be used
        └── MappingWrong   because it is not what the reader's program is said to answer

Must not know: how a reader is reached, what the card is read for.
"""

from datetime import date
from typing import Protocol

from edge_node.messages import _
from sync.errors import LinkError
from sync.messages import N_
from sync.typed import Value

LONG_TERM = "长期"  # data: as cards have it


class CardNotRead(LinkError):
    """No card was read."""

    said = N_("The identity card was not read")
    advised = N_("Read it once more, or photograph it, or type.")

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or _(self.said), remedy=_(self.advised))


class NoCard(CardNotRead):
    """The reader has no card."""

    said = N_("There is no card on the reader: put the identity card flat on it and press “Read card” once more")


class ReaderSilent(CardNotRead):
    """The reader did not answer."""

    said = N_("The reader does not answer: check whether its cable is plugged in and its program runs")


class CardUnclear(CardNotRead):
    """What was read is not whole."""

    said = N_("What was read is not whole, put the identity card flat and read it once more")


class MappingWrong(CardUnclear):
    """The answer is not named as the settings say."""

    said = N_("The answer of the program of the card reader does not have the names that are set")
    advised = N_("An administrator should check id_reader_mapping. For now photograph the card, or type.")


class Card(Value):
    """What is on a card.

    number       18 characters that passed every check;  birthday, as eight digits
    valid_until  eight digits, 长期, or "" where the reader does not tell;  photo, as the reader gives it, b"" for none
    """

    name: str
    sex: str
    nation: str
    birthday: str
    address: str
    number: str
    issuer: str
    valid_from: str
    valid_until: str
    photo: bytes = b""

    def has_expired(self, today: date) -> bool:
        """Whether it is no longer valid."""
        return self.valid_until not in ("", LONG_TERM) and self.valid_until < f"{today:%Y%m%d}"


class IdReader(Protocol):
    """A reader of ID cards."""

    def read(self) -> Card:
        """Read the card that lies on it now; raises CardNotRead."""
        ...
