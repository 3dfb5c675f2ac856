"""`yizhan backup` and `yizhan restore`: a data directory kept safe, and brought back.

Must not know: whether a station, a centre or a plain store lives in it.
"""

import time
from pathlib import Path

import click

from sync.store.backup import back_up
from sync.store.backup import restore as bring_back

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
