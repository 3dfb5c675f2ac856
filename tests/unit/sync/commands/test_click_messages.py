"""What click says of what was typed: in Chinese while a command of ours runs, and as it was behind it."""

from collections.abc import Callable

import click
import click.core
import pytest
from click.testing import CliRunner

from sync.commands.click_messages import click_in_our_words
from sync.commands.main import cli, main

Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """What the program says to a line that is typed, with its exit code."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["yizhan", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.err or output.out

    return run


@pytest.fixture
def typed() -> Callable[..., str]:
    """The same of one command with inputs of every kind."""

    @click.command()
    @click.option("--number", type=int)
    @click.option("--port", type=click.IntRange(0, 9))
    @click.option("--kind", type=click.Choice(["甲", "乙"]))
    @click.option("--file", type=click.Path(exists=True, dir_okay=False))
    @click.option("--folder", type=click.Path(file_okay=False))
    @click.option("--yes", is_flag=True)
    @click.option("--must", required=True)
    @click.argument("PLACE")
    def command(**given: object) -> None:
        """Nothing."""

    def run(*words: str) -> str:
        with click_in_our_words():
            done = CliRunner().invoke(command, ["--must", "1", *words] if words else [])
        assert done.exit_code == 2, done.output
        return done.output.rpartition("\n\n")[2].strip()

    return run


def test_usage_errors_of_the_program_are_in_chinese_with_where_help_is(told: Told) -> None:
    assert told("edge", "serve") == (
        2,
        "用法： yizhan edge serve [OPTIONS]\n用法说明请看：yizhan edge serve --help\n\n错误：缺少选项 '--data'.\n",
    )
    code, said = told("edge", "sevre")
    assert code == 2
    assert "没有命令“sevre”。" in said
    code, said = told("edge", "status", "--dat", "x")
    assert "没有选项“--dat”。" in said
    code, said = told("--help")
    assert code == 0
    assert "命令组:" in said
    assert "显示版本号。" in said
    assert "显示这段说明。" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "错误：缺少参数 'PLACE'."),
        (("a", "b"), "错误：多出了参数（b）"),
        (("a", "--number", "七"), "错误：'--number' 填写有误：“七”不是数字。"),
        (("a", "--port", "12"), "错误：'--port' 填写有误：12 不在允许的范围内：0<=x<=9。"),
        (("a", "--kind", "丙"), "错误：'--kind' 填写有误：“丙”不对，应为 '甲', '乙' 之一。"),
        (("a", "--file", "没有.json"), "错误：'--file' 填写有误：“没有.json”不存在。"),
        (("a", "--folder", __file__), f"错误：'--folder' 填写有误：“{__file__}”是文件，应为目录。"),
        (("a", "--yes=1"), "错误：选项“--yes”不带值。"),
        (("a", "--number"), "错误：选项“--number”后面要写值。"),
    ],
)
def test_each_thing_that_may_be_wrong_is_told_in_chinese(
    typed: Callable[..., str], words: tuple[str, ...], sentence: str
) -> None:
    assert typed(*words) == sentence


def test_behind_a_command_click_speaks_as_it_did() -> None:
    before = vars(click.core)["_"]
    with click_in_our_words():
        assert vars(click.core)["_"]("Missing option") == "缺少选项"
    assert vars(click.core)["_"] is before
    assert "Usage:" in CliRunner().invoke(cli, ["--help"]).output
