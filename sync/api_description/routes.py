"""Where the description is had: for programs and for people.

    GET /api/v1/openapi.json    OpenAPI 3.1
    GET /api/v1/docs            the same as a page, which needs no network

It says nothing of anybody, and tools fetch it before anyone is signed in: so nobody need be.

Must not know: which application it is.
"""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from sync.messages import D_
from sync.values.json_text import dump
from sync.web.describing import Media, described
from sync.web.sessions import cookie_name

TAG = D_("About the API")
_JSON = "application/json"


def register_description(app: Flask, *, prefix: str, title: str) -> None:
    """Give an application the description of all routes that say something of themselves; the frame has to be there.

    title  what the node is
    """
    made: dict[str, dict[str, Any]] = {}

    def document() -> dict[str, Any]:
        cookie = cookie_name()
        if cookie not in made:
            # Here and not above: most nodes are never asked, and what draws it would stay in memory (0.4 MB).
            from sync.api_description.document import describe

            made.clear()
            made[cookie] = describe(current_app, title=title, cookie=cookie)
        return made[cookie]

    blueprint = Blueprint(
        "description",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/description",
    )

    @blueprint.get(f"{prefix}/openapi.json")
    @described(
        D_("This description as OpenAPI 3.1"),
        tag=TAG,
        answer=Media((_JSON,)),
        text=D_("For programs; nobody has to sign in."),
    )
    def openapi() -> Response:
        return Response(dump(document()), mimetype=_JSON)

    @blueprint.get(f"{prefix}/docs")
    @described(
        D_("This description as a page"),
        tag=TAG,
        answer=Media(("text/html",)),
        text=D_("It needs no network, and nobody has to sign in."),
    )
    def docs() -> ResponseReturnValue:
        # Here and not above, as what draws the description itself.
        from sync.api_description.page import view_of

        view = view_of(document(), host=request.host_url.rstrip("/"))
        return render_template("description/page.html", view=view, source=f"{prefix}/openapi.json")

    app.register_blueprint(blueprint)
