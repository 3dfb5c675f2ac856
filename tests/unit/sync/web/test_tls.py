"""The certificate of the settings: read where it can be, and refused in words where not."""

import ssl
from pathlib import Path

import pytest

from sync.errors import StorageError
from sync.web.tls import browser_context
from tests.unit.sync.web.certificates import make_certificate


def test_certificate_and_key_may_stand_in_two_files_or_in_one(tmp_path: Path) -> None:
    chain, key = make_certificate(tmp_path)
    assert browser_context(chain, key).minimum_version == ssl.TLSVersion.TLSv1_2
    both = tmp_path / "both.pem"
    both.write_bytes(Path(key).read_bytes() + Path(chain).read_bytes())
    browser_context(str(both))


@pytest.mark.parametrize("what", ["no file", "no certificate", "no key", "another key", "a key under a password"])
def test_a_certificate_that_cannot_be_used_is_told_with_the_settings_that_name_it(tmp_path: Path, what: str) -> None:
    (tmp_path / "other").mkdir()
    chain, key = make_certificate(tmp_path, password=b"secret" if what == "a key under a password" else b"")
    other = make_certificate(tmp_path / "other")[1]
    named = {
        "no file": (str(tmp_path / "gone.pem"), ""),
        "no certificate": (key, key),
        "no key": (chain, ""),
        "another key": (chain, other),
        "a key under a password": (chain, key),
    }
    with pytest.raises(StorageError, match="证书") as caught:
        browser_context(*named[what])
    assert "certificate_key" in caught.value.remedy
