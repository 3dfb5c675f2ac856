"""`yizhan backup`, `yizhan restore` and `yizhan doctor`: a data directory kept safe, brought back, and examined.

Must not know: what stations and centres do all day.
"""

import sys
import time
from pathlib import Path
from typing import Any

import click

from sync.commands.key_commands import ask_for_key
from sync.commands.key_place import named_keys
from sync.commands.node_group import run_command
from sync.errors import Refused
from sync.node.identity import CENTRE
from sync.node.node import Node
from sync.node.safety import sign_safe
from sync.store.backup import back_up, reading
from sync.store.backup import restore as bring_back
from sync.store.connection import FILE_NAME
from sync.store.doctor.examining import examine
from sync.store.ledger.settings import setting
from sync.store.unlocking import key_number_of

_PATIENCE_SECONDS = 2.0
_directory = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("directory", type=_directory)
@click.argument("target", type=_file)
@click.option("--same-disk", is_flag=True, help="与数据在同一块磁盘上也算数：只用于存储本身存有两份的机器。")
def backup(directory: Path, target: Path, same_disk: bool) -> None:
    """把数据目录 DIRECTORY 备份到文件 TARGET；运行中的站点不必停。"""
    keys = named_keys()
    size = back_up(directory, target, keys=keys)
    click.echo(f"已备份到 {target}（{size / 1024:.0f} kB），并已核对。{_how_kept(target)}")
    with reading(target, keys) as copy:
        is_centre = setting(copy, "node.level") == CENTRE
    if is_centre:
        _tell(directory, target, same_disk)


def _tell(directory: Path, target: Path, same_disk: bool) -> None:
    """Have a centre sign for what is in its backup; where it may not, the backup is none the worse for it."""
    arguments = {"file": str(target.absolute()), "trust_same_disk": same_disk}

    def become() -> dict[str, Any]:
        with Node.open(directory, keys=named_keys()) as node:
            return {"signed": sign_safe(node, target, trust_same_disk=same_disk)}

    try:
        told = run_command(directory, "backup-made", arguments, become)
    except Refused as error:
        click.echo(f"没有向站点签发“中心已备份”：{error.reason}。{error.remedy}")
        return
    click.echo(f"已签发“中心已备份”的回执 {told['signed']} 份，下次同步时送到各站。")


@click.command()
@click.argument("backup", type=_file)
@click.argument("directory", type=_directory)
def restore(backup: Path, directory: Path) -> None:
    """用备份文件 BACKUP 建立新的数据目录 DIRECTORY；这台电脑上没有它的密钥时，会问恢复码。"""
    keys = named_keys()
    number = key_number_of(backup)
    if number is not None and not keys.place_of(number).exists():
        click.echo(f"这份备份已加密，而这台电脑上没有它的密钥 {number}。")
        ask_for_key(number, keys)
    bring_back(backup, directory, now_ms=time.time_ns() // 1_000_000, keys=keys)
    click.echo(f"已恢复到 {directory}。备份之后的内容，联网后由上级送回。")
    if number is None:
        click.echo("备份没有加密，恢复的数据也没有；要加密，用 yizhan edge encrypt（中心用 yizhan central）。")
    click.echo("恢复后的站点不能沿用原来的设备码：请向中心申请新的注册码（yizhan central enrol-again），")
    click.echo("再用 yizhan edge enrol 输入，之后才能收件。")


@click.command()
@click.argument("directory", type=_directory)
def doctor(directory: Path) -> None:
    """检查数据目录 DIRECTORY 是否完好；只读不写，运行中的站点不必停。"""
    patience = _Patience()
    findings = list(examine(directory, keys=named_keys(), progress=patience.tell))
    for finding in sorted(findings, key=lambda finding: not finding.is_fault):
        click.echo(f"{'问题' if finding.is_fault else '说明'}：{finding.what}")
        click.echo(f"      {finding.remedy}")
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        click.echo(f"共发现 {faults} 个问题。")
        sys.exit(1)
    number = key_number_of(directory / FILE_NAME)
    click.echo(f"数据完好，已加密（密钥 {number}）。" if number else "数据完好，没有加密。")


def _how_kept(backup: Path) -> str:
    """What is to be said about keeping a backup."""
    number = key_number_of(backup)
    if number is None:
        return "备份没有加密，里面有个人信息，请锁好。"
    return f"备份已加密，要用密钥 {number} 的恢复码才能在别的电脑上打开。"


class _Patience:
    """Says what is under way to whoever has waited two seconds, and every two seconds from then on."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, title: str, count: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _PATIENCE_SECONDS:
            self._told_at = now
            click.echo(f"正在检查{title}……{f'已查 {count}' if count else ''}", err=True)
