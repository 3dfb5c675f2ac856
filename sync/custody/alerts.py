"""Alerts: the centre tells stations what cannot wait, in a document of `public` that bears its own signature.

    alert:4f0c1a9be27d  {"type": "alert", "statement": {…}, "signature": "…"}

Alerts go before everything else, releases do not; so an alert is vouched for by itself and not by a release. Of two
issues of one alert the greater counts, whatever tree they stand in; withdrawing is one more issue.

Must not know: whom an alert concerns, who has read it.
"""

import base64
import re

from sync.custody.shapes import count_of, read_payload, text_of
from sync.custody.stating import require_signed, state
from sync.errors import BadRequest
from sync.records.alerts import LONGEST_TEXT, Alert
from sync.trust.keys import KeyPair, writer_id
from sync.values.json_text import canonical, parse_object
from sync.values.statements import Signed

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
    signed = state(centre, ALERT, members)
    signature = base64.b64encode(signed.signature).decode("ascii")
    return canonical({"type": ALERT, "statement": parse_object(signed.payload), "signature": signature})


def read_alert(doc_id: str, body: bytes, *, centre_key: bytes) -> Alert:
    """Read an alert.

    raises  Unauthorized when the centre did not sign it; BadRequest when it is none, or another than its id says
    """
    whole = parse_object(body)
    statement, signature = whole.get("statement"), whole.get("signature")
    if not isinstance(statement, dict) or not isinstance(signature, str):
        raise BadRequest("not an alert")
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        raise BadRequest("the signature of an alert is base64") from None
    signed = Signed(ALERT, canonical(statement), writer_id(centre_key), raw)
    require_signed(signed, ALERT, public_key=centre_key)
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
