"""The ledger: receipt numbers against serials, our own chain, what is held of others, the audit.

Must not know: documents, what an event says.
"""

from collections import Counter
from collections.abc import Iterator

from sync.errors import BadRequest
from sync.messages import _
from sync.records.receipt_number import parse_receipt_number
from sync.store.doctor.finding import ASK, COUNT, REPORT, RESTORE, Advance, Finding
from sync.store.ledger.audit import first_broken
from sync.store.transaction import Reader


def check_audit(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """No row of the audit was changed, removed or put in later."""
    number = first_broken(reader)
    if number is not None:
        told = _(
            "From entry %(number)s on the audit does not fit its chain: somebody or the disk changed it", number=number
        )
        yield Finding(told, _(REPORT))


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
            told = _("The receipt number of case %(number)s cannot be read", number=text)
            yield Finding(told, _(REPORT))
            continue
        is_ours = own is not None and sid == own[0] and number.device in devices
        if is_ours and number.serial > given.get((number.device, number.day.isoformat()), 0):
            told = _(
                "Receipt number %(number)s (%(day)s) is not among the serials that were given, it may be given again",
                number=number.short,
                day=number.day,
            )
            yield Finding(told, _(REPORT))
    for text, times in seen.items():
        if times > 1:
            told = _("Receipt number %(number)s is that of %(cases)s cases", number=text, cases=times)
            yield Finding(told, _(REPORT))


def check_own_chain(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """Our own events, as far as they are noted as held, are those our chain counts."""
    for life, counter, head in reader.execute("SELECT life, counter, head FROM own_chain"):
        if (counter == 0) != (head is None):
            told = _(
                "The counter %(counter)s of the chain of this machine’s events (%(life)s) does not fit its head",
                life=life,
                counter=counter,
            )
            yield Finding(told, _(RESTORE))
        held = reader.one("SELECT chain, highest FROM chains JOIN node_key USING (writer) WHERE life = ?", (life,))
        if held is None:
            continue
        if held[1] > counter:
            told = _(
                "The chain of this machine’s events (%(life)s) counts up to %(counter)s, and event "
                "%(highest)s is there already: numbers will be given twice",
                life=life,
                counter=counter,
                highest=held[1],
            )
            yield Finding(told, _(REPORT))
        noted = reader.one("SELECT hash FROM held_events WHERE chain = ? AND number = ?", (held[0], counter))
        if noted is not None and noted[0] != head:
            told = _(
                "The head of the chain of this machine’s events (%(life)s) is not that of event %(counter)s",
                life=life,
                counter=counter,
            )
            yield Finding(told, _(RESTORE))


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
            told = _(
                "The events of writer %(writer)s are noted as all here up to %(noted)s and are so up to %(reached)s",
                writer=writer[:12],
                noted=contiguous,
                reached=reached,
            )
            yield Finding(told, _(RESTORE))


def check_lives(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """A directory that is a node has a key and a life, and every life its chain."""
    ((keys, lives, chains),) = reader.execute(
        "SELECT (SELECT count(*) FROM node_key), (SELECT count(*) FROM lives), "
        "(SELECT count(*) FROM lives JOIN own_chain USING (life))"
    )
    if bool(keys) != bool(lives) or chains != lives:
        yield Finding(_("The key of the station, a life or its chain of events is missing"), _(RESTORE))
    if reader.one("SELECT 1 FROM serials WHERE device NOT IN (SELECT device FROM device_codes)"):
        yield Finding(_("There are serials of a device code that is not noted"), _(COUNT))


def check_lost_photos(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """Photos that were whole here once and are not."""
    ((count,),) = reader.execute("SELECT count(*) FROM lost_photos")
    if count:
        yield Finding(_("%(count)s photos are lost", count=count), _(ASK))
