"""`yizhan bundle`: the USB road from the command line, alike for stations and the centre.

Must not know: what is in a volume.
"""

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sync.carrying.inspecting import look_outside
from sync.carrying.transfers import BELOW, IMPORT, UP, Transfers
from sync.commands.bundle_answers import bundle_answers
from sync.commands.key_place import named_keys
from sync.commands.node_group import data_option, run_command
from sync.errors import SyncError
from sync.node.node import Node
from sync.outbox.address import couch_address
from sync.values.settings import Setting, read_settings
from sync.web.control import Command

# As both applications have them: where a node's documents are decides whether it can be opened here.
_SETTINGS = (
    Setting("couchdb_url", "", "The CouchDB that keeps the documents; none: the directory."),
    Setting("couchdb_prefix", "", "Before every database's name there."),
)
_PATIENCE_SECONDS = 2.0
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_REFUSED = ("refused", "strange", "partly")


def _size(_: click.Context, __: click.Parameter, text: str) -> int:
    """Bytes, told as `5MB`."""
    found = re.fullmatch(r"(\d{1,9})\s*([KMG]?)B?", text.strip().upper())
    if found is None:
        raise click.BadParameter("大小应写作 5MB、64MB 或 1GB")
    return int(found[1]) * _UNITS[found[2]]


@click.group()
def bundle() -> None:
    """U盘传送：没有网络时，把要上报、下发的内容写成加密文件带过去。"""


@bundle.command("export")
@data_option
@click.option("--to", "to", default="", help=f"{UP} 上级（默认），{BELOW} 全部直属下级，或站点编号（如 centre）。")
@click.option("--volume-size", "size", callback=_size, default="64MB", help="每卷最大多少，如 5MB。  [默认 64MB]")
@click.option("--photos", callback=_size, default="256MB", help="对方要看的旧照片最多带多少，0 为不带。  [默认 256MB]")
@click.option("--everything", is_flag=True, help="不管对方已有什么，全部导出。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
def export(directory: Path, to: str, size: int, photos: int, everything: bool, as_json: bool, target: Path) -> None:
    """导出到目录 TARGET（如U盘）。"""
    arguments = {
        "to": to,
        "directory": str(target.resolve()),
        "volume_bytes": size,
        "photo_bytes": photos,
        "everything": everything,
    }
    told = _run_job(directory, "bundle-export", arguments)
    if as_json:
        click.echo(json.dumps(told["result"], ensure_ascii=False))
        return
    result = told["result"]
    own = len(result["volumes"]) - result["carried"]
    click.echo(f"已导出给{'、'.join(result['to'])}：{own} 卷，{_megabytes(result['bytes'])}，写在 {target}")
    if result["photos"] or result["photos_left"]:
        left = f"，还有 {result['photos_left']} 张放不下，下次再带" if result["photos_left"] else ""
        click.echo(f"其中有对方要看的照片 {result['photos']} 张{left}")
    if result["carried"]:
        click.echo(f"另有代别人转交的 {result['carried']} 卷")
    click.echo("请把这些文件交给对方导入；在对方的签收凭据带回来之前，本机不会当作已送达。")


@bundle.command("import")
@data_option
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def import_(directory: Path, as_json: bool, sources: tuple[Path, ...]) -> None:
    """导入目录或文件 SOURCES（如U盘）；顺序不限，重复无妨。"""
    told = _run_job(directory, "bundle-import", {"paths": [str(path.resolve()) for path in sources]})
    outcomes = told["outcomes"]
    if as_json:
        click.echo(json.dumps({"files": outcomes, "missing": told["missing"]}, ensure_ascii=False))
    else:
        for one in outcomes:
            click.echo(f"{one['file']}  {one['sentence']}")
        if not outcomes:
            click.echo("没有找到传送文件（.yzb）")
        for sentence in told["missing"]:
            click.echo(f"{sentence}。已收下的有效，其余导入后补齐。")
    if any(one["what"] in _REFUSED for one in outcomes):
        raise click.exceptions.Exit(1)


@bundle.command()
@click.option(
    "--data",
    "directory",
    default=None,
    type=click.Path(file_okay=False, path_type=Path),
    help="数据目录；不写则只看外表。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def inspect(directory: Path | None, as_json: bool, files: tuple[Path, ...]) -> None:
    """看看文件 FILES 是什么，不导入。"""
    told = [_inspected(directory, path) for path in files]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        click.echo(f"{one['file']}  {_megabytes(one['bytes'])}  {one['sentence']}")


def _inspected(directory: Path | None, path: Path) -> dict[str, Any]:
    if directory is None:
        told = look_outside(path)
        sentence = "是驿站的传送文件；用 --data 指定收件一方的数据目录才能看内容"
        return {**told, "sentence": sentence if told["volume"] else "不是驿站的传送文件"}
    answer, _ = _run(directory, "bundle-inspect", {"path": str(path.resolve())})
    return answer


def _run_job(directory: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Begin a transfer in the process that owns the directory, or in this one, and wait for its end."""
    patience = _Patience()
    told, is_own = _run(directory, command, arguments, patience)
    while not is_own and told["running"]:
        patience.tell(told)
        told, _ = _run(directory, "bundle-job", {"job": told["job"]})
    if told["error"] is not None:
        raise SyncError(told["error"]["reason"], remedy=told["error"]["remedy"])
    return told


def _run(
    directory: Path, command: str, arguments: dict[str, Any], patience: "_Patience | None" = None
) -> tuple[dict[str, Any], bool]:
    """What a command answers, and whether it was this process that ran it: to the end of its transfer, then."""
    ran_here = []

    def become() -> dict[str, Any]:
        settings = read_settings(_SETTINGS, os.environ, prefix="YIZHAN_")
        couch = couch_address(str(settings["couchdb_url"]), str(settings["couchdb_prefix"]))
        with Node.open(directory, couch=couch, keys=named_keys()) as node:
            transfers = Transfers(node)
            try:
                ran_here.append(True)
                return _to_its_end(bundle_answers(transfers), command, arguments, patience)
            finally:
                transfers.close()

    return run_command(directory, command, arguments, become), bool(ran_here)


def _to_its_end(
    commands: Mapping[str, Command], command: str, arguments: dict[str, Any], patience: "_Patience | None"
) -> dict[str, Any]:
    told = commands[command](arguments)
    while told.get("running"):
        if patience is not None:
            patience.tell(told)
        told = commands["bundle-job"]({"job": told["job"]})
    return told


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB"


class _Patience:
    """Says how far a transfer has come to whoever has waited two seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, told: dict[str, Any]) -> None:
        """Say it, if it is time."""
        now = time.monotonic()
        if now - self._told_at < _PATIENCE_SECONDS:
            return
        self._told_at = now
        if told["kind"] == IMPORT:
            through = f"已完成 {len(told['outcomes'])}/{told['files']} 个文件，收到 {told['documents']} 份文档"
            click.echo(f"正在导入……{through}", err=True)
        else:
            written = f"已写 {_megabytes(told['bytes'])}" if told["bytes"] else "正在整理要带的内容"
            click.echo(f"正在导出……{written}", err=True)
