"""How far something is, at a terminal and where there is none."""

import io
import re
import unicodedata

import pytest

from sync.commands.progress import Bar


class Terminal(io.StringIO):
    """Somebody looks."""

    def isatty(self) -> bool:
        return True


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_is_over_within_two_seconds_shows_nothing(clock: Clock) -> None:
    for out in (Terminal(), io.StringIO()):
        bar = Bar("同步", out, now_seconds=clock)
        clock.seconds += 1.9
        bar.show("1 份", 0.5)
        bar.end()
        assert out.getvalue() == ""


def test_a_terminal_sees_one_line_that_is_drawn_over_and_gone_at_the_end(clock: Clock) -> None:
    out = Terminal()
    bar = Bar("同步", out, now_seconds=clock)
    clock.seconds += 2
    bar.show("办件，已传 12 kB", 0.5)
    clock.seconds += 1
    bar.show("完", 1.0)
    lines = out.getvalue().split("\r")
    assert lines[1] == "同步 [############............] 50% 办件，已传 12 kB"
    assert lines[2].rstrip() == "同步 [########################] 100% 完"
    # Chinese letters are two cells wide: the shorter line covers all of the longer one.
    assert len(lines[2]) - len(lines[2].rstrip()) == 52 - 39
    bar.end()
    assert out.getvalue().split("\r")[3].strip() == ""
    assert "\n" not in out.getvalue()


@pytest.mark.parametrize("columns", [80, 40, 20, 5, 1])
def test_a_line_is_never_wider_than_the_terminal_also_while_that_is_made_narrower(clock: Clock, columns: int) -> None:
    out, width = Terminal(), [120]
    bar = Bar("同步", out, now_seconds=clock, columns=lambda: width[0])
    for _ in range(3):
        clock.seconds += 2
        bar.show("办件，已传 12 kB，还要约 3 分钟，每秒 9 kB", 0.5)
        width[0] = columns
    bar.end()
    first, *rest = (cells(line) for line in out.getvalue().split("\r")[1:])
    assert first == 78
    assert max(rest) < columns
    if columns == 40:
        assert out.getvalue().split("\r")[2].rstrip() == "同步 50% 办件，已传 12 kB，还要约 3 分…"


def test_a_terminal_that_does_not_say_how_wide_it_is_gets_the_usual_line(clock: Clock) -> None:
    out = Terminal()
    bar = Bar("同步", out, now_seconds=clock)
    clock.seconds += 2
    bar.show("x" * 100, 0.5)
    assert cells(out.getvalue()) == 79


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line.replace("\r", ""))


def test_it_is_not_drawn_more_often_than_anybody_can_read(clock: Clock) -> None:
    out = Terminal()
    bar = Bar("同步", out, now_seconds=clock)
    clock.seconds += 2
    for _ in range(100):
        bar.show("x", None)
        clock.seconds += 0.01
    assert out.getvalue().count("\r") <= 6


def test_where_there_is_no_terminal_a_plain_line_comes_ever_more_seldom(clock: Clock) -> None:
    out = io.StringIO()
    bar = Bar("同步", out, now_seconds=clock)
    for second in range(40):
        bar.show(f"{second} 份", 0.25)
        clock.seconds += 1
    bar.end()
    assert re.findall(r"\d+(?= 份)", out.getvalue()) == ["2", "4", "8", "16", "26", "36"]


def test_a_program_that_reads_json_sees_nothing(clock: Clock) -> None:
    out = Terminal()
    bar = Bar("同步", out, quiet=True, now_seconds=clock)
    clock.seconds += 60
    bar.show("x", 0.5)
    bar.end()
    assert out.getvalue() == ""
