"""What is in a volume, in words.

Must not know: how it was counted.
"""

from sync.bundle.header import Marks
from sync.carrying.importing import Brought
from sync.messages import N_, _

# Documents by what their ids begin with; chunks are told as the photos whose lists came.
_KINDS = (
    ("case", N_("cases: %(count)s")),
    ("person", N_("people: %(count)s")),
    ("blob", N_("photos: %(count)s")),
    ("item", N_("items: %(count)s")),
)


def amounts(brought: Brought) -> str:
    """What a volume brought, one kind after the other; or that it is nothing new."""
    told = [_(words, count=count) for kind, words in _KINDS if (count := brought.documents[kind])]
    if brought.documents["chunk"] and not brought.documents["blob"]:
        told.append(_("part of a photo"))
    named = ("chunk", *(kind for kind, _words in _KINDS))
    others = sum(count for kind, count in brought.documents.items() if kind not in named)
    if others:
        told.append(_("other documents: %(count)s", count=others))
    if brought.statements:
        told.append(_("certificates and receipts: %(count)s", count=brought.statements))
    return _(", ").join(told) or _("nothing new")


def wishes(wants: Marks) -> str:
    """How many photos the other side asks for; "" where it asks for none."""
    count = sum(len(roots) for roots in wants.values())
    return _("please bring back %(count)s photos next time", count=count) if count else ""
