"""The photos of papers come in: each is made fit to be filed, and what it was before is kept beside it.

What is filed, hashed, signed for and sent is the fit version and never anything else.

Must not know: forms, cases, who hands the papers in.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from edge_node.messages import _
from edge_node.pictures.fitter import Fitter, Unbearable
from edge_node.services.keep_originals import Came, Originals
from edge_node.services.prepare_application import Material, Photo
from sync.blobs.storing import store_bytes
from sync.casework.look_at_photo import photo_type
from sync.errors import Invalid
from sync.node.node import Node
from sync.records.application import MAX_PHOTO_BYTES
from sync.records.ids import blobs_database
from sync.store.transaction import Transaction
from sync.typed import Value, replace
from sync.values.documents import Document, Outcome

Claim = Callable[[Transaction, str], None]


class Taken(Value):
    """Papers with photos that are fit; `claim(tx, record)` gives what those were before to the record."""

    materials: tuple[Material, ...]
    claim: Claim


def keep_chunks(tx: Transaction, node: Node, sid: str, chunks: Sequence[Document]) -> None:
    """Put what photos consist of among a station's, in the transaction that names them; raises what is refused."""
    for outcome in node.documents.database(blobs_database(sid)).graft_in(tx, chunks) if chunks else ():
        if outcome.error is not None:
            raise outcome.error


class PhotoIntake(Value):
    """How a station takes photos.

    largest_bytes  the largest photo taken, before it is made fit
    """

    largest_bytes: int
    fitter: Fitter
    originals: Originals

    @contextmanager
    def taken(self, materials: Sequence[Material]) -> Iterator[Taken]:
        """Make the photos of lawful papers fit, and keep what they were while the block writes the record.

        raises  Invalid naming every photo that cannot be taken
        """
        came: dict[bytes, Came] = {}
        fitted = self._fitted(materials, came)
        with self.originals.staged(tuple(came.values())) as claim:
            yield Taken(fitted, claim)

    def _fitted(self, materials: Sequence[Material], came: dict[bytes, Came]) -> tuple[Material, ...]:
        """The papers with fit photos; what was another picture before is added to `came`."""
        problems: list[tuple[str, str]] = []
        taken = []
        for row, material in enumerate(materials):
            photos = []
            for column, photo in enumerate(material.photos):
                content, problem = self._fit(photo.content, came)
                photos.append(Photo(content))
                if problem:
                    problems.append((f"materials.{row}.photos.{column}", problem))
            taken.append(replace(material, photos=tuple(photos)))
        if problems:
            raise Invalid(_("Something is not filled in rightly, check what is marked"), fields=problems)
        return tuple(taken)

    def _fit(self, content: bytes, came: dict[bytes, Came]) -> tuple[bytes, str]:
        """A photo as it is to be filed, and what is wrong with it, "" for nothing."""
        try:
            fitted = self.fitter.fitted(content)
        except Unbearable as refusal:
            return content, _(
                "The photo has too many pixels (%(pixels)s) for this machine, photograph or scan it again with "
                "less resolution",
                pixels=refusal,
            )
        if len(fitted.content) > MAX_PHOTO_BYTES:
            return content, _(
                "The photo is larger than %(megabytes)s MB and cannot be made smaller here, photograph it again",
                megabytes=MAX_PHOTO_BYTES >> 20,
            )
        if fitted.is_another:
            came[content] = Came(_root_of(fitted.content), content, photo_type(content))
        return fitted.content, ""


def as_they_come(node: Node, *, largest_bytes: int) -> PhotoIntake:
    """Photos are filed as they are handed in."""
    return PhotoIntake(largest_bytes, Fitter(target_bytes=0), Originals(node, most_bytes=0))


def _root_of(content: bytes) -> str:
    def as_if_stored(documents: Sequence[Document]) -> list[Outcome]:
        return [Outcome(document.id, document.revision) for document in documents]

    return store_bytes(as_if_stored, content, media_type=photo_type(content)).root
