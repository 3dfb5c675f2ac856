"""A person with the photos of what he signed: which are here, how far he and they have come, and each to look at.

Must not know: who may see whom, how anything is shown.
"""

from typing import Any

from sync.casework.fetch_photo import Shown, fetch_photo
from sync.casework.hold_photos import held_here
from sync.casework.trace_custody import custody_of, road_from
from sync.custody.materials import materials_of
from sync.errors import NotFound
from sync.messages import _
from sync.node.node import Node
from sync.node.road.fetching import Fetcher
from sync.people.describe_person import describe_person
from sync.people.find_person import all_ids, find_person
from sync.records.ids import sid_of
from sync.store.ledger.audit import Entry, append_entry
from sync.store.transaction import Reader


def see_person(node: Node, person_id: str, *, by: str) -> dict[str, Any]:
    """What `describe_person` says, "held" with each photo of a consent, and "custody" as a case has it.

    raises  NotFound
    """
    told = describe_person(node, person_id, by=by)
    sid = sid_of(person_id)
    photos = [photo for one in told["consents"] for photo in one["photos"]]
    held = held_here(node, sid, {photo["blob"] for photo in photos})
    for photo in photos:
        photo["held"] = photo["blob"] in held
    person = node.read(lambda reader: find_person(reader, node, person_id))
    return {**told, "custody": custody_of(node, road_from(node, sid), person)}


def show_person_photo(node: Node, person_id: str, root: str, *, by: str, fetcher: Fetcher | None = None) -> Shown:
    """A photo that a person's record names, or that of one who was merged into him; that it was seen is audited.

    root     of the photo, as consents name theirs;  fetcher, as `fetch_photo`
    raises   NotFound when the person is unknown or names no such photo; as `fetch_photo`
    """
    require_named(node, person_id, root)
    shown = fetch_photo(node, person_id, root, fetcher)
    now_ms = node.clock()
    node.engine.post(lambda tx: append_entry(tx, Entry(now_ms, by, "signed_paper_read", person_id, root)))
    return shown


def require_named(node: Node, person_id: str, root: str) -> None:
    """Raise NotFound unless the person's record names this photo, or that of one who was merged into him."""

    def work(reader: Reader) -> bool:
        find_person(reader, node, person_id)
        people = (find_person(reader, node, one) for one in all_ids(reader, person_id))
        return any(root in materials_of(event.set) for person in people for event in person.events)

    if not node.read(work):
        raise NotFound(_("This person has no such photo of a signed paper"))
