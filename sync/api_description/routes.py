"""Where the description is had: `GET /api/v1/openapi.json`.

It says nothing of anybody, and tools fetch it before anyone is signed in: so nobody need be.

Must not know: which application it is.
"""

from typing import Any

from flask import Blueprint, Flask, Response, current_app

from sync.api_description.document import describe
from sync.values.json_text import dump
from sync.web.describing import Media, described
from sync.web.sessions import cookie_name

TAG = "接口说明"
_JSON = "application/json"


def register_description(app: Flask, *, prefix: str, title: str) -> None:
    """Give an application the description of all its routes that say something of themselves.

    title  what the node is
    """
    made: dict[str, dict[str, Any]] = {}

    def document() -> dict[str, Any]:
        cookie = cookie_name()
        if cookie not in made:
            made.clear()
            made[cookie] = describe(current_app, title=title, cookie=cookie)
        return made[cookie]

    blueprint = Blueprint("description", __name__)

    @blueprint.get("/openapi.json")
    @described("接口说明，OpenAPI 3.1", tag=TAG, answer=Media((_JSON,)))
    def openapi() -> Response:
        return Response(dump(document()), mimetype=_JSON)

    app.register_blueprint(blueprint, url_prefix=prefix)
