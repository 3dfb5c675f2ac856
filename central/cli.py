"""`yizhan central`: a centre set up, served and looked after from the command line.

Must not know: how anything is done.
"""

import json
from pathlib import Path
from typing import Any

import click

from central.alert_cli import add_alert_commands
from central.catalogue_cli import add_catalogue_commands
from central.commands import ROLES, commands_of
from central.messages import MESSAGES
from central.services.found_centre import found_centre, open_centre
from central.serving import serve_centre
from central.settings import read
from central.wiring import build_centre
from sync.commands.key_commands import add_key_commands, tell_key
from sync.commands.node_group import add_common_commands, data_option, documents_lines, room_lines, run_command
from sync.commands.speaking import Group


@click.group(cls=Group, messages=MESSAGES)
def central() -> None:
    """中心：初始化、登记站点、运行与日常管理。"""


@central.command()
@data_option
@click.option("--code", "region", prompt="区划代码（12 位，县级或以上）", help="12 位区划代码（县级或以上）。")
@click.option("--name", prompt="中心名称", help="中心名称，如 青溪县政务服务中心。")
def init(directory: Path, region: str, name: str) -> None:
    """新建一个中心的数据目录。"""
    settings = read()
    with found_centre(directory, name=name, region=region, couch=settings.couch(), keys=settings.key_for_new()) as node:
        click.echo(f"已初始化：{node.identity.name}（{node.identity.region}），数据目录 {directory}")
        tell_key(directory, settings.keys(), group="central")
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
    if not told["stations"]:
        click.echo("还没有登记站点，请运行 yizhan central enrol")
    for one in told["stations"]:
        click.echo(_station_line(one))


@central.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def status(directory: Path, as_json: bool) -> None:
    """中心状况：办件数、被搁置的文档、告警。"""
    told = _run(directory, "status", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _status_lines(told):
        click.echo(line)


def _station_line(one: dict[str, Any]) -> str:
    behind = one["backlog"]
    waiting = f"  尚缺 {behind['events']} 步、照片 {behind['photos']} 张" if any(behind.values()) else ""
    heard = f"最近联系 {one['last_heard_text']}{'（失联）' if one['silent'] else ''}" if one["enrolled"] else "未启用"
    aside = f"  未收下 {one['set_aside']} 份" if one["set_aside"] else ""
    alarms = f"  告警 {one['alarms']} 条" if one["alarms"] else ""
    return f"{one['region']}  {one['sid']}  {one['name']}  {heard}  办件 {one['cases']} 件{waiting}{aside}{alarms}"


def _status_lines(told: dict[str, Any]) -> list[str]:
    stations, clock = told["stations"], told["clock"]
    return [
        f"{told['name']}（{told['level_name']}，{told['region']}）",
        f"站点      登记 {stations['registered']} 个，启用 {stations['enrolled']} 个，失联 {stations['silent']} 个，"
        f"数据未到齐 {stations['behind']} 个",
        f"办件      共 {told['cases']} 件",
        f"待处理    被搁置 {told['set_aside']} 件，告警 {told['alarms']} 条",
        f"时钟      {told['now']}（{clock['quality_name']}）",
        f"备份      最近一次 {told['backup']['text']}{told['backup']['trouble'] and '，' + told['backup']['trouble']}",
        *documents_lines(told["documents"]),
        *room_lines(told["room"]),
    ]


def _tell_code(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    code = told["code"]
    groups = "    ".join(" ".join(group) for group in code.split("-"))
    for line in (
        f"{told['name']}（{told['region']}），站点编号 {told['sid']}，上级 {told['parent_name']}",
        "",
        f"    注册码    {groups}",
        "",
        "请逐位告知站点（字母不分大小写，空格和短横可省略）：",
        f"    初始化时输入   yizhan edge init … --enrolment {code}",
        f"    或以后输入     yizhan edge enrol --data 目录 {code}",
        "一个注册码只能由一台设备使用；遗失、换机或恢复数据后，运行 yizhan central enrol-again 另发。",
    ):
        click.echo(line)


def _run(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that owns the directory, or in this one when nobody does."""

    def become() -> dict[str, Any]:
        settings = read()
        with open_centre(directory, couch=settings.couch(), keys=settings.keys()) as node:
            return commands_of(build_centre(node, settings))[command](arguments)

    return run_command(directory, command, arguments, become)


add_common_commands(central, _run, roles=[role.value for role in ROLES])
add_key_commands(central)
add_catalogue_commands(central, _run)
add_alert_commands(central, _run)
