"""一次性告知: all that is missing is told at once. Whether a later notice names what an earlier one should have.

A notice is a `supplement_asked` with `{"gaps": [{"material": "户口簿", "what": "缺户主页"}, …]}`; what was handed in
stands in `materials` of whatever event brought it. A gap is old when it concerns a material of the item that

    no notice before has named, and
    has not been handed in, or handed in anew, since one of these notices

for then it was to be seen when that notice was written. Notices that did not know of each other are
both first ones. Of a gap that names no material nobody can say when it began.

Must not know: who is to blame, how a fault is followed up.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sync.messages import _
from sync.records.events import Event
from sync.records.log import Record
from sync.records.past import pasts
from sync.typed import Value
from sync.values.json_text import dump_sorted, objects_in

NOTICE = "supplement_asked"


class Gap(Value):
    """What is missing: of which material ("" for none), and what, as the citizen is told."""

    material: str
    what: str


class LateGap(Value):
    """A gap that ought to have been told before.

    event  the notice that names it;  earlier, the first notice that ought to have
    """

    event: Event
    gap: Gap
    earlier: Event
    sentence: str


def gaps_of(notice: Event) -> tuple[Gap, ...]:
    """What a notice names; entries that are none are left out."""
    rows = notice.set.get("gaps")
    gaps = (Gap(_text(row.get("material")), _text(row.get("what"))) for row in objects_in(rows))
    return tuple(gap for gap in gaps if gap.material or gap.what)


def late_gaps(record: Record, *, materials: Collection[str]) -> tuple[LateGap, ...]:
    """The gaps that were told too late, in the order of the log.

    materials  the names of the item's materials, in the version the case has
    source     the handbook, rule 5 and scenario 4
    """
    past = pasts(record.events)
    notices = _notices(record)
    late = []
    for notice in notices:
        before = [one for one in notices if one.hash in past[notice.hash]]
        named = {gap.material for one in before for gap in gaps_of(one)}
        for gap in gaps_of(notice):
            if gap.material in materials and gap.material not in named:
                earlier = _should_have(record.events, past, before, notice, gap.material)
                if earlier is not None:
                    late.append(LateGap(notice, gap, earlier, _sentence(gap, earlier)))
    return tuple(late)


def _notices(record: Record) -> Sequence[Event]:
    """The notices that were given: those with effect, and those someone else had given unseen."""
    idle = {one["event"] for one in record.noted if one.get("why") != "repeat"}
    idle |= {one["event"] for one in record.parked_edits}
    return [event for event in record.events if event.type == NOTICE and event.hash not in idle]


def _should_have(
    events: Iterable[Event], past: Mapping[str, frozenset[str]], before: Iterable[Event], notice: Event, material: str
) -> Event | None:
    """The first earlier notice since which nothing of a material came."""
    papers = {event.hash: _handed(event, material) for event in events}
    now = {paper for name in past[notice.hash] for paper in papers[name]}
    for one in before:
        if now == {paper for name in past[one.hash] for paper in papers[name]}:
            return one
    return None


def _handed(event: Event, material: str) -> frozenset[bytes]:
    """What an event brought of a material."""
    rows = objects_in(event.set.get("materials"))
    return frozenset(dump_sorted(row) for row in rows if row.get("name") == material)


def _sentence(gap: Gap, earlier: Event) -> str:
    return _(
        "Not told at one time: “%(material)s” had to be named in the notice of %(day)s",
        material=gap.material,
        day=earlier.at[:10],
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
