"""`yizhan edge`: a station set up, served and looked after from the command line.

Must not know: how anything is done.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from edge_node.commands import ROLES, commands_of
from edge_node.devices.reader_mapping import DEFAULT, mapping_at
from edge_node.devices.simulator import run_simulator
from edge_node.messages import MESSAGES
from edge_node.services.found_station import found_station
from edge_node.serving import serve_station
from edge_node.settings import read
from edge_node.telling import road_lines
from edge_node.watching_sync import watched
from edge_node.wiring import build_station
from sync.commands.key_commands import add_key_commands, tell_key
from sync.commands.node_group import (
    add_common_commands,
    data_option,
    documents_lines,
    file_text,
    room_lines,
    run_command,
)
from sync.commands.progress import showing_progress
from sync.commands.speaking import Group
from sync.errors import SyncError
from sync.node.node import Node
from sync.web.control import Command, ask_owner
from sync.web.problems import problem_of


class _InChinese(Group):
    """A group whose refusals can be read at a desk: those written for developers get the table's words in front."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises SyncError in Chinese."""
        try:
            return super().invoke(ctx)
        except SyncError as error:
            if any("\u4e00" <= character <= "\u9fff" for character in error.reason):
                raise
            problem = problem_of(error)
            raise SyncError(f"{problem.title}（{error.reason}）", remedy=problem.advice) from error


@click.group(cls=_InChinese, messages=MESSAGES)
def edge() -> None:
    """村站、乡镇站：初始化、注册、运行、同步与日常管理。"""


@edge.command()
@data_option
@click.option("--code", "region", required=True, help="12 位区划代码（乡镇或村）。")
@click.option("--name", required=True, help="站名，印在收件回执上。")
@click.option("--upstream", required=True, help="上级节点的地址，如 https://10.0.0.2:8800。")
@click.option("--enrolment", default="", help="中心给的注册码；也可以以后用 enrol 输入。")
def init(directory: Path, region: str, name: str, upstream: str, enrolment: str) -> None:
    """新建一个站的数据目录。"""
    settings = read()
    with found_station(
        directory,
        name=name,
        region=region,
        upstream=upstream,
        code=enrolment,
        couch=settings.couch(),
        keys=settings.key_for_new(),
        allow_plain_upstream=settings.allow_plain_upstream,
    ) as node:
        who = node.identity
        click.echo(f"已初始化：{who.name}（{who.region}），数据目录 {directory}")
        if who.sid:
            click.echo(f"站点编号 {who.sid}，设备码 {who.device}，可以离线收件")
        else:
            click.echo("尚未输入注册码，输入后才能收件：yizhan edge enrol --data 目录 注册码")
    tell_key(directory, settings.keys(), group="edge")


@edge.command()
@data_option
@click.argument("code")
def enrol(directory: Path, code: str) -> None:
    """输入中心给的注册码 CODE，之后即可离线收件。"""
    answer = _run(directory, "enrol", {"code": code})
    click.echo(f"注册码已接受，站点编号 {answer['sid']}；联网后由中心核发证书")


@edge.command()
@data_option
@click.argument("url")
def upstream(directory: Path, url: str) -> None:
    """上级换了地址：以后按 URL 联系，如 https://10.0.0.2:8800。"""
    answer = _run(directory, "upstream", {"url": url})
    click.echo(f"上级地址已改为 {answer['upstream']}")


@edge.command()
@data_option
@click.option("--host", default=None, help="监听地址。  [YIZHAN_HOST，默认 127.0.0.1]")
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help="监听端口，0 为任意空闲端口。  [YIZHAN_PORT，默认 8800]",
)
def serve(directory: Path, host: str | None, port: int | None) -> None:
    """运行本站，直到 Ctrl-C 或 SIGTERM。"""
    settings = read(host=host, port=port)

    def ready(url: str) -> None:
        click.echo(f"驿站已启动：{url}")

    serve_station(directory, settings, ready=ready)


@edge.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def sync(directory: Path, as_json: bool) -> None:
    """立即与上级同步一次。"""
    looks: list[Callable[[], dict[str, Any]]] = []  # where the run is ours; else the owner is asked

    def become() -> dict[str, Any]:
        with _opened(directory) as commands:
            looks.append(lambda: commands["road"]({}))
            return commands["sync"]({})

    with showing_progress("同步", quiet=as_json) as bar:
        told = watched(
            lambda: run_command(directory, "sync", {}, become, patience_seconds=None),
            lambda: looks[0]() if looks else ask_owner(directory, "road", {}),
            bar,
        )
    if as_json:
        click.echo(json.dumps(told))
        return
    sent, received = told["bytes_sent"] / 1024, told["bytes_received"] / 1024
    photos = f"（其中照片 {told['photo_bytes'] / 1024:.1f} kB）" if told["photo_bytes"] else ""
    click.echo(f"同步完成：{told['carried']} 份文档到达，发出 {sent:.1f} kB{photos}，收到 {received:.1f} kB")
    if told["refused"]:
        click.echo(f"有 {told['refused']} 份被搁置，请与中心联系")


@edge.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def status(directory: Path, as_json: bool) -> None:
    """本站状况：编号、上级、最近联系、待处理事项。"""
    told = _run(directory, "status", {})
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _status_lines(told):
        click.echo(line)


@edge.command("let-go")
@data_option
@click.option("--dry-run", is_flag=True, help="只看有多少可以腾出，不动数据。")
@click.option("--days", type=click.IntRange(1), default=None, help="结案后满多少天。  [YIZHAN_LET_GO_DAYS，默认 180]")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def let_go(directory: Path, dry_run: bool, days: int | None, as_json: bool) -> None:
    """腾出已结案、且中心已备份的照片；以后查看时从上级取回。"""
    told = _run(directory, "let-go", {"dry_run": dry_run, "days": days})
    if as_json:
        click.echo(json.dumps(told))
        return
    size = f"{told['cases']} 件办件的照片 {told['photos']} 张，约 {told['bytes'] / (1 << 20):.1f} MB"
    click.echo(f"可以腾出 {size}" if dry_run else f"已腾出 {size}；查看时从上级取回")


@contextmanager
def _opened(directory: Path) -> Iterator[Mapping[str, Command]]:
    """The commands of a station that nobody runs, while the block does."""
    settings = read()
    with Node.open(directory, couch=settings.couch(), keys=settings.keys()) as node:
        station = build_station(node, settings)
        try:
            yield commands_of(station)
        finally:
            station.courier.close()


def _run(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Run a command in the process that owns the directory, or in this one when nobody does."""

    def become() -> dict[str, Any]:
        with _opened(directory) as commands:
            return commands[command](arguments)

    return run_command(directory, command, arguments, become)


@edge.command("id-reader-simulator")
@click.option(
    "--port", default=8899, show_default=True, type=click.IntRange(0, 65535), help="监听端口，0 为任意空闲端口。"
)
@click.option("--empty", is_flag=True, help="开始时不放卡。")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="照这个名称对照文件应答，与站点的 id_reader_mapping 相同。",
)
def id_reader_simulator(port: int, empty: bool, mapping: Path | None) -> None:
    """没有读卡器时的替身：像读卡器一样应答，卡上是编造的人。直到 Ctrl-C。"""

    def ready(url: str) -> None:
        click.echo(f"模拟读卡器已启动；站点设置 YIZHAN_ID_READER_URL={url}")

    run_simulator(port, is_empty=empty, mapping=mapping_at(mapping) if mapping else DEFAULT, ready=ready)


add_common_commands(edge, _run, roles=[role.value for role in ROLES])
add_key_commands(edge)


def _status_lines(told: dict[str, Any]) -> list[str]:
    contact, clock = told["last_contact"], told["clock"]
    events, photos = told["waiting"]["events"], told["waiting"]["photos"]
    waiting = f"待上级确认 {events} 步、照片 {photos} 张" if events or photos else "均已由上级确认"
    lines = [
        f"{told['name']}（{told['level_name']}，{told['region']}）",
        f"站点编号  {told['sid'] or '尚未注册'}    设备码 {told['device'] or '无'}    "
        f"证书 {'已核发' if told['certified'] else '待中心核发'}",
        f"上级      {told['upstream']}    最近联系 {contact['text']}",
        f"办件      共 {told['cases']} 件，{waiting}",
        f"待处理    被搁置 {told['set_aside']} 件，告警 {told['alarms']} 条",
        *(
            [f"已腾出    {told['let_go_bytes'] / (1 << 20):.1f} MB，中心有备份，查看时取回"]
            if told["let_go_bytes"]
            else []
        ),
        f"时钟      {told['now']}（{clock['quality_name']}）{clock['offset_text']}",
    ]
    lines.append(_catalogue_line(told["catalogue"]))
    lines += documents_lines(told["documents"])
    lines += _photo_lines(told["photo_lane"])
    lines += room_lines(told["room"])
    if contact["error"]:
        lines.append(f"联系失败  {contact['error']}")
    return [*lines, *road_lines(told["road"])]


def _catalogue_line(told: dict[str, Any]) -> str:
    source = f"第 {told['release']} 版（{told['at_text']} 发布）" if told["release"] else "手工导入，待中心下发"
    waiting = f"，{told['unvouched']} 项待中心签名，未启用" if told["unvouched"] else ""
    warning = f"；{told['calendar_warning']}" if told["calendar_warning"] else ""
    return f"目录      {told['items']} 个事项，{source if told['items'] else '没有'}{waiting}{warning}"


def _photo_lines(lane: dict[str, Any]) -> list[str]:
    """How the link is spared; nothing where nothing is set and nothing was spent."""
    spent, budget = lane["spent_bytes"] / 2**20, lane["budget_bytes"] // 2**20
    shut = [f"上级暂不收  {lane['shut']}，照片先存本机，办件照常上报"] if lane["shut"] else []
    if not budget and not lane["quiet"]:
        return shut
    limit = f" / {budget} MB" if budget else ""
    waits = (
        "，额度已用完，照片等下月或手动同步"
        if lane["used_up"]
        else "，现在是免打扰时段，照片稍后上报"
        if lane["quiet"]
        else ""
    )
    return [f"照片流量  {lane['month']} 已用 {spent:.1f} MB{limit}{waits}", *shut]


@edge.command()
@data_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def catalogue(directory: Path, file: Path) -> None:
    """从文件 FILE 读入事项目录或工作日历，供联网收到中心签名的目录以前使用。"""
    told = _run(directory, "catalogue", {"text": file_text(file)})
    click.echo(f"目录共 {told['items']} 个事项；联网后以中心签名下发的为准")
