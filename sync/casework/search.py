"""One search over all a station has: items with guides, 一件事, people and cases; by Chinese, pinyin and initials.

All of it is on this disk, so that it answers with the cable cut. What was looked for and is not there is noted, because
it is a word people have and the catalogue has not.

Must not know: who asks, how it is shown.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from sync.casework.list_cases import describe_rows
from sync.casework.note_miss import note_missed
from sync.casework.show_items import list_bundles, summaries
from sync.errors import StorageError
from sync.node.lists.case_index import cases_of
from sync.node.lists.search_index import index_shelf
from sync.node.node import Node
from sync.people.search_people import search_people
from sync.records.published import BUNDLE, ITEM
from sync.records.readings.spelling import folded, spellings
from sync.records.said_apart import asked_in_parts, fit_of, other_ways
from sync.records.search_words import LONGEST_ASKED, CaseKey, asked_for, item_word, pairs, slips, without_check
from sync.store.ledger.found_cases import find_case_words
from sync.store.ledger.phrases import Hit, Rank, find_called, find_guides, find_initials, find_phrases, find_said
from sync.store.transaction import Reader
from sync.typed import replace

MOST_FOUND = 50
_CANDIDATES = 200
_SHORTEST_MEANT = 2  # characters; one alone sounds like a hundred others
# Lengths of a serial, and of one behind its device: 0001 is the station's own 01-0001-L before any 办件编号 ending so.
_SERIALS = (4, 6)
# What was typed stands in what something is called; its letters do; it only sounds so; its guide says it.
MATCHES = TEXT, LETTERS, SOUND, GUIDE = ("text", "letters", "sound", "guide")
_BY_LETTERS = (Rank.INITIALS, Rank.INITIALS_BEGIN, Rank.SOUND_BEGINS, Rank.SLIP, Rank.SOUND_WITHIN)
# Items whose cases are found by the name or the words of the item.
_ITEMS_OF_CASES = 20


def search(node: Node, asked: str, *, limit: int = 10) -> dict[str, Any]:
    """What fits, of each kind at most `limit`, the best first: {"items", "bundles", "people", "cases"}.

    asked  whatever somebody typed

    Items are as `show_items` lists them, and 一件事, each with `matched`, one of `MATCHES`; cases as `list_cases`,
    people as `list_people`; people are masked. While the document store is away the cases stand all the same, from what
    the ledger knows.
    """
    text = folded(asked[:LONGEST_ASKED])
    if not text:
        return {"items": [], "bundles": [], "people": [], "cases": []}
    _be_up_to_date(node)
    hits, rows = node.engine.read(lambda reader: _found(reader, asked[:LONGEST_ASKED], text, limit))
    people = search_people(node, asked, limit=limit)
    found = {**_told(node, hits, limit), "people": people, "cases": describe_rows(node, rows)}
    if not any(found.values()):
        note_missed(node, asked)
    return found


def cases_called(node: Node, asked: str) -> tuple[str, ...]:
    """The ids of the cases that fit, as `search` finds them, the surest and newest first, at most some two hundred."""
    text = folded(asked[:LONGEST_ASKED])
    if not text:
        return ()

    def work(reader: Reader) -> tuple[str, ...]:
        return tuple(_cases(reader, text, _hits(reader, asked[:LONGEST_ASKED], text), _CANDIDATES))

    return node.engine.read(work)


def search_items(node: Node, asked: str, *, limit: int = 10) -> dict[str, Any]:
    """The same for people without an account, who find nobody's cases: {"items", "bundles"}."""
    text = folded(asked[:LONGEST_ASKED])
    if not text:
        return {"items": [], "bundles": []}
    _be_up_to_date(node)
    hits = node.engine.read(lambda reader: _hits(reader, asked[:LONGEST_ASKED], text))
    found = _told(node, hits, limit)
    if not any(found.values()):
        note_missed(node, asked)
    return found


def items_called(node: Node, texts: Iterable[str]) -> dict[str, str]:
    """{text: name of the item that is found by it today}; of what still finds nothing, nothing. Notes nothing."""
    _be_up_to_date(node)
    asked = {text: folded(text[:LONGEST_ASKED]) for text in texts}
    hits = node.engine.read(lambda reader: {text: _meant(reader, said) for text, said in asked.items() if said})
    codes = {text: _codes(found, ITEM)[:1] for text, found in hits.items()}
    return {text: one["name"] for text, code in codes.items() for one in summaries(node.catalogue, code)}


def _be_up_to_date(node: Node) -> None:
    node.catalogue.labels()  # before the tables are
    with suppress(StorageError):  # with a full disk what was found before is found
        index_shelf(node.engine)


def _told(node: Node, hits: Sequence[Hit], limit: int) -> dict[str, Any]:
    bundles = {one["code"]: one for one in list_bundles(node.catalogue)}
    matched = {(hit.kind, hit.code): _matched(hit) for hit in hits}
    found = {
        ITEM: summaries(node.catalogue, _codes(hits, ITEM)[:limit]),
        BUNDLE: [bundles[code] for code in _codes(hits, BUNDLE) if code in bundles][:limit],
    }
    told = {kind: [{**one, "matched": matched[kind, one["code"]]} for one in rows] for kind, rows in found.items()}
    return {"items": told[ITEM], "bundles": told[BUNDLE]}


def _matched(hit: Hit) -> str:
    if hit.rank is Rank.GUIDE:
        return GUIDE
    if hit.sounds_so:
        return SOUND
    return LETTERS if hit.by_letters or hit.rank in _BY_LETTERS else TEXT


def _found(reader: Reader, asked: str, text: str, limit: int) -> tuple[Sequence[Hit], Sequence[Any]]:
    hits = _hits(reader, asked, text)
    return hits, cases_of(reader, _cases(reader, text, hits, limit))


def _hits(reader: Reader, asked: str, text: str) -> Sequence[Hit]:
    """Items and 一件事: as it was typed, else as several words; what guides say of it; and where nothing is called so,
    by its sound: the very word in a guide says more."""
    hits = _nearly(reader, text, _meant(reader, text)) or _all_called(reader, asked.split())
    words = pairs(text)
    guides = find_guides(reader, words, limit=_CANDIDATES) if words else ()
    return _without_repetition(hits, guides, () if hits else _sounding(reader, text))


def _called(reader: Reader, text: str) -> Sequence[Hit]:
    return find_phrases(reader, text, text if text.isascii() else None, limit=_CANDIDATES)


def _meant(reader: Reader, text: str) -> Sequence[Hit]:
    """What is called so as it was typed or as others say it; where nothing is, what is in parts or in another order."""
    ways = other_ways(text)
    said = find_said(reader, ways, limit=_CANDIDATES) if ways else ()
    hits = _without_repetition(sorted((*_called(reader, text), *said), key=lambda hit: hit.rank))
    return hits if _sure(hits) else _without_repetition(_in_parts(reader, text), hits)


def _sure(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Those that are called so themselves."""
    return tuple(hit for hit in hits if hit.rank < Rank.ZONE)


def _in_parts(reader: Reader, text: str) -> Sequence[Hit]:
    asked = asked_in_parts(text)
    if asked is None:
        return ()
    may_fit = find_called(reader, asked.begins, asked.ends, asked.turned, limit=_CANDIDATES)
    fits = [(fit, one) for one in may_fit if (fit := fit_of(asked, one.names)) is not None]
    fits.sort(key=lambda each: (each[0].parts, each[0].apart))
    return tuple(Hit(one.kind, one.code, Rank.IN_PARTS, one.common, by_letters=asked.by_letters) for _fit, one in fits)


def _all_called(reader: Reader, parts: Sequence[str]) -> Sequence[Hit]:
    """What fits every one of several words."""
    texts = [text for text in dict.fromkeys(map(folded, parts)) if text]
    if len(texts) < 2:
        return ()
    found = [{(hit.kind, hit.code): hit for hit in _called(reader, text)} for text in texts]
    both = set(found[0]).intersection(*found[1:])
    return sorted(
        (max((hits[key] for hits in found), key=lambda hit: hit.rank) for key in both),
        key=lambda hit: (hit.rank, not hit.common, hit.code),
    )


def _nearly(reader: Reader, text: str, hits: Sequence[Hit]) -> Sequence[Hit]:
    """Initials with one slip, too, where nothing begins as they were typed; before what only has them within."""
    among = slips(text) if text.isascii() and text.isalpha() else ()
    if not among or any(hit.rank <= Rank.SOUND_BEGINS for hit in hits):
        return hits
    return _without_repetition(find_initials(reader, among, limit=_CANDIDATES), hits)


def _sounding(reader: Reader, text: str) -> Sequence[Hit]:
    """Chinese by its sound alone: an input method offers another character of the same."""
    if text.isascii() or len(text) < _SHORTEST_MEANT:
        return ()
    sound = spellings(text).joined
    found = find_phrases(reader, text, sound, limit=_CANDIDATES) if sound else ()
    return tuple(replace(hit, sounds_so=True) for hit in found)


def _without_repetition(*found: Sequence[Hit]) -> Sequence[Hit]:
    first: dict[tuple[str, str], Hit] = {}
    for hits in found:
        for hit in hits:
            first.setdefault((hit.kind, hit.code), hit)
    return tuple(first.values())


def _codes(hits: Iterable[Hit], kind: str) -> list[str]:
    return [hit.code for hit in hits if hit.kind == kind]


def _cases(reader: Reader, text: str, hits: Sequence[Hit], limit: int) -> Sequence[str]:
    """Case ids: by the end of a number, also without its check character, by applicant, by item; the newest first."""
    found: dict[str, None] = {}
    for words, begins in _case_questions(text, hits):
        if len(found) >= limit:
            break
        # Those found before may be among these once more.
        found |= dict.fromkeys(find_case_words(reader, words, begins=begins, limit=limit))
    return tuple(found)[:limit]


def _case_questions(text: str, hits: Sequence[Hit]) -> Iterable[tuple[Sequence[str], bool]]:
    """(words, whether a case's word only begins so), the surest first."""
    serials = without_check(text)
    if serials and len(text) in _SERIALS:
        yield serials, True
    yield from asked_for(text)
    if serials:
        yield serials, True
    items = [item_word(code) for code in _codes(_sure(hits), ITEM)[:_ITEMS_OF_CASES]]
    if items:
        yield items, False
    if not text.isascii():
        yield [CaseKey.ITEM_NAME + text], True
