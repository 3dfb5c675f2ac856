"""The commands about a node's key: encrypting its directory, showing the recovery code, entering it elsewhere.

Must not know: what a station or a centre is, how anything is encrypted.
"""

from pathlib import Path

import click

from sync.commands.key_place import named_keys
from sync.commands.node_group import data_option
from sync.errors import BadRequest, NotFound
from sync.store.connection import FILE_NAME
from sync.store.encrypting import encrypt
from sync.store.key_folder import KeyFolder
from sync.store.keys import StoreKey, draw_key, parse_recovery_code
from sync.store.unlocking import head_of, key_number_of


def add_key_commands(group: click.Group) -> None:
    """Give a group its commands about keys."""
    _add_encrypt(group)
    _add_recovery_code(group)
    _add_enter(group)


def tell_key(directory: Path, keys: KeyFolder, *, group: str) -> None:
    """Show whoever made or encrypted a directory what he has to write down; of one in the clear say that it is.

    group  the command group that looks after it
    """
    number = key_number_of(directory / FILE_NAME)
    if number is None:
        click.echo(f"数据没有加密：谁拿到数据目录或备份都能看到内容。要加密：yizhan {group} encrypt --data {directory}")
        return
    click.echo(f"数据已加密，密钥 {number} 存为 {keys.place_of(number)}（不在数据目录里）")
    _show(keys.find(number))
    command = f"yizhan {group} recovery-code --data {directory}"
    click.echo(f"抄好后核对：{command} --check；没来得及抄的，趁这台电脑还好再看一次：{command}")


def ask_for_key(number: str, keys: KeyFolder) -> None:
    """Have the recovery code of a key typed, and put the key on this machine; raises BadRequest."""
    click.echo(f"密钥 {number} 已存为 {keys.keep(_typed(number))}")


def _add_encrypt(group: click.Group) -> None:
    @group.command("encrypt")
    @data_option
    @click.option("--new-key", is_flag=True, help="已加密的，换一把密钥：恢复码被外人看到时用。")
    def encrypt_directory(directory: Path, new_key: bool) -> None:
        """把数据目录加密；先停止运行。中途断电也不要紧，再运行一次即可。"""
        keys = named_keys()
        number = _number_of(directory)
        if number is not None and not new_key:
            click.echo(f"数据已经加密（密钥 {number}）；要换密钥请加 --new-key")
            return
        encrypt(directory, draw_key(), keys)
        tell_key(directory, keys, group=str(group.name))
        if number is None:
            click.echo("以前的备份没有加密，请重新备份一次，并销毁旧备份。")
        else:
            click.echo(f"以前的备份仍要用旧密钥 {number} 的恢复码打开，旧的纸请留到旧备份销毁为止。")


def _add_recovery_code(group: click.Group) -> None:
    @group.command("recovery-code")
    @data_option
    @click.option("--yes", is_flag=True, help="不再询问。")
    @click.option("--check", is_flag=True, help="不显示，照纸上输入一遍，核对抄得对不对。")
    def recovery_code(directory: Path, yes: bool, check: bool) -> None:
        """再看一次恢复码，抄在纸上；有了它就能打开本站的备份。"""
        number = _number_of(directory)
        if number is None:
            raise NotFound("数据没有加密，没有恢复码", remedy=f"要加密：yizhan {group.name} encrypt --data {directory}")
        key = named_keys().find(number)
        if check:
            _typed(number)
            click.echo("抄得对，请把纸收好")
            return
        if not yes:
            click.confirm("恢复码能打开全部备份，只给站长看。身边没有外人，可以显示吗？", abort=True)
        click.echo(f"密钥 {number}")
        _show(key)


def _add_enter(group: click.Group) -> None:
    @group.command("enter-recovery-code")
    @data_option
    def enter_recovery_code(directory: Path) -> None:
        """数据还在、密钥文件丢了：输入恢复码，把密钥放回这台电脑。"""
        number = _number_of(directory)
        if number is None:
            raise NotFound("数据没有加密，用不着恢复码", remedy="")
        ask_for_key(number, named_keys())


def _number_of(directory: Path) -> str | None:
    path = directory / FILE_NAME
    if not head_of(path):
        raise NotFound(f"{directory} 中没有数据", remedy="请核对数据目录。")
    return key_number_of(path)


def _typed(number: str) -> StoreKey:
    """The key of that number, as somebody types its recovery code."""
    key = parse_recovery_code(click.prompt(f"请输入密钥 {number} 的恢复码（7 组）"))
    if key.number != number:
        told = f"这是另一把密钥（{key.number}）的恢复码，这里要的是密钥 {number} 的"
        raise BadRequest(told, remedy="请找写着这个密钥编号的那张纸。")
    return key


def _show(key: StoreKey) -> None:
    for line in (
        "",
        f"    恢复码    {key.code.replace('-', '  ')}",
        "",
        f"请把恢复码和密钥编号 {key.number} 一起抄在纸上，装进信封，交上级或站长锁好。",
        "不要拍照，不要和备份放在一起。电脑丢了、坏了，要有备份和这张纸才能恢复；没有这张纸，谁也打不开备份。",
    ):
        click.echo(line)
