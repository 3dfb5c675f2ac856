"""What both hold is remembered as far as it goes, and only what lies on a document's own path is told against."""

from sync.node.road.shared_versions import SharedVersions
from sync.values.documents import Document
from tests.contract.documents import doc, file, rev


def version(doc_id: str, *path: str, size: int = 10, deleted: bool = False) -> Document:
    return doc(doc_id, *path, deleted=deleted, text="x" * size)


def test_a_document_is_told_against_the_version_both_hold_that_is_on_its_path() -> None:
    versions = SharedVersions()
    first = version("a", "1-a")
    versions.note("station", first)
    newer = version("a", "2-b", "1-a")
    assert versions.base_of("station", newer) == (rev("1-a"), first.body)
    assert versions.base_of("station", version("a", "2-c", "1-x")) is None
    assert versions.base_of("other", newer) is None
    assert versions.base_of("station", first) is None
    versions.note("station", newer)
    assert versions.base_of("station", version("a", "3-c", "2-b", "1-a")) == (rev("2-b"), newer.body)


def test_tombstones_and_documents_with_files_are_nothing_to_tell_against() -> None:
    versions = SharedVersions()
    versions.note("station", version("a", "1-a"))
    versions.note("station", version("a", "2-b", "1-a", deleted=True))
    assert versions.base_of("station", version("a", "3-c", "2-b", "1-a")) is None
    versions.note("station", doc("f", "1-a", files=[file("scan", b"...")]))
    assert versions.base_of("station", version("f", "2-b", "1-a")) is None


def test_the_oldest_are_forgotten_so_that_memory_stays_small() -> None:
    versions = SharedVersions()
    for number in range(100):
        versions.note("station", version(f"d{number}", "1-a", size=200_000))
    kept = [number for number in range(100) if versions.base_of("station", version(f"d{number}", "2-b", "1-a"))]
    assert kept == list(range(100 - len(kept), 100))
    assert 30 < len(kept) < 50
    for number in range(3_000):
        versions.note("station", version(f"s{number}", "1-a"))
    assert versions.base_of("station", version("s0", "2-b", "1-a")) is None
    versions.clear()
    assert versions.base_of("station", version("s2999", "2-b", "1-a")) is None
