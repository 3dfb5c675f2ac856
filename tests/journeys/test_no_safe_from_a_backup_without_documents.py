"""Where the centre's documents are on a CouchDB, a backup of its directory has none of them, and is not signed for."""

from pathlib import Path

import pytest

from sync.errors import Forbidden
from sync.node.vouching.safety import sign_safe
from sync.store.backup import back_up
from tests.journeys.road import Road, take


def test_a_backup_of_the_books_alone_is_not_signed_for(road: Road, tmp_path: Path) -> None:
    take(road.village, "one")
    road.run()
    back_up(road.centre.engine.directory, tmp_path / "backup")
    if road.centre.documents.elsewhere() is None:
        assert sign_safe(road.centre, tmp_path / "backup", trust_same_disk=True) > 0
    else:
        with pytest.raises(Forbidden, match="CouchDB"):
            sign_safe(road.centre, tmp_path / "backup", trust_same_disk=True)
