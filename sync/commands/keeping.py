"""`yizhan backup`, `yizhan restore` and `yizhan doctor`: a data directory kept safe, brought back, and examined.

Must not know: whether a station, a centre or a plain store lives in it.
"""

import sys
import time
from pathlib import Path

import click

from sync.store.backup import back_up
from sync.store.backup import restore as bring_back
from sync.store.doctor.examining import examine

_PATIENCE_SECONDS = 2.0
_directory = click.Path(file_okay=False, path_type=Path)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("directory", type=_directory)
@click.argument("target", type=_file)
def backup(directory: Path, target: Path) -> None:
    """把数据目录 DIRECTORY 备份到文件 TARGET；运行中的站点不必停。"""
    size = back_up(directory, target)
    click.echo(f"已备份到 {target}（{size / 1024:.0f} kB）。备份中有个人信息，请妥善保管。")


@click.command()
@click.argument("backup", type=_file)
@click.argument("directory", type=_directory)
def restore(backup: Path, directory: Path) -> None:
    """用备份文件 BACKUP 建立新的数据目录 DIRECTORY。"""
    bring_back(backup, directory, now_ms=time.time_ns() // 1_000_000)
    click.echo(f"已恢复到 {directory}。备份之后的内容，联网后由上级送回。")
    click.echo("恢复后的站点不能沿用原来的设备码：请向中心申请新的注册码（yizhan central enrol-again），")
    click.echo("再用 yizhan edge enrol 输入，之后才能收件。")


@click.command()
@click.argument("directory", type=_directory)
def doctor(directory: Path) -> None:
    """检查数据目录 DIRECTORY 是否完好；只读不写，运行中的站点不必停。"""
    patience = _Patience()
    findings = list(examine(directory, progress=patience.tell))
    for finding in sorted(findings, key=lambda finding: not finding.is_fault):
        click.echo(f"{'问题' if finding.is_fault else '说明'}：{finding.what}")
        click.echo(f"      {finding.remedy}")
    faults = sum(finding.is_fault for finding in findings)
    if faults:
        click.echo(f"共发现 {faults} 个问题。")
        sys.exit(1)
    click.echo("数据完好。")


class _Patience:
    """Says what is under way to whoever has waited two seconds, and every two seconds from then on."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, title: str, count: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _PATIENCE_SECONDS:
            self._told_at = now
            click.echo(f"正在检查{title}……{f'已查 {count}' if count else ''}", err=True)
