"""The order of text as CouchDB collates it, as bytes whose order is that order.

CouchDB asks ICU for the Unicode root collation: punctuation before digits before letters; `a` before
`A` before `b`; `e` before `é`; what differs in nothing but an invisible character is equal. ICU weighs
30 MB, so this module imitates it from the tables Python carries:

- ASCII, Latin letters with accents, pinyin, full-width forms and the punctuation listed below stand as ICU has them;
- Chinese characters stand by code point. ICU has them by radical and strokes, which is nearly the same:
  68 of the 6,763 characters of GB 2312 stand elsewhere;
- other scripts stand behind Latin by code point, letters of both cases together.

A key is the letters, then the accents, then the cases, as in Unicode Technical Standard 10; keys hold
no zero byte. The comparison with a live CouchDB is in `tests/contract/test_mango_order.py`.

Must not know: JSON, what is compared.
"""

import unicodedata
from functools import lru_cache

# What stands before the digits, in ICU's order: white space, punctuation, symbols, currencies.
_BEFORE_DIGITS = (
    "\t\n\x0b\x0c\r\x85\u2028\u2029 _-‐‒–—―⁓〜・,،、;⁏:!¡?¿‽.。·⁕⁖⁘⁙⁚⁛⁜⁝⁞'‘’‚‛‹›\"“”„‟〝〞〟«»()[]{}⁅⁆〈〉《》"
    "「」『』【】〔〕〖〗〘〙〚〛‖§¶⁋@*⁎⁑/\\&⁊#%‰‱†‡•‣‧⁃⁌⁍′‵〃‸※‿⁔⁀⁐⁁⁂`^°©®←→↑↓↔↕↖↗↘↙±÷×+<=>¬|¦~−√∞≈≠≤≥─━│┃■□▲△▼▽◆◇○◎●★☆〄〒〓〠"
    "¤¢$£¥₠₡₢₣₤₥₦₧₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARKS = "\u0332\u0313\u0314\u0301\u0300\u0306\u0302\u030c\u030a\u0342\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304"
# Letters that Unicode does not decompose and ICU writes as others.
_WRITTEN_AS = {"æ": "ae", "œ": "oe", "ß": "ss", "ø": "o\u0338", "〇": "0"} | {
    barred: letter + "\u0335" for barred, letter in zip("đħłŧ", "dhlt", strict=True)
}

_LEVEL = b"\x01"  # between letters, accents and cases: smaller than any weight
_PLAIN = 0x10  # the accent of a letter without one
_FIRST_MARK = 0x11
_OTHER_MARK = b"\x7f"
_BEHIND_LISTED = b"\xfe"  # within a group: what is not listed stands behind what is
_OTHER_SCRIPTS = b"\xf0"
_CHINESE = b"\xfa"
_UNASSIGNED = b"\xfc"
_FIRST, _LAST = "\ufffe", "\uffff"  # by definition before and behind everything

# The cases, and the shapes that only differ from the plain character in how they look.
_LOWER, _UPPER = 0x02, 0x05
_SHAPES = {"<wide>": 1, "<compat>": 2, "<circle>": 2}
_OTHER_SHAPE = 4


def text_key(text: str) -> bytes:
    """Bytes that compare as CouchDB compares the text; equal when it holds two texts for equal."""
    if text.isascii():
        raw = text.encode()
        letters = raw.translate(_ASCII_LETTERS, _ASCII_IGNORED)
        if text.islower():
            return letters + _LEVEL + _LEVEL
        return letters + _LEVEL + _LEVEL + raw.translate(_ASCII_CASES, _ASCII_IGNORED).rstrip(b"\x02")
    found = [_weights(character) for character in unicodedata.normalize("NFD", text)]
    accents = b"".join(each[1] for each in found).rstrip(bytes([_PLAIN]))
    cases = b"".join(each[2] for each in found).rstrip(bytes([_LOWER]))
    return b"".join(each[0] for each in found) + _LEVEL + accents + _LEVEL + cases


@lru_cache(maxsize=8192)
def _weights(character: str) -> tuple[bytes, bytes, bytes]:
    """What a character adds to letters, accents and cases."""
    shape = unicodedata.decomposition(character).partition(" ")[0]
    added = _SHAPES.get(shape, _OTHER_SHAPE) if shape.startswith("<") else 0
    lower = character.lower() if len(character.lower()) == 1 else character
    plain = unicodedata.normalize("NFKD", _WRITTEN_AS.get(lower, lower))
    case = (_LOWER if lower == character else _UPPER) + added
    letters = accents = cases = b""
    for each in plain:
        category = unicodedata.category(each)
        if category[0] == "M":
            accents += _mark(each)
            cases += bytes([_LOWER])
        elif letter := _letter(each, category):
            letters += letter
            accents += bytes([_PLAIN])
            cases += bytes([case])
    return letters, accents, cases


def _mark(character: str) -> bytes:
    place = _MARKS.find(character)
    return bytes([_FIRST_MARK + place]) if place >= 0 else _OTHER_MARK + character.encode()


def _letter(character: str, category: str) -> bytes:
    """The first weight of a character that does not decompose; nothing when ICU overlooks it."""
    listed = _LISTED.get(character)
    if listed is not None:
        return listed
    if category in ("Cc", "Cf"):
        return b""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return _LISTED[str(digit)]
    if category[0] in _GROUPS:
        return _GROUPS[category[0]] + character.encode()
    if category[0] == "C":
        return {_FIRST: b"\x02", _LAST: b"\xff"}.get(character, _UNASSIGNED + character.encode())
    return (_CHINESE if unicodedata.name(character, "").startswith("CJK") else _OTHER_SCRIPTS) + character.encode()


def _listed() -> dict[str, bytes]:
    """The first weight of each listed character: one byte for ASCII, two for those between."""
    weights: dict[str, bytes] = {}
    lead, between = 0x03, 0
    for character in _BEFORE_DIGITS + "0123456789" + _LETTERS:
        if character.isascii():
            lead, between = lead + 2, 0
            weights[character] = bytes([lead])
        else:
            between += 1
            weights[character] = bytes([lead + 1, between + 1])
    return weights


_LISTED = _listed()
# Behind the last one listed of each kind: separators, punctuation, symbols.
_GROUPS = {kind: bytes([_LISTED[last][0] + 1]) + _BEHIND_LISTED for kind, last in (("Z", " "), ("P", "%"), ("S", "~"))}
_ASCII_IGNORED = bytes(code for code in range(128) if chr(code).lower() not in _LISTED)
_ASCII_LETTERS = bytes(
    _LISTED[chr(code).lower()][0] if code < 128 and code not in _ASCII_IGNORED else 0 for code in range(256)
)
_ASCII_CASES = bytes(_UPPER if chr(code).isupper() and code < 128 else _LOWER for code in range(256))
