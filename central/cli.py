"""`yizhan central`: a centre set up, served and looked after from the command line.

Must not know: how anything is done.
"""

import json
from pathlib import Path
from typing import Any

import click

from central.commands import ROLES, commands_of
from central.services.found_centre import found_centre
from central.serving import serve_centre
from central.settings import read
from central.wiring import build_centre
from sync.commands.node_group import add_common_commands, data_option, run_command
from sync.node.node import Node


@click.group()
def central() -> None:
    """中心：初始化、登记站点、运行与日常管理。"""


@central.command()
@data_option
@click.option("--code", "region", default="990281000000", show_default=True, help="12 位区划代码（县级或以上）。")
@click.option("--name", default="政务服务中心", show_default=True, help="中心名称。")
def init(directory: Path, region: str, name: str) -> None:
    """新建一个中心的数据目录。"""
    with found_centre(directory, name=name, region=region) as node:
        click.echo(f"已初始化：{node.identity.name}（{node.identity.region}），数据目录 {directory}")
        click.echo("下一步：yizhan central account 建账号，yizhan central enrol 登记站点，yizhan central serve 运行")


@central.command()
@data_option
@click.option("--name", required=True, help="站名，印在收件回执上。")
@click.option("--code", "region", required=True, help="站点的 12 位区划代码（乡镇或村）。")
@click.option("--under", default="", help="上级站点编号；不写则按区划代码找。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def enrol(directory: Path, name: str, region: str, under: str, as_json: bool) -> None:
    """登记一个站点，发放一个注册码。"""
    _tell_code(_run(directory, "enrol", {"name": name, "region": region, "under": under}), as_json=as_json)


@central.command("enrol-again")
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("sid")
def enrol_again(directory: Path, sid: str, as_json: bool) -> None:
    """为站点 SID 再发一个注册码：换设备、恢复数据或原码遗失时用。"""
    _tell_code(_run(directory, "enrol-again", {"sid": sid.lower()}), as_json=as_json)


@central.command()
@data_option
@click.option("--host", default=None, help="监听地址。  [YIZHAN_HOST，默认 127.0.0.1]")
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help="监听端口，0 为任意空闲端口。  [YIZHAN_PORT，默认 8700]",
)
def serve(directory: Path, host: str | None, port: int | None) -> None:
    """运行中心，直到 Ctrl-C 或 SIGTERM。"""
    settings = read(host=host, port=port)
    serve_centre(directory, settings, ready=lambda url: click.echo(f"中心已启动：{url}"))


@central.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def stations(directory: Path, as_json: bool) -> None:
    """各站点：最近联系、办件数、尚未到达中心的步骤和照片。"""
    told = _run(directory, "stations", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told["stations"]:
        lacking = one["backlog"]
        heard = (one["last_heard"] or "从未")[:16].replace("T", " ")
        state = "" if one["enrolled"] else "  未注册"
        click.echo(
            f"{one['region']}  {one['sid'].upper()}  {one['name']}  最近联系 {heard}  "
            f"办件 {one['cases']}  待到达 {lacking['events']} 步 {lacking['photos']} 张照片{state}"
        )


@central.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def status(directory: Path, as_json: bool) -> None:
    """中心状况：办件数、被搁置的文档、告警。"""
    told = _run(directory, "status", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{told['name']}（{told['level_name']}，{told['region']}）")
    click.echo(f"办件      共 {told['cases']} 件")
    click.echo(f"待处理    被搁置 {told['set_aside']} 件，告警 {told['alarms']} 条")


def _tell_code(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"站点编号  {told['sid'].upper()}")
    click.echo(f"注册码    {told['code']}")
    click.echo("请用电话告知站点：在 yizhan edge init 时用 --enrolment 输入，或以后用 yizhan edge enrol 输入。")
    click.echo("一个注册码只能由一台设备使用。")


def _run(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that owns the directory, or in this one when nobody does."""

    def become() -> dict[str, Any]:
        with Node.open(directory) as node:
            return commands_of(build_centre(node, read()))[command](arguments)

    return run_command(directory, command, arguments, become)


add_common_commands(central, _run, roles=[role.value for role in ROLES])
