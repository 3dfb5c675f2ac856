"""Alerts: the centre tells stations what cannot wait, in a document of `public` that bears its own signature.

    alert:4f0c1a9be27d  {"type": "alert", "statement": {…}, "signature": "…"}

Alerts go before everything else, releases do not; so an alert is vouched for by itself and not by a release. Of two
issues of one alert the greater counts, whatever tree they stand in; withdrawing is one more issue.

Must not know: whom an alert concerns, who has read it.
"""

import re

from sync.custody.shapes import count_of, read_payload, text_of
from sync.custody.stating import state, stated_in, statement_document
from sync.errors import BadRequest
from sync.records.alerts import LONGEST_TEXT, Alert
from sync.trust.keys import KeyPair

ALERT = "alert"
_CODE = re.compile(r"[0-9a-f]{12}\Z")
_MEMBERS = frozenset(("code", "issue", "at", "severity", "title", "text", "audience", "until", "withdrawn"))


def alert_document(centre: KeyPair, alert: Alert) -> bytes:
    """The canonical body of an alert, signed by the centre."""
    members = {
        "code": alert.code,
        "issue": alert.issue,
        "at": alert.at_ms,
        "severity": alert.severity,
        "title": alert.title,
        "text": alert.text,
        "audience": alert.audience,
        "until": alert.until_ms,
        "withdrawn": int(alert.withdrawn),
    }
    return statement_document(state(centre, ALERT, members))


def read_alert(doc_id: str, body: bytes, *, centre_key: bytes) -> Alert:
    """Read an alert.

    raises  Unauthorized when the centre did not sign it; BadRequest when it is none, or another than its id says
    """
    signed = stated_in(body, ALERT, called="an alert", public_key=centre_key)
    told = read_payload(signed.payload, _MEMBERS)
    alert = Alert(
        text_of(told, "code"),
        count_of(told, "issue", least=1),
        count_of(told, "at"),
        text_of(told, "severity"),
        text_of(told, "title"),
        text_of(told, "text", longest=LONGEST_TEXT),
        text_of(told, "audience"),
        count_of(told, "until"),
        bool(count_of(told, "withdrawn")),
    )
    if alert.id != doc_id or not _CODE.match(alert.code):
        raise BadRequest("an alert under another id than its own")
    return alert
