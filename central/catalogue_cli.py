"""`yizhan central catalogue`: what stations may take, checked, drafted and published from files.

Must not know: how anything is published.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sync.commands.node_group import Run, data_option, file_text

_files = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_MOST_SHOWN = 20


def add_catalogue_commands(group: click.Group, run: Run) -> None:
    """Give the centre's group its `catalogue`."""

    @group.group()
    def catalogue() -> None:
        """事项目录、一件事、工作日历和区划：校验、导入、发布。"""

    @catalogue.command()
    @data_option
    @_files
    def check(directory: Path, files: Sequence[Path]) -> None:
        """校验文件 FILES，说明与已发布的有什么不同；什么都不改。"""
        for file in files:
            _tell_difference(file, run(directory, "catalogue-check", {"text": file_text(file)}))

    @catalogue.command("import")
    @data_option
    @_files
    def import_(directory: Path, files: Sequence[Path]) -> None:
        """校验文件 FILES，把新增和变更的内容存为草稿，待 publish 发布。"""
        for file in files:
            _tell_difference(file, run(directory, "catalogue-import", {"text": file_text(file)}))
        click.echo("尚未发布；确认无误后运行 yizhan central catalogue publish")

    @catalogue.command()
    @data_option
    @click.argument("codes", nargs=-1, required=True)
    def withdraw(directory: Path, codes: Sequence[str]) -> None:
        """取消编码为 CODES 的事项或一件事：存为草稿，发布后不再收新件，已收的照常办。"""
        for code in codes:
            told = run(directory, "catalogue-withdraw", {"code": code})
            click.echo(f"{told['name']}（{code}）：将取消")
        click.echo("尚未发布；确认无误后运行 yizhan central catalogue publish")

    @catalogue.command()
    @data_option
    def publish(directory: Path) -> None:
        """发布全部草稿：由中心签名，随同步下发各站。"""
        told = run(directory, "catalogue-publish", {})
        if told["release"]:
            click.echo(f"已发布第 {told['release']} 版，共 {told['entries']} 项；各站下次联系时收到")
        else:
            click.echo("没有要发布的内容")

    @catalogue.command()
    @data_option
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    def show(directory: Path, as_json: bool) -> None:
        """已发布的目录和待发布的草稿。"""
        told = run(directory, "catalogue-show", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for line in _standing_lines(told):
            click.echo(line)


def _standing_lines(told: dict[str, Any]) -> list[str]:
    released = f"第 {told['release']} 版（{told['at_text']}）" if told["release"] else "还没有发布过"
    years = "、".join(str(year) for year in told["calendar_years"]) or "没有"
    return [
        f"目录      {released}，{told['items']} 个事项，{told['bundles']} 个一件事",
        f"工作日历  {years}{told['calendar_warning'] and '；' + told['calendar_warning']}",
        f"区划      {told['places']} 个",
        f"草稿      {told['drafts']} 项待发布",
    ]


def _tell_difference(file: Path, told: dict[str, Any]) -> None:
    if told["problems"]:
        for problem in told["problems"]:
            click.echo(problem, err=True)
        raise click.ClickException(f"{file.name} 有 {len(told['problems'])} 处错误，没有导入")
    click.echo(f"{file.name}：新增 {len(told['new'])} 项，变更 {len(told['changed'])} 项，不变 {told['unchanged']} 项")
    for sign, ids in (("新增", told["new"]), ("变更", told["changed"])):
        for doc_id in ids[:_MOST_SHOWN]:
            click.echo(f"  {sign}  {doc_id}")
        if len(ids) > _MOST_SHOWN:
            click.echo(f"  …… 共 {len(ids)} 项{sign}")
