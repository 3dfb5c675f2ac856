"""发布预警通知: the centre signs what cannot wait and puts it into `public`, from where it goes down before all else.

Must not know: the command line, HTTP, who may do this.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from central.messages import _
from sync.casework.list_alerts import describe_alert
from sync.casework.name_stations import station_names
from sync.custody.alerts import alert_document
from sync.errors import Conflict, Invalid, NotFound
from sync.node.acts.answer_once import Answer, Request, answer_once
from sync.node.node import Node
from sync.records.alerts import LONGEST_TEXT, LONGEST_TITLE, SEVERITIES, Alert
from sync.records.clock import beijing
from sync.records.ids import PUBLIC
from sync.store.ledger.alerts import alerts_in_force, find_alert, put_alerts
from sync.store.ledger.audit import Entry, append_entry
from sync.store.ledger.stations import find_station
from sync.store.transaction import Reader, Transaction
from sync.typed import replace
from sync.values.documents import Document, Edit, Wanted

CREATED = 201
_CODE_BYTES = 6
_LONGEST = timedelta(days=366)


def publish_alert(node: Node, wanted: Mapping[str, str], *, by: str, request: Request | None = None) -> Answer:
    """Publish one; durable on return, and on its way with the next exchange of each station.

    wanted   {"severity", "title", "text", "audience": a registered station's sid, or "" for all, "until": date and
             time in Beijing, ISO 8601}
    returns  201 with what `describe_alert` tells
    raises   Invalid naming what is wrong; Conflict where the same is in force already; KeyReused
    """
    now_ms = node.clock()
    alert = _checked(node, wanted, now_ms)
    names = station_names(node)

    def work(tx: Transaction) -> Answer:
        def publish() -> dict[str, Any]:
            if any(_says(one) == _says(alert) for one in alerts_in_force(tx, now_ms=now_ms)):
                raise Conflict(
                    _("This very alert is published and in force, it was not published again"),
                    remedy=_("Stations need it once; write what is new in another one."),
                )
            _write(tx, node, alert)
            detail = f"{alert.severity} for {alert.audience or 'all'}"
            append_entry(tx, Entry(now_ms, by, "alert_published", alert.id, detail))
            return describe_alert(alert, names, now_ms=now_ms)

        return answer_once(tx, request, publish, status=CREATED, now_ms=now_ms)

    return node.write(work)


def withdraw_alert(node: Node, code: str, *, by: str) -> dict[str, Any]:
    """Take one back before its time; returns it as `describe_alert` does. Raises NotFound; Conflict when it was."""
    node.catalogue.labels()
    now_ms, names = node.clock(), station_names(node)

    def work(tx: Transaction) -> dict[str, Any]:
        known = find_alert(tx, code)
        if known is None:
            raise NotFound(_("There is no such alert"))
        if known.withdrawn:
            raise Conflict(_("This alert was taken back before"), remedy=_("There is no need to take it back again."))
        alert = replace(known, issue=known.issue + 1, withdrawn=True)
        _write(tx, node, alert)
        append_entry(tx, Entry(now_ms, by, "alert_withdrawn", alert.id))
        return describe_alert(alert, names, now_ms=now_ms)

    return node.write(work)


def _says(alert: Alert) -> tuple[object, ...]:
    return (alert.severity, alert.title, alert.text, alert.audience, alert.until_ms)


def _write(tx: Transaction, node: Node, alert: Alert) -> None:
    database = node.documents.database(PUBLIC)
    (stored,) = database.read_in(tx, [Wanted(alert.id)])
    parent = stored.revision if isinstance(stored, Document) else None
    (outcome,) = database.write_in(tx, [Edit(alert.id, parent, alert_document(node.identity.keys, alert))])
    if outcome.error is not None:
        raise outcome.error
    put_alerts(tx, [alert])


def _checked(node: Node, wanted: Mapping[str, str], now_ms: int) -> Alert:
    told = {name: wanted.get(name, "").replace("\r\n", "\n").strip() for name in _MEMBERS}
    wrong = [(name, sentence) for name, sentence in _wrong(told) if sentence]
    until_ms = _until_ms(told["until"], now_ms)
    if isinstance(until_ms, str):
        wrong.append(("until", until_ms))
    known = node.read(lambda reader: _is_known(reader, told["audience"]))
    wrong += [] if known else [("audience", _("No such station is registered"))]
    if wrong or isinstance(until_ms, str):
        raise Invalid(_("Something is not filled in rightly"), fields=wrong)
    code = secrets.token_hex(_CODE_BYTES)
    return Alert(code, 1, now_ms, told["severity"], told["title"], told["text"], told["audience"], until_ms)


_MEMBERS = ("severity", "title", "text", "audience", "until")


def _wrong(told: Mapping[str, str]) -> list[tuple[str, str]]:
    severities = _(", ").join(_("%(code)s (%(name)s)", code=code, name=_(name)) for code, name in SEVERITIES.items())
    return [
        (
            "severity",
            "" if told["severity"] in SEVERITIES else _("This has to be one of %(choices)s", choices=severities),
        ),
        ("title", _wrong_text(told["title"], LONGEST_TITLE)),
        ("text", _wrong_text(told["text"], LONGEST_TEXT, lines=True)),
    ]


def _wrong_text(text: str, longest: int, *, lines: bool = False) -> str:
    if not text:
        return _("Please fill it in")
    if len(text) > longest:
        return _("At most %(most)s characters", most=longest)
    shown = (text.replace("\n", "") if lines else text).isprintable()
    return "" if shown else _("There are characters in it that cannot be shown")


def _until_ms(text: str, now_ms: int) -> int | str:
    """Till when; or a sentence that says what is wrong with it."""
    now = beijing(now_ms)
    try:
        until = datetime.fromisoformat(text)
    except ValueError:
        return _("Say until when it holds, as 2026-10-10T18:00")
    until = until if until.tzinfo else until.replace(tzinfo=now.tzinfo)
    if not now < until <= now + _LONGEST:
        return _("This has to be after now and within a year")
    return int(until.timestamp() * 1000)


def _is_known(reader: Reader, audience: str) -> bool:
    return not audience or find_station(reader, audience) is not None
