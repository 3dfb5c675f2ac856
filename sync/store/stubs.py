"""What a stub stands for: content that a revision before it brought, so that it need not travel again.

An edit names its parent, and the parent's file of that name is meant. A replica's copy may leap
over revisions this store never had, so there the generation that brought the file decides.

source  CouchDB, `couch_att:merge_stubs/2`

Must not know: where contents are kept.
"""

from collections.abc import Iterable, Mapping, Sequence

from sync.typed import replace
from sync.values.documents import Attachment
from sync.wire.problems import MissingStub


def resolve_edit(
    doc_id: str, files: Sequence[Attachment], before: Sequence[Attachment], *, generation: int
) -> list[Attachment]:
    """Settle the files of an edit: new content belongs to this generation, a stub becomes its parent's file.

    before   files of the parent revision
    raises   MissingStub when the parent has no file of a stub's name, or not from the generation the stub names
    """
    known = {file.name: file for file in before}
    return [
        _required(doc_id, _meant(known, file), file) if file.data is None else replace(file, revpos=generation)
        for file in files
    ]


def resolve_graft(
    doc_id: str, files: Sequence[Attachment], ancestors: Iterable[Sequence[Attachment]], *, generation: int
) -> list[Attachment]:
    """Settle the files of a replica's copy: content keeps the generation it names, a stub is found behind it.

    ancestors  files of each known ancestor, nearest first; asked for only when there is a stub
    raises     MissingStub when none of them has what a stub stands for
    """
    stubs = any(file.data is None for file in files)
    behind = [file for revision in ancestors for file in revision] if stubs else []
    return [
        _required(doc_id, _behind(behind, file), file)
        if file.data is None
        else replace(file, revpos=min(file.revpos or generation, generation))
        for file in files
    ]


def _meant(known: Mapping[str, Attachment], stub: Attachment) -> Attachment | None:
    found = known.get(stub.name)
    return found if found and stub.revpos in (0, found.revpos) else None


def _behind(behind: Sequence[Attachment], stub: Attachment) -> Attachment | None:
    """The nearest file of that name from the same generation, or else of the same digest."""
    named = [file for file in behind if file.name == stub.name]
    return next(
        (file for file in named if file.revpos == stub.revpos),
        next((file for file in named if file.digest == stub.digest), None),
    )


def _required(doc_id: str, found: Attachment | None, stub: Attachment) -> Attachment:
    if found is None:
        raise MissingStub(f"Invalid attachment stub in {doc_id} for {stub.name}")
    return found
