"""Photos of papers that came back for correction: kept as a draft until they are handed in, like those of the wizard.

Nobody is asked to photograph a household register twice for a wrong number of copies, not even after a power cut.

Must not know: what the papers are handed in for, routes.
"""

from collections.abc import Mapping, Sequence

from flask import url_for

from edge_node.desk.papers import Photos, Shown
from edge_node.errors import NoRoomForPhotos, TooManyDrafts
from edge_node.services.draft import Draft, Typed
from edge_node.station import Station
from sync.errors import NotFound, StorageError
from sync.store.ledger.requests import kept_answer
from sync.typed import Value

# The kinds of such drafts: papers of a case, its code; the signed paper of a consent, the person's id.
PAPERS, SIGNED = "papers", "signed"


class Tray(Value):
    """What photos are kept for: the draft's kind and code, and what its line in 暂存的件 is drawn from."""

    kind: str
    code: str
    fields: Mapping[str, str]


def kept_draft(station: Station, account: str, draft_id: str, kind: str) -> Draft | None:
    """What was kept under an id by this account; None when it is not there any more."""
    try:
        draft = station.drafts.read(account, draft_id)
    except NotFound:
        return None
    return draft if draft.kind == kind else None


def was_handed_in(station: Station, account: str, key: str) -> bool:
    """Whether the form of this key was handed in before."""
    return station.node.engine.read(lambda reader: kept_answer(reader, account, key)) is not None


def kept_photos(station: Station, draft: Draft | None, names: Sequence[str]) -> Photos:
    """{paper asked for: its photos}, of those that were kept."""
    if draft is None:
        return {}
    return {
        row: tuple(station.drafts.photo(draft, one.photo) for one in draft.photos.get(name, ()))
        for row, name in enumerate(names)
    }


def keep_photos_of(
    station: Station, account: str, draft_id: str, tray: Tray, photos: Mapping[str, Sequence[bytes]]
) -> Draft | None:
    """Keep exactly these photos, {paper: photos}, under an id; None where there are none or no room for them."""
    before = kept_draft(station, account, draft_id, tray.kind)
    if before is None and not any(photos.values()):
        return None
    try:
        station.drafts.begin(account, draft_id, tray.kind, tray.code, Typed(fields=tray.fields))
        draft = station.drafts.read(account, draft_id)
        for name in {*photos, *draft.photos}:
            here = {station.drafts.photo(draft, one.photo): one.photo for one in draft.photos.get(name, ())}
            wanted = photos.get(name, ())
            station.drafts.drop_photos(draft, [number for content, number in here.items() if content not in wanted])
            new = [content for content in wanted if content not in here]
            if new:
                station.drafts.add_photos(draft, name, new)
        return station.drafts.read(account, draft_id)
    except (NoRoomForPhotos, TooManyDrafts, StorageError):
        return kept_draft(station, account, draft_id, tray.kind)


def shown_kept(draft: Draft | None, names: Sequence[str]) -> Shown:
    """Where the kept photos are to be seen, and what names each in the form: its place among those of its paper."""
    if draft is None:
        return {}
    return {
        row: [
            (url_for("desk.draft_photo", draft_id=draft.id, number=one.photo), str(place))
            for place, one in enumerate(draft.photos.get(name, ()))
        ]
        for row, name in enumerate(names)
    }
