"""区划代码: the twelve digits that name a place, from the province down to the village.

    15 06 24 101 201      province, prefecture, county, township, village
    15 06 24 101 000      the township itself: trailing zeros tell the level

Codes are re-cut yearly, so a code is an attribute and never an identity; a record keeps the code it
was written with. Which codes exist is data (`public`); here is only what can be read off the digits.

Must not know: which places there are.
"""

from dataclasses import dataclass
from enum import IntEnum

from sync.errors import BadRequest

_WIDTHS = (2, 2, 2, 3, 3)
_LENGTH = sum(_WIDTHS)
_TOWNSHIP_KINDS = ((99, "街道"), (199, "镇"), (399, "乡"), (599, "类似乡级单位"))
_VILLAGE_KINDS = ((199, "居民委员会"), (399, "村民委员会"), (499, "类似居民委员会"), (599, "类似村民委员会"))


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
        return "国省市县乡村"[self - 1]


def level_labelled(label: str) -> Level:
    """The level written with one character; raises BadRequest on any other text."""
    for level in Level:
        if level.label == label:
            return level
    raise BadRequest(f"层级应为 国、省、市、县、乡、村 之一，而不是“{label}”")


@dataclass(frozen=True, slots=True)
class Region:
    """A region code taken apart; `parts` are the five groups of digits as text."""

    code: str
    parts: tuple[str, str, str, str, str]
    level: Level

    @property
    def kind(self) -> str:
        """街道, 镇, 乡, 居民委员会, 村民委员会 …; "" above the township."""
        if self.level is Level.VILLAGE:
            return _kind(self.parts[4], _VILLAGE_KINDS)
        if self.level is Level.TOWNSHIP:
            return _kind(self.parts[3], _TOWNSHIP_KINDS)
        return ""

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


def parse_region(code: str) -> Region:
    """Read a 12-digit region code.

    raises  BadRequest when it is not twelve digits, has a gap (a village of no township), or a
            township or village number outside the lawful ranges
    source  GB/T 2260, GB/T 10114; 统计用区划代码
    """
    if len(code) != _LENGTH or not (code.isascii() and code.isdigit()):
        raise BadRequest("区划代码应为 12 位数字")
    province, prefecture, county, township, village = parts = _split(code)
    if int(province) == 0 or (int(prefecture) == 0 and int(county + township) > 0):
        raise BadRequest("区划代码缺少上级：省、市两段不能为 0")
    if int(village) and not int(township):
        raise BadRequest("区划代码缺少乡级：村级编号前的乡级编号不能为 0")
    region = Region(code, parts, _level(parts))
    if region.level >= Level.TOWNSHIP and not (_kind(township, _TOWNSHIP_KINDS) and region.kind):
        raise BadRequest("区划代码的乡级或村级编号超出 001-599")
    return region


def _split(code: str) -> tuple[str, str, str, str, str]:
    return code[:2], code[2:4], code[4:6], code[6:9], code[9:]


def _level(parts: tuple[str, ...]) -> Level:
    lowest = max(place for place, part in enumerate(parts) if int(part))
    return Level(Level.PROVINCE + lowest)


def _kind(number: str, kinds: tuple[tuple[int, str], ...]) -> str:
    return next((name for highest, name in kinds if int(number) <= highest), "")
