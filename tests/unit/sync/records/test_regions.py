"""Region codes: the level is read off the zeros, and impossible codes are refused."""

import pytest

from sync.errors import BadRequest
from sync.records.regions import Level, level_labelled, parse_region


@pytest.mark.parametrize(
    ("code", "level", "kind"),
    [
        ("150000000000", Level.PROVINCE, ""),
        ("150600000000", Level.PREFECTURE, ""),
        ("150624000000", Level.COUNTY, ""),
        ("150624101000", Level.TOWNSHIP, "镇"),
        ("150624001000", Level.TOWNSHIP, "街道"),
        ("150624200000", Level.TOWNSHIP, "乡"),
        ("150624400000", Level.TOWNSHIP, "类似乡级单位"),
        ("150624101001", Level.VILLAGE, "居民委员会"),
        ("150624101201", Level.VILLAGE, "村民委员会"),
        ("150624101400", Level.VILLAGE, "类似居民委员会"),
        ("150624101598", Level.VILLAGE, "类似村民委员会"),
        ("441900003000", Level.TOWNSHIP, "街道"),  # a city without counties
    ],
)
def test_a_code_tells_its_level_and_kind(code: str, level: Level, kind: str) -> None:
    region = parse_region(code)
    assert (region.level, region.kind, "".join(region.parts)) == (level, kind, code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "15062410120",
        "1506241012011",
        "15062410120a",
        "１50624101201",
        "000000000000",
        "150024101201",  # no prefecture
        "150624000201",  # a village of no township
        "150624101600",  # no such kind of village
        "150624600000",  # no such kind of township
        "150624600201",
    ],
)
def test_an_impossible_code_is_refused(code: str) -> None:
    with pytest.raises(BadRequest):
        parse_region(code)


def test_a_village_lies_in_everything_above_it_and_in_nothing_beside_it() -> None:
    village = parse_region("150624101201")
    assert village.chain == ("150000000000", "150600000000", "150624000000", "150624101000", "150624101201")
    assert all(parse_region(code).contains(village) for code in village.chain)
    assert not parse_region("150624102000").contains(village)
    assert not village.contains(parse_region("150624101000"))


def test_a_township_of_a_city_without_counties_has_one_fewer_above_it() -> None:
    assert parse_region("441900003000").chain == ("440000000000", "441900000000", "441900003000")


def test_levels_are_labelled_with_one_character_both_ways() -> None:
    assert [level.label for level in Level] == list("国省市县乡村")
    assert all(level_labelled(level.label) is level for level in Level)
    with pytest.raises(BadRequest):
        level_labelled("区")
