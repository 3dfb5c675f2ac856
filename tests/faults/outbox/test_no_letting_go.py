"""A station whose documents are on a CouchDB lets go of nothing: a revision cannot be kept there without its body."""

from pathlib import Path

import pytest

from edge_node.services.let_go_of_photos import let_go_of_photos, let_go_quietly
from sync.errors import NotOffered
from tests.faults.outbox.couch import couch
from tests.faults.outbox.station import found


def test_letting_go_is_not_offered_where_documents_are_on_a_couchdb(tmp_path: Path) -> None:
    with couch(tmp_path / "couch") as server, found(tmp_path / "village", server.address) as node:
        with pytest.raises(NotOffered, match="CouchDB"):
            let_go_of_photos(node, older_than_days=1)
        let_go_quietly(node, older_than_days=1, stop=lambda: False)
