"""How a station stands, in lines of text, as `yizhan edge status` prints them.

Must not know: how it is found out.
"""

from typing import Any

from edge_node.messages import _, pgettext
from edge_node.telling import road_lines, why_held
from sync.commands.node_group import documents_lines, room_lines


def status_lines(told: dict[str, Any]) -> list[str]:
    """Who it is, what it waits for, and the road up."""
    contact, clock = told["last_contact"], told["clock"]
    lines = [
        _("%(name)s (%(level)s, %(region)s)", name=told["name"], level=told["level_name"], region=told["region"]),
        _(
            "Station   id %(sid)s    device code %(device)s    certificate %(certificate)s",
            sid=told["sid"] or _("not enrolled yet"),
            device=told["device"] or pgettext("device code", "none"),
            certificate=_("issued") if told["certified"] else _("to be issued by the centre"),
        ),
        _("Above     %(url)s    last contact %(time)s", url=told["upstream"], time=contact["text"]),
        _("Cases     %(cases)s, %(confirmed)s", cases=told["cases"], confirmed=_confirmed(told["waiting"])),
        _("To settle %(aside)s set aside, %(alarms)s alarms", aside=told["set_aside"], alarms=told["alarms"]),
    ]
    if told["let_go_bytes"]:
        size = f"{told['let_go_bytes'] / (1 << 20):.1f}"
        lines.append(_("Let go    %(size)s MB, in the centre's backup, fetched when looked at", size=size))
    lines += [
        _(
            "Clock     %(now)s (%(quality)s)%(offset)s",
            now=told["now"],
            quality=clock["quality_name"],
            offset=clock["offset_text"],
        ),
        _catalogue_line(told["catalogue"]),
        *documents_lines(told["documents"]),
        *_photo_lines(told["photo_lane"]),
        *room_lines(told["room"]),
    ]
    if contact["error"]:
        lines.append(_("Call failed  %(reason)s", reason=contact["error"]))
    return [*lines, *road_lines(told["road"])]


def _confirmed(waiting: dict[str, Any]) -> str:
    events, photos = waiting["events"], waiting["photos"]
    if not events and not photos:
        return _("all confirmed by the level above")
    return _("%(steps)s steps and %(photos)s photos to be confirmed by the level above", steps=events, photos=photos)


def _catalogue_line(told: dict[str, Any]) -> str:
    parts = [_catalogue_source(told)]
    if told["unvouched"]:
        parts.append(_("%(entries)s wait for the centre's signature and are not in use", entries=told["unvouched"]))
    line = _(
        "Catalogue %(items)s items, %(source)s",
        items=told["items"],
        source=pgettext("between clauses", ", ").join(parts),
    )
    if told["calendar_warning"]:
        return pgettext("between sentences", "; ").join([line, told["calendar_warning"]])
    return line


def _catalogue_source(told: dict[str, Any]) -> str:
    if not told["items"]:
        return pgettext("catalogue", "none")
    if not told["release"]:
        return _("brought by hand, the centre's is to come")
    return _("release %(release)s (published %(time)s)", release=told["release"], time=told["at_text"])


def _photo_lines(lane: dict[str, Any]) -> list[str]:
    """How the link is spared; nothing where nothing is set and nothing was spent."""
    lines = []
    if lane["budget_bytes"] // 2**20 or lane["quiet"]:
        lines.append(pgettext("between clauses", ", ").join(filter(None, (_spent(lane), why_held(lane)))))
    if lane["shut"]:
        lines.append(
            _("Shut above  %(reason)s, photos are kept here for now, cases go up as ever", reason=lane["shut"])
        )
    return lines


def _spent(lane: dict[str, Any]) -> str:
    spent, budget = f"{lane['spent_bytes'] / 2**20:.1f}", lane["budget_bytes"] // 2**20
    if not budget:
        return _("Photos    %(month)s: %(spent)s MB spent", month=lane["month"], spent=spent)
    return _("Photos    %(month)s: %(spent)s MB / %(budget)s MB spent", month=lane["month"], spent=spent, budget=budget)
