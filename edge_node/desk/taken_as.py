"""How a paper is taken, as one choice of a form: what of it stays here, and whether its original was seen.

    original         copy_compared         copy         shown: compared, and handed back         photo

What the catalogue asks for stands chosen. An identity card is looked at and goes home with its holder; of what is
applied for by telephone nobody has seen an original.

Must not know: how forms are drawn, which papers were handed in.
"""

from edge_node.services.draft import TAKEN
from edge_node.services.prepare_application import Material, Photo
from sync.messages import N_
from sync.records import taken_as
from sync.records.items import Copies, Source
from sync.records.items import Material as Wanted

# (what the form sends, what the choice is called)
NAMES = (
    ("original", N_("original, stays here")),
    ("copy_compared", N_("copy, compared with the original")),
    ("copy", N_("copy")),
    ("shown", N_("original compared and handed back")),
    ("photo", N_("photo only")),
)
CHOICES = frozenset(TAKEN)


def usual(wanted: Wanted, *, by_telephone: bool = False) -> str:
    """The choice a form begins with."""
    if by_telephone:
        return "photo"
    if wanted.copies is Copies.COPY:
        return "copy"
    if wanted.source is not Source.GOVERNMENT:
        return "original"
    return "shown" if wanted.copies is Copies.ORIGINAL else "copy_compared"


def material(name: str, photos: tuple[bytes, ...], choice: str, copies: int, on_file: str = "") -> Material:
    """A paper as services take it; of what is not left here there are no copies.

    on_file  the case it is taken over from, where nothing was brought
    """
    kind, compared = TAKEN.get(choice, ("", False))
    left = 0 if kind == taken_as.PHOTO else copies
    return Material(name, tuple(Photo(one) for one in photos), kind, left, on_file, compared)
