"""The ledger: receipt numbers against serials, our own chain, what is held of others, the audit.

Must not know: documents, what an event says.
"""

from collections import Counter
from collections.abc import Iterator

from sync.errors import BadRequest
from sync.records.receipt_number import parse_receipt_number
from sync.store.doctor.finding import ASK, COUNT, REPORT, RESTORE, Advance, Finding
from sync.store.ledger.audit import first_broken
from sync.store.transaction import Reader


def check_audit(reader: Reader, _: Advance) -> Iterator[Finding]:
    """No row of the audit was changed, removed or put in later."""
    number = first_broken(reader)
    if number is not None:
        yield Finding(f"审计记录自第 {number} 条起与校验链不符：有人或磁盘改动过", REPORT)


def check_receipt_numbers(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """No number twice, and none beyond the serial that was given last: it would be given again."""
    own = reader.one("SELECT sid FROM certificates JOIN node_key USING (writer)")
    devices = {device for (device,) in reader.execute("SELECT device FROM device_codes")}
    given = {
        (device, day): last for device, day, last in reader.execute("SELECT device, day, last FROM serials ORDER BY 1")
    }
    seen = Counter[str]()
    for count, (sid, text) in enumerate(reader.iterate("SELECT sid, receipt_number FROM cases")):
        advance(count)
        seen[text] += 1
        try:
            number = parse_receipt_number(text)
        except BadRequest:
            yield Finding(f"案件 {text} 的收件号读不出来", REPORT)
            continue
        is_ours = own is not None and sid == own[0] and number.device in devices
        if is_ours and number.serial > given.get((number.device, number.day.isoformat()), 0):
            yield Finding(f"收件号 {number.short}（{number.day}）没有登记在流水号中，可能会被再次使用", REPORT)
    for text, times in seen.items():
        if times > 1:
            yield Finding(f"收件号 {text} 用在 {times} 个案件上", REPORT)


def check_own_chain(reader: Reader, _: Advance) -> Iterator[Finding]:
    """Our own events, as far as they are noted as held, are those our chain counts."""
    for life, counter, head in reader.execute("SELECT life, counter, head FROM own_chain"):
        if (counter == 0) != (head is None):
            yield Finding(f"本机事件链（{life}）的计数 {counter} 与链头不符", RESTORE)
        held = reader.one("SELECT chain, highest FROM chains JOIN node_key USING (writer) WHERE life = ?", (life,))
        if held is None:
            continue
        if held[1] > counter:
            yield Finding(f"本机事件链（{life}）只计到 {counter}，却已有第 {held[1]} 号事件：编号会重复", REPORT)
        noted = reader.one("SELECT hash FROM held_events WHERE chain = ? AND number = ?", (held[0], counter))
        if noted is not None and noted[0] != head:
            yield Finding(f"本机事件链（{life}）的链头与第 {counter} 号事件不符", RESTORE)


def check_holdings(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """What is counted of each writer's events is what is held: receipts are signed over it."""
    rows = reader.execute("SELECT chain, writer, contiguous, highest FROM chains")
    for count, (chain, writer, contiguous, highest) in enumerate(rows):
        advance(count)
        numbers = [n for (n,) in reader.execute("SELECT number FROM held_events WHERE chain = ? ORDER BY 1", (chain,))]
        reached = 0
        for number in numbers:
            if number != reached + 1:
                break
            reached = number
        if contiguous > reached or highest != (numbers[-1] if numbers else 0):
            yield Finding(f"写入者 {writer[:12]} 的事件记为收齐到 {contiguous}，实为 {reached}", RESTORE)


def check_lives(reader: Reader, _: Advance) -> Iterator[Finding]:
    """A directory that is a node has a key and a life, and every life its chain."""
    ((keys, lives, chains),) = reader.execute(
        "SELECT (SELECT count(*) FROM node_key), (SELECT count(*) FROM lives), "
        "(SELECT count(*) FROM lives JOIN own_chain USING (life))"
    )
    if bool(keys) != bool(lives) or chains != lives:
        yield Finding("站点的密钥、身世或事件链缺失", RESTORE)
    if reader.one("SELECT 1 FROM serials WHERE device NOT IN (SELECT device FROM device_codes)"):
        yield Finding("流水号所属的设备码没有登记", COUNT)


def check_lost_photos(reader: Reader, _: Advance) -> Iterator[Finding]:
    """Photos that were whole here once and are not."""
    ((count,),) = reader.execute("SELECT count(*) FROM lost_photos")
    if count:
        yield Finding(f"有 {count} 张照片缺损", ASK)
