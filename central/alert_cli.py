"""`yizhan central alert`: what cannot wait, published, listed and withdrawn from the command line.

Must not know: how anything is published.
"""

import json
from pathlib import Path
from typing import Any

import click

from sync.commands.node_group import Run, data_option
from sync.records.alerts import SEVERITIES


def add_alert_commands(group: click.Group, run: Run) -> None:
    """Give the centre's group its `alert`."""

    @group.group()
    def alert() -> None:
        """预警通知：发布、列出、撤回；先于办件和目录下发各站。"""

    @alert.command()
    @data_option
    @click.option("--severity", type=click.Choice(tuple(SEVERITIES)), default="notice", show_default=True)
    @click.option("--title", required=True, help="标题，如 暴雨橙色预警。")
    @click.option("--text", required=True, help="内容：发生什么、要做什么、找谁。")
    @click.option("--for", "audience", default="", help="站点编号：只给它和它以下的站点；不写则给全部站点。")
    @click.option("--until", required=True, help="有效到什么时候，北京时间，如 2026-10-10T18:00。")
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    def publish(directory: Path, as_json: bool, **told: str) -> None:
        """发布一条，由中心签名。"""
        made = run(directory, "alert-publish", told)
        if as_json:
            click.echo(json.dumps(made, ensure_ascii=False))
            return
        click.echo(f"已发布 {made['code']}：{_line(made)}")
        click.echo("各站下次联系时最先收到，也随 U 盘下发")

    @alert.command("list")
    @data_option
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    def listed(directory: Path, as_json: bool) -> None:
        """发布过的，新的在前。"""
        told = run(directory, "alert-list", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["alerts"]:
            click.echo(f"{one['code']}  {one['at'][:16].replace('T', ' ')}  {one['state_name']}  {_line(one)}")
        if not told["alerts"]:
            click.echo("还没有发布过")

    @alert.command()
    @data_option
    @click.argument("code")
    def withdraw(directory: Path, code: str) -> None:
        """撤回编号为 CODE 的一条：各站收到以后不再显示。"""
        click.echo(f"已撤回：{_line(run(directory, 'alert-withdraw', {'code': code}))}")


def _line(one: dict[str, Any]) -> str:
    until = one["until"][:16].replace("T", " ")
    return f"{one['severity_name']}“{one['title']}”，{one['audience_name']}，有效到 {until}"
