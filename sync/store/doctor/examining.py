"""All checks, one after the other, over one snapshot of a directory; what cannot be read is a finding too.

A directory somebody runs is read beside its owner. One that nobody runs is opened so that nothing is written
into it, not even what SQLite would tidy up on closing.

Must not know: how findings are shown.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from sync.errors import NewerStore, NotFound, StorageError
from sync.store.connection import (
    FILE_NAME,
    Connection,
    Opening,
    abandon,
    frames_in_log,
    open_frozen,
    open_reader,
    translated,
)
from sync.store.doctor.contents import check_contents, check_links
from sync.store.doctor.documents import check_digests, check_documents, check_let_go
from sync.store.doctor.file import check_pages, check_references, check_steps
from sync.store.doctor.finding import RESTORE, Check, Finding
from sync.store.doctor.indexes import check_indexes
from sync.store.doctor.ledger import (
    check_audit,
    check_holdings,
    check_lives,
    check_lost_photos,
    check_own_chain,
    check_receipt_numbers,
)
from sync.store.doctor.numbers import check_counters, check_sequences
from sync.store.key_folder import KeyFolder
from sync.store.lock import is_owned
from sync.store.log import index_of, is_log_there, lost_from
from sync.store.migrations import is_up_to_date, require_known
from sync.store.transaction import Reader
from sync.store.unlocking import opening_of

CHECKS = (
    Check("数据文件", check_pages),
    Check("表间引用", check_references),
    Check("升级记录", check_steps),
    Check("文档与版本树", check_documents),
    Check("版本摘要", check_digests),
    Check("已腾出的内容", check_let_go),
    Check("缺损的照片", check_lost_photos),
    Check("统计数字", check_counters),
    Check("更新序号", check_sequences),
    Check("附件", check_links),
    Check("附件内容", check_contents),
    Check("查询索引", check_indexes),
    Check("站点身份", check_lives),
    Check("收件号", check_receipt_numbers),
    Check("本机事件链", check_own_chain),
    Check("持有的事件", check_holdings),
    Check("审计记录", check_audit),
)
Progress = Callable[[str, int], None]  # (title of the check under way, how many were looked at)


def examine(
    directory: Path, *, keys: KeyFolder | None = None, progress: Progress = lambda title, count: None
) -> Iterator[Finding]:
    """Everything that is to be said about a data directory; nothing when it is sound.

    keys    where the key of an encrypted one is
    raises  NotFound when there is no store, KeyMissing, NewerStore when a newer Yizhan wrote it
    """
    path = directory / FILE_NAME
    if not path.is_file():
        raise NotFound(f"{directory} 中没有数据", remedy="请核对数据目录。")
    owned = is_owned(directory)
    opening = opening_of(path, keys, Opening())
    try:
        with _opened(path, opening, owned=owned) as connection:
            require_known(connection)
            if not owned:
                yield from _log(path, connection)
            if is_up_to_date(connection):
                yield from _checked(connection, progress)
            else:
                yield Finding("数据由旧版本写成，尚未升级", "启动一次站点，再检查。", is_fault=False)
    except NewerStore:
        raise
    except StorageError as error:
        yield Finding(f"数据打不开：{error.reason}", RESTORE)


@contextmanager
def _opened(path: Path, opening: Opening, *, owned: bool) -> Iterator[Connection]:
    """A connection that leaves file, log and what lies beside them as they are."""
    if not owned and not is_log_there(path):
        with closing(open_frozen(path, opening)) as frozen:
            yield frozen
        return
    index_was_there = index_of(path).exists()
    connection = open_reader(path, opening)
    try:
        yield connection
    finally:
        abandon(connection)
        if not index_was_there:
            index_of(path).unlink(missing_ok=True)


def _log(path: Path, connection: Connection) -> Iterator[Finding]:
    """The write-ahead log of a directory nobody runs: whether SQLite would stop before what had been flushed."""
    if is_log_there(path):
        lost = lost_from(path, frames_in_log(connection))
        if lost is not None:
            yield Finding(f"写前日志自第 {lost} 帧起已损坏：最后写入的内容读不出来", RESTORE)


def _checked(connection: Connection, progress: Progress) -> Iterator[Finding]:
    with translated():
        connection.execute("BEGIN")
    for check in CHECKS:
        progress(check.title, 0)
        reader = Reader(connection)
        try:
            with translated():
                yield from check.find(reader, partial(progress, check.title))
        except StorageError as error:
            yield Finding(f"{check.title}读不下去：{error.reason}", RESTORE)
        except Exception as error:  # rows so mangled that a check stumbles over them are what it looks for
            yield Finding(f"{check.title}读不下去：{type(error).__name__}", RESTORE)
        finally:
            reader.end()
