from sync.store.building import LARGEST, Building


def _limit(building: Building) -> int:
    with building.turn() as limit:
        return limit


def test_a_quick_disk_takes_more_at_a_time_and_a_slow_one_less_within_bounds():
    building = Building()
    first = _limit(building)
    building.note(0.001)
    assert _limit(building) == 2 * first
    building.note(0.01)
    assert _limit(building) == 2 * first
    for _ in range(20):
        building.note(0.001)
    assert _limit(building) == LARGEST
    for _ in range(20):
        building.note(1.0)
    assert 1 < _limit(building) < first
