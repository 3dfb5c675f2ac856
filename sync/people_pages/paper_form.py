"""The photos of a signed paper on the form of a consent, as an application that takes photos offers them.

Must not know: how photos are made fit and kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from sync.node.acting import Doer
from sync.node.answer_once import Answer
from sync.typed import Value


class Photos(Value):
    """What was chosen, and what is wrong with it in a sentence, "" for nothing."""

    contents: tuple[bytes, ...] = ()
    problem: str = ""


class PaperForm(Value):
    """What an application gives a form of a consent.

    place         of its inputs, what errors stand under;  label, what it is called above a form that came back
    head, inputs  templates: what the head of the page needs, and the inputs;  known, what these are drawn with
    most_bytes    of a form with photos
    chosen        the photos of a form that was sent
    give          (person_id, what was filled in, photos, doer): the consent and its paper in one act
    """

    place: str
    label: Callable[[], str]
    head: str
    inputs: str
    known: Callable[[], Mapping[str, Any]]
    most_bytes: int
    chosen: Callable[[MultiDict[str, FileStorage]], Photos]
    give: Callable[[str, Mapping[str, Any], tuple[bytes, ...], Doer], Answer]
