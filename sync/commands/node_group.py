"""What the command groups of both applications have in common: accounts, alarms, digest, where a case is.

Must not know: what a station or a centre is.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from sync.errors import Invalid
from sync.web.control import run_or_become

# (data directory, command, arguments) -> answer, from whichever process owns the directory
Run = Callable[[Path, str, dict[str, Any]], dict[str, Any]]

_LONGEST_PASSWORD_LINE = 1024

data_option = click.option(
    "--data", "directory", required=True, type=click.Path(file_okay=False, path_type=Path), help="数据目录。"
)


def run_command(
    directory: Path,
    command: str,
    arguments: dict[str, Any],
    become: Callable[[], dict[str, Any]],
    *,
    patience_seconds: float | None = 300.0,
) -> dict[str, Any]:
    """`run_or_become`, with what is wrong with the arguments said in sentences."""
    try:
        return run_or_become(directory, command, arguments, become, patience_seconds=patience_seconds)
    except Invalid as error:
        raise click.ClickException("；".join([sentence for _, sentence in error.fields] or [error.reason])) from None


def file_text(file: Path) -> str:
    """The text of a JSON file somebody named; raises ClickException when it is not to be read."""
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(f"不能读取 {file}，应为 UTF-8 编码的 JSON 文件") from None


def documents_lines(told: dict[str, Any]) -> list[str]:
    """How a document store outside the directory stands, for `status`; nothing when there is none."""
    if told["where"] == "directory":
        return []
    stands = told["trouble"] or "正常"
    waits = f"，{told['waiting']} 份等待写入" if told["waiting"] else ""
    refused = f"，其中 {told['refused']} 份不被接受，请管理员查看" if told["refused"] else ""
    return [f"文档库    {told['address']}    {stands}{waits}{refused}"]


def room_lines(told: dict[str, Any]) -> list[str]:
    """What is running out, for `status`; nothing when there is room."""
    return [f"空间      {one['text']}" for one in told["shortages"]]


def add_common_commands(group: click.Group, run: Run, *, roles: Sequence[str]) -> None:
    """Give a group its common commands; roles: what its people may be, the usual one first."""
    _add_account(group, run, roles)
    _add_alarms(group, run)
    _add_digest(group, run)
    _add_photos(group, run)
    _add_where(group, run)


def _add_account(group: click.Group, run: Run, roles: Sequence[str]) -> None:
    @group.command()
    @data_option
    @click.option("--role", type=click.Choice(roles), default=roles[0], show_default=True)
    @click.option("--display-name", default="", help="姓名；不写则与账号相同。")
    @click.option("--phone", default="", help="联系电话，印在收件回执上。")
    @click.option("--password-stdin", is_flag=True, help="从标准输入读取密码（一行）；否则随机生成并显示一次。")
    @click.option("--reset", is_flag=True, help="为已有账号重新生成密码，并解除锁定。")
    @click.argument("name")
    def account(
        directory: Path, role: str, display_name: str, phone: str, password_stdin: bool, reset: bool, name: str
    ) -> None:
        """新建账号 NAME。"""
        if reset and password_stdin:
            raise click.UsageError("--reset 会生成新密码，不能与 --password-stdin 同用")
        arguments: dict[str, Any] = {"name": name, "reset": reset}
        if not reset:
            password = sys.stdin.readline(_LONGEST_PASSWORD_LINE).rstrip("\r\n") if password_stdin else None
            arguments |= {"role": role, "display_name": display_name, "phone": phone, "password": password}
        made = run(directory, "account", arguments)
        click.echo(f"账号 {made['name']}（{made['role']}）{'已重设密码' if reset else '已建立'}")
        if made["password"]:
            click.echo(f"初始密码（只显示这一次，首次登录须修改）：{made['password']}")


def _add_alarms(group: click.Group, run: Run) -> None:
    @group.command()
    @data_option
    @click.option("--settle", type=int, default=None, help="编号为此的告警已经处理。")
    @click.option("--why", default="", help="查到了什么、怎样处理的；与 --settle 同用，记入日志。")
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    def alarms(directory: Path, settle: int | None, why: str, as_json: bool) -> None:
        """尚未处理的告警：对不上的签名和记录，各是什么、该怎么办。"""
        if settle is not None:
            run(directory, "settle-alarm", {"alarm": settle, "why": why})
        told = run(directory, "alarms", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["alarms"]:
            click.echo(f"{one['alarm']}  {one['at'][:16].replace('T', ' ')}  {one['station']}：{one['what']}")
            click.echo(f"    {one['advice']}；处理后用 --settle {one['alarm']} --why 原因 销去")
        if told["next"]:
            click.echo("还有更早的，处理以后再看")
        if not told["alarms"]:
            click.echo("没有告警")


def _add_digest(group: click.Group, run: Run) -> None:
    @group.command()
    @data_option
    @click.option("--station", default="", help="只计算这个站点编号的数据。")
    def digest(directory: Path, station: str) -> None:
        """本机内容的摘要（JSON），用于与其他节点比对。"""
        click.echo(json.dumps(run(directory, "digest", {"station": station})))


def _add_photos(group: click.Group, run: Run) -> None:
    @group.command()
    @data_option
    @click.option("--check", is_flag=True, help="先把本机的照片全部读一遍，找出读不出来的。")
    @click.option(
        "--from-backup",
        "backup",
        default=None,
        type=click.Path(dir_okay=False, path_type=Path),
        help="缺的部分先从这个备份文件中取。",
    )
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    def photos(directory: Path, check: bool, backup: Path | None, as_json: bool) -> None:
        """本机曾经完整、现在缺损的照片：缺多少、哪里可能还有。缺的部分会自动向下级索取。"""
        if check:
            _check_photos(lambda after: run(directory, "check-photos", {"after": after}), quiet=as_json)
        if backup is not None:
            brought = run(directory, "photos-from-backup", {"file": str(backup.absolute())})
            if not as_json:
                click.echo(f"从备份中取回 {brought['pieces']} 份")
        told = run(directory, "photos", {})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for one in told["photos"]:
            click.echo(_lost_line(one))
        if told["count"] > len(told["photos"]):
            click.echo(f"共 {told['count']} 张，只列出前 {len(told['photos'])} 张")
        if not told["count"]:
            click.echo("没有缺损的照片")


def _check_photos(check: Callable[[Sequence[str]], dict[str, Any]], *, quiet: bool) -> None:
    after: Sequence[str] | None = ("", "")
    photos = lost = 0
    while after is not None:
        told = check(after)
        photos, lost, after = photos + told["photos"], lost + told["lost"], told["end"]
        if not quiet:
            click.echo(f"已读 {photos} 张，新发现缺损 {lost} 张", err=True)


def _lost_line(one: dict[str, Any]) -> str:
    """One lost photo: whose, how much is lacking, and where it may be had."""
    lacks = f"缺 {one['pieces']}/{one['of']} 份" if one["of"] else "缺清单"
    unreadable = f"（其中 {one['unreadable']} 份在磁盘上读不出来）" if one["unreadable"] else ""
    places = [*(f"{name}（签收过）" for name in one["held_by"]), *(["最近的备份"] if one["in_backup"] else [])]
    where = "、".join(places) or "还不知道哪里有，请查看更早的备份"
    since = one["since"][:16].replace("T", " ")
    return (
        f"{one['record'] or '（没有记录提到它）'}  {one['station']}  自 {since}  {lacks}{unreadable}；可能有：{where}"
    )


def _add_where(group: click.Group, run: Run) -> None:
    @group.command()
    @data_option
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
    @click.argument("case")
    def where(directory: Path, as_json: bool, case: str) -> None:
        """一件办件到了哪里、从什么时候起：CASE 为收件号（可只写后几段，如 01-0007-G）或办件编号。"""
        told = run(directory, "where", {"case": case})
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
            return
        for line in _where_lines(told):
            click.echo(line)


def _where_lines(told: dict[str, Any]) -> list[str]:
    """How far one case has come, hop by hop, each with the time of the receipt it is known from."""
    number = f"收件号 {told['receipt_number']}，" if told["receipt_number"] else ""
    lines = [f"{number}{told['sentence']}"]
    for place, hop in enumerate(told["hops"]):
        held = hop["state"] != "none"
        what = ("已存" if held else "未存") + "本站" if place == 0 else ("已到" if held else "未到") + hop["level_name"]
        papers = f"（材料 {hop['materials_held']}/{hop['materials']}）" if held and hop["materials"] else ""
        since = f"  自 {hop['since'][:16].replace('T', ' ')}" if held and hop["since"] else ""
        fell = "  曾经收到，恢复数据后需要重新上送" if hop["fell_back"] else ""
        safe = f"  已备份 {hop['safe_since'][:16].replace('T', ' ')}" if hop["safe_since"] else ""
        lines.append(f"  {what}{papers}  {hop['name']}{since}{safe}{fell}")
    return lines
