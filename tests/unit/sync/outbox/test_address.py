"""Where the CouchDB is: read from two settings, shown without what nobody may see."""

import pytest

from central import settings as central_settings
from edge_node import settings as edge_settings
from sync.errors import BadRequest
from sync.outbox.address import CouchAddress, couch_address


@pytest.mark.parametrize(
    ("url", "prefix", "shown"),
    [
        ("http://admin:s3cret@couch:5984", "", "http://couch:5984"),
        ("https://admin:s3cret@couch/", "", "https://couch"),
        ("http://admin:s3cret@[::1]:5984", "qx-", "http://[::1]:5984/qx-*"),
    ],
)
def test_an_address_is_shown_without_its_credentials(url: str, prefix: str, shown: str) -> None:
    address = CouchAddress(url, prefix)
    assert address.shown == shown
    assert "s3cret" not in repr(address)


def test_an_at_sign_in_a_password_is_asked_for_as_a_url_has_it() -> None:
    with pytest.raises(BadRequest, match="%40") as refused:
        CouchAddress("http://admin:s3cr@et@couch:5984")
    assert "et@couch" not in refused.value.reason
    assert CouchAddress("http://admin:s3cr%40et@couch:5984").shown == "http://couch:5984"


@pytest.mark.parametrize("read", [edge_settings.read, central_settings.read])
def test_settings_name_the_couchdb_and_never_show_its_password(read) -> None:
    settings = read({"YIZHAN_COUCHDB_URL": "http://admin:s3cret@couch:5984", "YIZHAN_COUCHDB_PREFIX": "qx-"})
    assert "s3cret" not in repr(settings)
    assert settings.couch() == CouchAddress("http://admin:s3cret@couch:5984", "qx-")
    assert read({}).couch() is None


@pytest.mark.parametrize(
    "url",
    [
        "couch:5984",
        "ftp://couch",
        "http://:5984",
        "http://couch:0",
        "http://a b",
        "http://x\n",
        "http://h/?q",
        "http://h:x",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(BadRequest) as refused:
        couch_address(url, "")
    assert url.strip() not in refused.value.reason


def test_a_prefix_must_begin_a_lawful_name() -> None:
    with pytest.raises(BadRequest):
        couch_address("http://couch", "Upper-")
    assert CouchAddress("http://couch", "qx-").name_there("public") == "qx-public"
