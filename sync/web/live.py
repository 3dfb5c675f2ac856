"""What every page shows of how things stand just now, and the stream by which it stays so: `GET /events`.

A page is drawn with the words of the moment and needs no script. With one, each browser holds one stream
(`static/live.js`), whose every event is the whole small state; the words are the same, for they are made here and
nowhere else.

    {"signs": {name: {"text", "whole"}}, "line", "percent", "trouble", "badge", "alerts": [{"key", "title"}], "texts":
    {name: words}}

and what programs want besides.

Must not know: what stands how.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, g, request

from sync.errors import Forbidden, PeerBusy, SyncError, Unauthorized
from sync.messages import D_, _
from sync.typed import Value, field
from sync.values.json_text import dump
from sync.web.accounts import Account
from sync.web.connections import HAND_OVER
from sync.web.describing import Media, described
from sync.web.roles import Role
from sync.web.sessions import Sessions, own_token, sessions_of_app
from sync.web.streams import CONTENT_TYPE, Streams

PATH = "/events"
_log = logging.getLogger(__name__)


class Sign(Value):
    """One sign of the bar; its icon is one of `frame/parts.html`, so that no two are told apart by colour alone.

    whole  whether that is all there is
    """

    name: str
    icon: str
    text: str
    whole: bool = True


class Live(Value):
    """How things stand.

    signs    in the bar, in order
    line     one sentence beside them;  trouble, another for what somebody should know
    percent  of a transfer under way; None without one
    badge    what waits for somebody to look into it, in a few words; "" for nothing
    alerts   (key, title) of what has to be read before all else, as banners show it
    texts    words of the pages, by the name under which they stand there (`data-live`)
    more     what programs want besides
    """

    signs: tuple[Sign, ...]
    line: str = ""
    percent: int | None = None
    trouble: str = ""
    badge: str = ""
    alerts: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def event(self) -> bytes:
        """The state as one line of JSON."""
        said = {
            "signs": {sign.name: {"text": sign.text, "whole": sign.whole} for sign in self.signs},
            "line": self.line,
            "percent": self.percent,
            "trouble": self.trouble,
            "badge": self.badge,
            "alerts": [{"key": key, "title": title} for key, title in self.alerts],
            "texts": dict(self.texts),
        }
        return dump({**self.more, **said})


def register_live(
    app: Flask, look: Callable[[], Live], streams: Streams, *, roles: tuple[Role, ...], page: str, badge_page: str
) -> None:
    """Give an application the stream, and its pages the bar; frame and sessions have to be there.

    look   how things stand
    roles  who may see it
    page   endpoint of the page that tells more;  badge_page, of the one behind the badge
    """
    blueprint = Blueprint("live", __name__)

    @blueprint.get(PATH)
    @described(
        D_("How things change"),
        tag=D_("This machine"),
        answer=Media((CONTENT_TYPE,)),
        refusals=(Unauthorized, Forbidden, PeerBusy),
        text=D_(
            "Server-sent events: the data of each is one line of JSON, the whole state of the moment. signs, "
            "line, percent, trouble, badge, alerts and texts are words of pages; a station's road is as in its "
            "status. Sent when something changed, at most once in a second; each twenty seconds a line of "
            "comment."
        ),
    )
    def events() -> Response:
        sessions, token = sessions_of_app(), own_token()
        _require(_listener(sessions, token, roles))
        begun = streams.begin()
        hand_over = request.environ.get(HAND_OVER)
        if hand_over and request.method == "GET":
            hand_over(lambda link: streams.take(link, begun, lambda: _listener(sessions, token, roles) is not None))
        # Where the server cannot hand a connection over, the stream ends here and the browser comes back by itself.
        response = Response(iter((begun,)), content_type=f"{CONTENT_TYPE}; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response

    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"live": _looked(look, roles), "live_page": page, "badge_page": badge_page})


def _listener(sessions: Sessions, token: str, roles: tuple[Role, ...]) -> Account | None:
    """Who listens; None when the session has ended. Listening is no use of a session: it would never end."""
    account = sessions.peek(token) if token else None
    return account if account is not None and not account.must_change and account.role in roles else None


def _require(account: Account | None) -> None:
    if account is None:
        if own_token() and sessions_of_app().peek(own_token()) is not None:
            raise Forbidden(_("Your account may not see how sending stands"))
        raise Unauthorized(_("Sign in first, or again if you were signed in"))


def _looked(look: Callable[[], Live], roles: tuple[Role, ...]) -> Live | None:
    """For a page; a page is drawn whatever is wrong with the bar."""
    account = g.get("account")
    if account is None or account.must_change or account.role not in roles:
        return None
    try:
        return look()
    except SyncError as error:
        _log.warning("the bar is left out: %s", type(error).__name__)
        return None
