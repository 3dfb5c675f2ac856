"""The photos of a signed paper on the form of its act, as an application that takes photos offers them.

Must not know: how photos are made fit and kept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sync.errors import Invalid
from sync.node.acts.acting import Doer
from sync.node.acts.answer_once import Answer
from sync.typed import Value


class Photos(Value):
    """The photos a form has, kept before and just chosen.

    problem  what is wrong with them in a sentence, "" for nothing
    tray     what those kept before are kept under, "" for none
    is_done  this very form was handed in before, and what was kept for it is gone
    """

    contents: tuple[bytes, ...] = ()
    problem: str = ""
    tray: str = ""
    is_done: bool = False


class PaperForm(Value):
    """What an application gives such a form.

    place         of its inputs, what errors stand under;  label, what it is called above a form that came back
    head, inputs  templates: what the head of the page needs, and the inputs
    known         (what photos are kept under): what these are drawn with
    most_bytes    of a form with photos
    chosen        the photos of the request that is answered
    keep          (id of the record, whose it is, photos): keep them until the form is sent again; what they are kept
                  under, "" for none
    forget        what was kept is needed no more
    give          (id of the record, name of the act, what was filled in, photos, doer): the act and its paper in one
    """

    place: str
    label: Callable[[], str]
    head: str
    inputs: str
    known: Callable[[str], Mapping[str, Any]]
    most_bytes: int
    chosen: Callable[[], Photos]
    keep: Callable[[str, str, Photos], str]
    forget: Callable[[Photos], None]
    give: Callable[[str, str, Mapping[str, Any], tuple[bytes, ...], Doer], Answer]

    def done(self, record_id: str, act: str, sent: Mapping[str, Any], photos: Photos, doer: Doer) -> Answer:
        """Do the act with its paper; what is wrong with a photo is said where the photos are."""
        try:
            return self.give(record_id, act, sent, photos.contents, doer)
        except Invalid as refusal:
            placed = [(self.place if "photos" in name.split(".") else name, said) for name, said in refusal.fields]
            raise Invalid(refusal.reason, fields=placed) from None
