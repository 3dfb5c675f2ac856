"""A draft as the API tells it, and what the API is told as a draft keeps it.

What a form in another situation asked for is kept, as the desk does: it stands there again with the answer of before.

Must not know: routes, where drafts are kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from edge_node.services.draft import TAKEN, Draft, Paper, Typed, version_of
from edge_node.services.matter import BUNDLE, ITEM, Matter, matter_of
from edge_node.services.prepare_application import CHANNELS, Application, Material
from edge_node.station import Station
from sync.errors import NotFound
from sync.people.ask_consents import ASKED
from sync.records.clock import time_text
from sync.records.people import mask_name
from sync.typed import replace

_READ_BY = "read_by"


def application_of(code: str, sent: Mapping[str, Any]) -> Application:
    """What was sent, as an application names fields and papers."""
    papers = tuple(Material(name) for name, _paper in sent["materials"])
    return Application(code, sent["fields_"], papers, situations=sent["situations"])


def typed_of(matter: Matter, sent: Mapping[str, Any], before: Typed) -> Typed:
    """What a draft keeps of what was sent; `before` is what it kept."""
    asked = {field.name for field in matter.fields}
    papers = set(matter.paper_names)
    consents = {one.kind: one.means for one in sent["consents"]}
    read_by = next((one.read_by for one in sent["consents"] if one.read_by), "")
    return replace(
        before,
        fields={**{name: text for name, text in before.fields.items() if name not in asked}, **sent["fields_"]},
        papers={**{name: one for name, one in before.papers.items() if name not in papers}, **dict(sent["materials"])},
        channel=sent["channel"],
        person=sent["person"],
        prefilled={name: sent["fields_"][name] for name in sent["prefilled"] if name in sent["fields_"]},
        situations=sent["situations"],
        consents={**consents, **({_READ_BY: read_by} if read_by else {})},
        agent={"relation": sent["agent"].relation, "id_number": sent["agent"].id_number},
    )


def tell_row(station: Station, draft: Draft) -> dict[str, Any]:
    """A draft as the list tells it, masked."""
    matter = _matter(station, draft)
    return {
        "id": draft.id,
        "item": draft.code if draft.kind == ITEM else "",
        "bundle": draft.code if draft.kind == BUNDLE else "",
        "name": matter.name if matter is not None else "",
        "applicant": mask_name(draft.typed.fields.get("applicant_name", "").strip()),
        "updated_at": time_text(draft.updated_ms),
        "takes_cases": matter is not None and matter.takes_cases,
    }


def tell_draft(station: Station, draft: Draft) -> dict[str, Any]:
    """A draft for whoever began it."""
    typed, matter = draft.typed, _matter(station, draft)
    asked = typed.fields if matter is None else [field.name for field in matter.fields if field.name in typed.fields]
    names = [*typed.papers, *draft.photos] if matter is None else matter.paper_names
    papers = [(name, typed.papers.get(name, Paper()), len(draft.photos.get(name, ()))) for name in dict.fromkeys(names)]
    return {
        **tell_row(station, draft),
        "version": version_of(typed),
        "channel": typed.channel if typed.channel in CHANNELS else CHANNELS[0],
        "fields": {name: typed.fields[name] for name in asked},
        "situations": {key: answer for key, answer in typed.situations.items() if answer},
        "materials": [_told_paper(*one) for one in papers if one[1].got or one[1].on_file or one[2]],
        "person": typed.person,
        "prefilled": list(typed.prefilled),
        "agent": {name: typed.agent.get(name, "") for name in ("relation", "id_number")},
        "consents": [
            {"kind": kind, "means": typed.consents[kind], "read_by": typed.consents.get(_READ_BY, "")}
            for kind in ASKED
            if typed.consents.get(kind)
        ],
    }


def _told_paper(name: str, paper: Paper, photos: int) -> dict[str, Any]:
    kind, compared = TAKEN.get(paper.kind, ("", False))
    copies = paper.copies.strip()
    return {
        "name": name,
        "kind": kind,
        "compared": compared,
        "copies": int(copies) if copies.isascii() and copies.isdigit() and len(copies) <= 2 else 0,
        "on_file": paper.on_file,
        "photos": photos,
    }


def _matter(station: Station, draft: Draft) -> Matter | None:
    """What it is for; None where the catalogue has it no more."""
    with suppress(NotFound):
        return matter_of(station.catalogue, draft.kind, draft.code, draft.typed.situations)
    return None
