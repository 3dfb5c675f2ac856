"""What a reader of ID cards (身份证读卡器) gives, and what may go wrong, in words for whoever stands at the desk.

    CardNotRead        nothing was read
    ├── NoCard         no card lies on the reader
    ├── ReaderSilent   the reader's program does not answer
    └── CardUnclear    it answered, and what it said cannot be used
        └── MappingWrong   because it is not what the reader's program is said to answer

Must not know: how a reader is reached, what the card is read for.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sync.errors import LinkError

LONG_TERM = "长期"


class CardNotRead(LinkError):
    """没有读到身份证"""

    remedy = "可以再读一次，也可以拍照或手工输入。"


class NoCard(CardNotRead):
    """读卡器没有放卡：请把身份证平放在读卡区，再按一次“读卡”"""


class ReaderSilent(CardNotRead):
    """读卡器没有响应：请检查读卡器的线是否插好、读卡程序是否打开"""


class CardUnclear(CardNotRead):
    """读到的内容不完整，请把身份证放平，再读一次"""


class MappingWrong(CardUnclear):
    """读卡程序的应答与设置的名称不符"""

    remedy = "请管理员核对 id_reader_mapping。现在可以拍照或手工输入。"


@dataclass(frozen=True, slots=True)
class Card:
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
