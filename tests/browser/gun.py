"""A barcode gun before a real Chromium: a keyboard that types evenly and quickly, whatever else the machine does.

Each key bears the moment at which the gun struck it, as a real one's do: a machine that stands still for a second
between two keys makes no pause of it.
"""

import time

from playwright.sync_api import Page

_BETWEEN_KEYS_SECONDS = 0.005


def scan(page: Page, text: str) -> None:
    """Type a text wherever the cursor stands, and press Enter; returns once the page has had all of it."""
    session = page.context.new_cdp_session(page)
    began = time.time()
    for number, sign in enumerate([*text, "Enter"]):
        is_enter = sign == "Enter"
        key = {
            "key": sign,
            "timestamp": began + number * _BETWEEN_KEYS_SECONDS,
            "windowsVirtualKeyCode": 13 if is_enter else ord(sign.upper()) if sign.isalnum() or sign == " " else 0,
        }
        session.send("Input.dispatchKeyEvent", {**key, "type": "keyDown", "text": "\r" if is_enter else sign})
        session.send("Input.dispatchKeyEvent", {**key, "type": "keyUp"})
    session.detach()
