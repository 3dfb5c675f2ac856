"""The frame around every page: header, navigation, messages, footer, and the files they need.

Plain server-rendered pages that work without scripts, without a network and on Chrome 109. An
application describes itself once with a `Frame`; its templates extend `frame/page.html` and draw
with the macros of `frame/parts.html`.

Must not know: cases, how one signs in, what the pages are about.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)

from sync.messages import MESSAGES, N_, Messages, _
from sync.typed import Value
from sync.web.speaking import register_messages
from sync.wire.stream import CONTENT_TYPE

HERE = ""  # the place of a hop that is this very machine
TEXT_COOKIE = "yizhan_text"
# What a person may choose, and what it is called. All but the first are 长辈版: larger text, larger targets, more air.
TEXT_SIZES = {"standard": N_("Standard"), "large": N_("Large"), "larger": N_("Larger"), "largest": N_("Largest")}
_FILES = Path(__file__).parent / "static"
_YEAR_SECONDS = 365 * 24 * 3600
# Everything comes from the node itself; photos chosen on the page show as blob: before they are sent.
_CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class MenuItem(Value):
    """One entry of the menu: on a phone a tab at the bottom, so at most six to an application.

    label   a message, looked up where it is drawn
    icon    home list add search station person check alert print device cloud stick bag
    roles   roles that see it; empty: every signed-in person does
    at_desk whether it is no tab on a phone; another page leads there
    """

    endpoint: str
    label: str
    icon: str
    roles: tuple[str, ...] = ()
    at_desk: bool = False


class Frame(Value):
    """How an application's pages present themselves.

    place    whose node it is, such as 石桥村便民服务站; shown in the header
    layout   "desk": menu on top; "console": dark menu at the left; tabs below on a phone, both
    home     endpoint behind the logo
    public   endpoint of the pages for people without an account; "" where there are none
    """

    place: str
    layout: str = "desk"
    home: str = ""
    menu: tuple[MenuItem, ...] = ()
    footer: str = ""
    public: str = ""


class Hop(Value):
    """One hop of the custody line, as receipts attest it; never from anything else.

    place    村站 乡镇 中心, or HERE
    at       when the receipt was signed, as shown to people, or ""
    blobs    (held there, of how many); (0, 0) where the record has none
    """

    place: str
    reached: bool
    at: str = ""
    blobs: tuple[int, int] = (0, 0)

    @property
    def sentence(self) -> str:
        """What the screen says: 已存本机, 已到乡镇, 未到中心, with materials where there are any."""
        if self.place == HERE:
            sentence = _("Kept on this machine") if self.reached else _("Not yet kept on this machine")
        elif self.reached:
            sentence = _("Arrived at %(place)s", place=self.place)
        else:
            sentence = _("Not yet at %(place)s", place=self.place)
        held, total = self.blobs
        if not self.reached or not total:
            return sentence
        return _("%(sentence)s (materials %(held)s/%(total)s)", sentence=sentence, held=held, total=total)

    @property
    def is_whole(self) -> bool:
        """Whether record and materials are all there."""
        return self.reached and self.blobs[0] >= self.blobs[1]


def register_frame(app: Flask, frame: Frame, messages: Messages = MESSAGES) -> None:
    """Give an application the frame's templates, files, headers, and the messages its templates speak from."""
    register_messages(app, messages)
    blueprint = Blueprint("frame", __name__, template_folder="templates")
    blueprint.add_url_rule("/frame/<path:filename>", "static", _static)
    blueprint.add_url_rule("/text-size", "text_size", _text_size)
    app.register_blueprint(blueprint)
    app.context_processor(lambda: _context(frame))
    app.after_request(_guard_headers)


def show_public(menu: tuple[MenuItem, ...]) -> None:
    """For this request the frame is the one of people without an account: another menu, and `Frame.public` as home."""
    g.public_menu = menu


def asset(filename: str) -> str:
    """The address of a file of the frame; it changes with the content, so it may be kept for ever."""
    return url_for("frame.static", filename=filename, v=_digest(_FILES / filename))


def _context(frame: Frame) -> dict[str, Any]:
    account, public = g.get("account"), g.get("public_menu")
    home = frame.home if public is None else frame.public
    size = text_size()
    return {
        "frame": frame,
        "account": account,
        "menu": menu_for(frame.menu, account) if public is None else public,
        "home": url_for(home) if home else "/",
        "asset": asset,
        "text_size": size,
        "text_sizes": TEXT_SIZES,
        "elder": size != "standard",
    }


def text_size() -> str:
    """The size this browser's person has chosen, of `TEXT_SIZES`."""
    kept = request.cookies.get(TEXT_COOKIE, "")
    return kept if kept in TEXT_SIZES else "standard"


def menu_for(menu: Sequence[MenuItem], account: Any) -> list[MenuItem]:
    """The entries this account may use; nobody signed in sees none."""
    if account is None:
        return []
    return [item for item in menu if not item.roles or account.role in item.roles]


def _static(filename: str) -> Response:
    response = send_from_directory(_FILES, filename)
    if request.args.get("v") == _digest(_FILES / filename):
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _text_size() -> Response:
    """Choose a size of text and go back to the page one came from; without a choice, the page to choose on."""
    back, chosen = own_path(request.args.get("next", "/")), request.args.get("to", "")
    if chosen not in TEXT_SIZES:
        return make_response(render_template("frame/text_size.html", came_from=back))
    response = make_response(redirect(back))
    response.set_cookie(TEXT_COOKIE, chosen, max_age=_YEAR_SECONDS, samesite="Strict", httponly=True)
    return response


def own_path(target: str) -> str:
    """A path on this very server, whatever was asked for: no link of ours leads a person elsewhere."""
    # Browsers read "\\" as "/" and skip control characters, so either may hide a "//" before a host.
    strange = any(character < "!" or character == "\\" for character in target)
    parts = urlsplit(target)
    # Browsers pass over any number of slashes before a host, and where there are four `urlsplit` sees a path alone.
    if strange or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):
        return "/"
    return target


def _guard_headers(response: Response) -> Response:
    if response.mimetype != CONTENT_TYPE:  # a node is no browser, and on an idle link each header is paid for
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", _CONTENT_POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        # Pages show people's data on PCs that several persons use.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
