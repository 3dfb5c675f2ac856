"""The file as SQLite sees it: pages with their checksums or codes, b-trees, references between tables.

Must not know: what the tables mean.
"""

from collections.abc import Iterator

from sync.store.doctor.finding import COUNT, NOTHING, RESTORE, Advance, Finding
from sync.store.transaction import Reader

_MOST = 20


def check_pages(reader: Reader, _: Advance) -> Iterator[Finding]:
    """Every page is what was written, and every index agrees with its table."""
    for (told,) in reader.execute(f"PRAGMA integrity_check({_MOST})"):
        if told != "ok":
            yield Finding(f"数据文件已损坏：{told}", RESTORE)
    is_encrypted = bool(reader.execute("PRAGMA cipher_salt"))  # and then each page carries its code
    ((verifying,),) = reader.execute("PRAGMA checksum_verification") or [("0",)]
    if not is_encrypted and str(verifying) != "1":
        yield Finding("数据文件由旧版本建立，页上没有校验码，磁盘出错时不易发现", NOTHING, is_fault=False)


def check_references(reader: Reader, _: Advance) -> Iterator[Finding]:
    """No row refers to one that is not there."""
    broken: dict[tuple[str, str], int] = {}
    for table, _row, parent, _key in reader.execute("PRAGMA foreign_key_check"):
        broken[table, parent] = broken.get((table, parent), 0) + 1
    for (table, parent), count in broken.items():
        yield Finding(f"表 {table} 中有 {count} 行所指的 {parent} 已不存在", RESTORE)


def check_steps(reader: Reader, _: Advance) -> Iterator[Finding]:
    """The record of schema steps has no gap."""
    rows = [position for (position,) in reader.execute("SELECT position FROM steps ORDER BY position")]
    if rows != list(range(1, len(rows) + 1)):
        yield Finding("数据结构的升级记录不连续", COUNT)
