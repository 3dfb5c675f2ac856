"""The card that whoever sends a request has just read: by what names the reading, in the session it was made in.

Must not know: how a card is read, what is done with it.
"""

import hashlib

from flask import Flask, current_app

from sync.case_api.asking import asker
from sync.people.card_readings import CardRead, CardReadings
from sync.web.sessions import own_token

_EXTENSION = "yizhan.card_readings"


def attach_readings(app: Flask, readings: CardReadings) -> None:
    """Give an application its readings."""
    app.extensions[_EXTENSION] = readings


def keep_reading(card: CardRead) -> str:
    """Keep what was just read for whoever asks; returns what names it."""
    return _readings().keep(_session(), card)


def card_read(token: str) -> CardRead | None:
    """The card that whoever asks has read under this name; None for none."""
    return _readings().of(_session(), token) if token else None


def _readings() -> CardReadings:
    readings: CardReadings = current_app.extensions[_EXTENSION]
    return readings


def _session() -> str:
    """Whose it is: the account, and its session where it has one."""
    return f"{asker().actor} {hashlib.sha256(own_token().encode('utf-8', 'replace')).hexdigest()}"
