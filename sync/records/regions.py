"""区划代码: the twelve digits that name a place, from the province down to the village.

    15 06 24 101 201      province, prefecture, county, township, village
    15 06 24 101 000      the township itself: trailing zeros tell the level

Codes are re-cut yearly, so a code is an attribute and never an identity; a record keeps the code it
was written with. Which codes exist is data (`public`); here is only what can be read off the digits.

Must not know: which places there are.
"""

from enum import IntEnum
from functools import lru_cache

from sync.errors import BadRequest
from sync.messages import N_, _
from sync.typed import Value

_WIDTHS = (2, 2, 2, 3, 3)
_LENGTH = sum(_WIDTHS)
_TOWNSHIP_KINDS = (
    (99, N_("urban subdistrict")),
    (199, N_("town")),
    (399, N_("rural township")),
    (599, N_("unit like a township")),
)
_VILLAGE_KINDS = (
    (199, N_("residents’ committee")),
    (399, N_("villagers’ committee")),
    (499, N_("unit like a residents’ committee")),
    (599, N_("unit like a villagers’ committee")),
)
LEVELS = "国省市县乡村"  # data: as the catalogue's tables write the levels


class Level(IntEnum):
    """行使层级, numbered as the item catalogues number it: the greater, the nearer to the citizen."""

    NATION = 1
    PROVINCE = 2
    PREFECTURE = 3
    COUNTY = 4
    TOWNSHIP = 5
    VILLAGE = 6

    @property
    def label(self) -> str:
        """One Chinese character, as the catalogue's tables write it."""
        return LEVELS[self - 1]


def level_labelled(label: object) -> Level:
    """The level written with one character; raises BadRequest on any other text."""
    for level in Level:
        if level.label == label:
            return level
    raise BadRequest(
        _("the level has to be one of %(choices)s and not “%(label)s”", choices=_(", ").join(LEVELS), label=label)
    )


class Region(Value):
    """A region code taken apart; `parts` are the five groups of digits as text."""

    code: str
    parts: tuple[str, str, str, str, str]
    level: Level

    @property
    def kind(self) -> str:
        """街道, 镇, 乡, 居民委员会, 村民委员会 …; "" above the township."""
        return _(_kind_of(self))

    @property
    def chain(self) -> tuple[str, ...]:
        """The codes from the province down to this place itself.

        Cities without counties (their townships stand right below the prefecture) have one fewer.
        """
        ends = [sum(_WIDTHS[: count + 1]) for count in range(len(_WIDTHS))]
        codes = [self.code[:end].ljust(_LENGTH, "0") for end in ends[: self.level - 1]]
        return tuple(dict.fromkeys(codes))

    def contains(self, other: "Region") -> bool:
        """Whether the other place lies in this one, or is this one."""
        return self.code in other.chain


@lru_cache(maxsize=256)
def parse_region(code: str) -> Region:
    """Read a 12-digit region code.

    raises  BadRequest when it is not twelve digits, has a gap (a village of no township), or a
            township or village number outside the lawful ranges
    source  GB/T 2260, GB/T 10114; 统计用区划代码
    """
    if len(code) != _LENGTH or not (code.isascii() and code.isdigit()):
        raise BadRequest(_("A region code has 12 figures"))
    province, prefecture, county, township, village = parts = _split(code)
    if int(province) == 0 or (int(prefecture) == 0 and int(county + township) > 0):
        raise BadRequest(_("The region code lacks what is above: its parts for province and prefecture cannot be 0"))
    if int(village) and not int(township):
        raise BadRequest(_("The region code lacks the township: its part before the village cannot be 0"))
    region = Region(code, parts, _level(parts))
    if region.level >= Level.TOWNSHIP and not (_kind(township, _TOWNSHIP_KINDS) and _kind_of(region)):
        raise BadRequest(_("The part for the township or the village in the region code is beyond 001-599"))
    return region


def _split(code: str) -> tuple[str, str, str, str, str]:
    return code[:2], code[2:4], code[4:6], code[6:9], code[9:]


def _level(parts: tuple[str, ...]) -> Level:
    lowest = max(place for place, part in enumerate(parts) if int(part))
    return Level(Level.PROVINCE + lowest)


def _kind_of(region: Region) -> str:
    """The message; "" above the township."""
    if region.level is Level.VILLAGE:
        return _kind(region.parts[4], _VILLAGE_KINDS)
    return _kind(region.parts[3], _TOWNSHIP_KINDS) if region.level is Level.TOWNSHIP else ""


def _kind(number: str, kinds: tuple[tuple[int, str], ...]) -> str:
    return next((name for highest, name in kinds if int(number) <= highest), "")
