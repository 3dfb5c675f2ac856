"""Items, 一件事 and the search over HTTP, alike at stations and at the centre.

Must not know: how items are kept, how anything is found.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from sync.case_api.asking import told, told_if_new
from sync.case_api.record_acts import STAFF
from sync.case_api.routes import node_of_app
from sync.casework.search import MOST_FOUND, search
from sync.casework.show_items import MOST_ITEMS, list_items, page_of_bundles, show_item
from sync.messages import D_
from sync.web.bodies import load
from sync.web.describing import Shapes, described
from sync.web.input_shapes import Figures
from sync.web.sessions import signed_in

_OF_CATALOGUE = Shapes("sync.catalogue_api.answer_schemas")

ITEMS, SEARCHING = D_("Items"), D_("Searching")
_LONGEST_NAME, _LONGEST_QUESTION = 100, 300


class ItemsSchema(Schema):
    """The query of a list of items, or of 一件事."""

    cursor = fields.String(load_default="", validate=validate.Length(max=_LONGEST_NAME))
    limit = Figures(load_default=MOST_ITEMS, validate=validate.Range(min=1, max=MOST_ITEMS))


class SearchSchema(Schema):
    """A search: what was typed, and how many of each kind are wanted."""

    q = fields.String(load_default="", validate=validate.Length(max=_LONGEST_QUESTION))
    limit = Figures(load_default=10, validate=validate.Range(min=1, max=MOST_FOUND))


_ITEMS, _SEARCH = ItemsSchema(), SearchSchema()


def register_catalogue(app: Flask, *, prefix: str) -> None:
    """Give an application the routes below a prefix; those about cases have to be registered, too."""
    app.add_url_rule(f"{prefix}/items", "api_items", _items)
    app.add_url_rule(f"{prefix}/items/<code>", "api_item", _item)
    app.add_url_rule(f"{prefix}/bundles", "api_bundles", _bundles)
    app.add_url_rule(f"{prefix}/search", "api_search", _search)


@described(
    D_("List of items"),
    tag=ITEMS,
    query=ItemsSchema,
    answer=_OF_CATALOGUE.ItemListAnswer,
    etag=True,
    text=D_("Items of which applications are taken."),
)
@signed_in(*STAFF)
def _items() -> ResponseReturnValue:
    query = load(_ITEMS, request.args.to_dict())
    return told_if_new(list_items(node_of_app().catalogue, **query))


@described(D_("List of bundles"), tag=ITEMS, query=ItemsSchema, answer=_OF_CATALOGUE.BundleListAnswer, etag=True)
@signed_in(*STAFF)
def _bundles() -> ResponseReturnValue:
    query = load(_ITEMS, request.args.to_dict())
    return told_if_new(page_of_bundles(node_of_app().catalogue, **query))


@described(
    D_("See an item"),
    tag=ITEMS,
    answer=_OF_CATALOGUE.ItemAnswer,
    etag=True,
    text=D_("Materials, form and guide; also of an item that is offered no more."),
)
@signed_in(*STAFF)
def _item(code: str) -> ResponseReturnValue:
    return told_if_new(show_item(node_of_app().catalogue.items(), code))


@described(
    D_("Searching"),
    tag=SEARCHING,
    query=SearchSchema,
    answer=_OF_CATALOGUE.FoundAnswer,
    text=D_(
        "Items, bundles, people and cases, by Chinese, pinyin, initials or the words people use. Write no "
        "number of a paper into q."
    ),
)
@signed_in(*STAFF)
def _search() -> ResponseReturnValue:
    query = load(_SEARCH, request.args.to_dict())
    return told(search(node_of_app(), query["q"], limit=query["limit"]))
