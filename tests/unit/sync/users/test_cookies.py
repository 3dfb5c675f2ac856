from base64 import urlsafe_b64encode

import pytest

from sync.errors import BadRequest
from sync.users.cookies import read_token, write_token

SECRET = b"secret"


@pytest.mark.parametrize("name", ["li", "李", "", "a b", "x" * 1000])
def test_a_token_says_who_and_when_and_is_believed_where_it_was_made(name: str) -> None:
    token = read_token(write_token(name, 0x6B07602F, secret=SECRET, salt="s"))
    assert (token.name, token.seconds) == (name, 0x6B07602F)
    assert token.is_signed(SECRET, "s")
    assert not token.is_signed(b"other", "s")
    assert not token.is_signed(SECRET, "another password's")
    assert read_token(write_token(name, 0x6B076030, secret=SECRET, salt="s")).signature != token.signature


def test_it_is_written_as_couchdb_writes_it() -> None:
    text = write_token("li", 0x6B07602F, secret=SECRET, salt="s")
    assert text.startswith(urlsafe_b64encode(b"li:6B07602F:").decode())
    assert "=" not in text


@pytest.mark.parametrize("raw", [b"", b"li", b"li:6B", b"li:x:y", b"li::y", b"\xff:6B:y"])
def test_what_is_no_token_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest, match="Malformed AuthSession cookie"):
        read_token(urlsafe_b64encode(raw).decode())


@pytest.mark.parametrize("text", ["!", "密", "a", "a" * 5])
def test_what_is_not_even_base64_is_refused_too(text: str) -> None:
    with pytest.raises(BadRequest, match="Malformed AuthSession cookie"):
        read_token(text)
