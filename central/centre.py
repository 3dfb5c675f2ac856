"""What every use case of a running centre has in hand, and how a route gets at it.

Must not know: routes, pages, what is done with the parts.
"""

from flask import Flask, current_app

from central.registry.granting import Grants
from central.settings import Settings
from sync.carrying.transfers import Transfers
from sync.node.node import Node
from sync.node.room import Room
from sync.typed import Value
from sync.web.accounts import Accounts

_EXTENSION = "yizhan.centre"


class Centre(Value):
    """The parts of one running centre."""

    node: Node
    accounts: Accounts
    grants: Grants
    room: Room
    settings: Settings
    transfers: Transfers


def attach_centre(app: Flask, centre: Centre) -> None:
    """Let the routes of an application find the centre they belong to."""
    app.extensions[_EXTENSION] = centre


def centre_of(app: Flask) -> Centre:
    """The centre attached to an application."""
    centre: Centre = app.extensions[_EXTENSION]
    return centre


def centre_of_app() -> Centre:
    """The centre of the current application."""
    return centre_of(current_app)
