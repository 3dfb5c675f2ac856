"""What the township does to a case takes nothing back on the village's screen, and is told truly on its own."""

from sync.casework.trace_custody import trace_custody
from sync.node.node import Node
from tests.journeys.road import Road, act, take


def hops(node: Node, doc_id: str) -> list[str]:
    return [hop["state"] for hop in trace_custody(node, doc_id)["hops"]]


def test_the_village_sees_its_application_at_the_centre_whatever_the_township_adds(road: Road) -> None:
    doc_id = take(road.village, "one", photo=b"\xff\xd8\xff a photo \xff\xd9")
    road.run()
    assert hops(road.village, doc_id) == ["held", "held", "held"]
    act(road.township, doc_id, "accepted")
    assert hops(road.township, doc_id) == ["held", "held", "none"]
    road.run()
    assert hops(road.village, doc_id) == ["held", "held", "held"]
    assert hops(road.township, doc_id) == ["held", "held", "held"]


def test_what_the_village_adds_is_at_the_centre_when_the_centre_has_signed_for_it(road: Road) -> None:
    doc_id = take(road.village, "one")
    road.run()
    act(road.township, doc_id, "supplement_asked")
    road.run()
    act(road.village, doc_id, "supplemented")
    assert hops(road.village, doc_id) == ["held", "none", "none"]
    road.village_up.run()
    assert hops(road.village, doc_id) == ["held", "held", "none"]
    road.run()
    assert hops(road.village, doc_id) == ["held", "held", "held"]
