"""After random partial replications, restores and old sticks: is the screen ever ahead of the facts?"""

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.custody.materials import materials_of
from sync.custody.receipts import DURABLE, RECEIPT, read_receipt
from sync.custody.standing import Status
from tests.model.custody_world import CASES, STATIONS, World
from tests.statements import all_statements

_ACTS = 45


@settings(max_examples=18)
@given(st.integers(0, 2**32))
def test_no_screen_is_ahead_of_what_a_signer_really_held(seed):
    with tempfile.TemporaryDirectory() as directory:
        world = World(Path(directory), random.Random(seed))
        try:
            for _ in range(_ACTS):
                world.act()
                for sid in STATIONS:
                    for case in CASES:
                        _assert_not_ahead(world, sid, case)
                    _assert_newest(world, sid)
            world.settle()
            for sid in STATIONS:
                for case in CASES:
                    _assert_exact(world, sid, case)
        finally:
            world.close()


def _assert_not_ahead(world, observer, case):
    """Each hop shown as holding what was written below it signed so, in the newest of its receipts the observer has."""
    node = world.nodes[observer]
    events = node.events([case]).values()
    shown = node.standing(case)
    assert [one.hop.sid for one in shown] == list(STATIONS)
    for position, one in enumerate(shown):
        if one.status is Status.NOT_YET:
            continue
        truths = [world.truth[payload] for payload in _in_force(_receipts(node, one.hop.signers))]
        below = [event for event in events if _height(world, event) < max(position, 1)]
        assert below
        assert all(any(event.hash in truth.hashes for truth in truths) for event in below)
        if one.status is Status.HELD:
            roots = {root for event in below for root in materials_of(event.set)}
            assert all(any(root in truth.whole for truth in truths) for root in roots)


def _assert_newest(world, observer):
    """No old stick brings back what a holder once had: of all receipts taken in, the one signed last is kept."""
    kept = _receipts(world.nodes[observer], {node.own.pair.writer for node in world.nodes.values()})
    for payload in kept:
        mine = read_receipt(payload)
        for signed in world.told[observer]:
            told = read_receipt(signed.payload)
            about_the_same = (told.holder, told.station, told.grade) == (mine.holder, mine.station, mine.grade)
            # Which of two restores of one backup came later only their holder can find out.
            twins = told.epoch == mine.epoch and told.life != mine.life
            if about_the_same and not twins:
                assert world.truth[signed.payload].serial <= world.truth[payload].serial


def _assert_exact(world, observer, case):
    """Once everything was carried and told, the screen is the facts: not ahead, and not behind."""
    node = world.nodes[observer]
    events = node.events([case])
    for position, one in enumerate(node.standing(case)):
        holder = world.nodes[one.hop.sid]
        below = {digest: event for digest, event in events.items() if _height(world, event) < max(position, 1)}
        roots = {root for event in below.values() for root in materials_of(event.set)}
        held, whole = below.keys() & holder.events().keys(), holder.whole(roots)
        assert (one.events_held, one.events) == (len(held), len(below))
        assert (one.materials_held, one.materials) == (len(whole), len(roots))
        assert (one.status is Status.HELD) == bool(below and held == below.keys() and whole == roots)


def _receipts(node, signers):
    kept = node.engine.read(all_statements)
    return [one.payload for one in kept if one.kind == RECEIPT and one.signer in signers]


def _in_force(payloads):
    """Without what a holder said of its backup in a life that it has left, as far as the observer has heard."""
    told = {payload: read_receipt(payload) for payload in payloads}
    lives = {(one.holder, one.station): one.life for one in told.values() if one.grade == DURABLE}
    return [payload for payload, one in told.items() if lives.get((one.holder, one.station), one.life) == one.life]


def _height(world, event):
    sids = {node.own.pair.writer: sid for sid, node in world.nodes.items()}
    return STATIONS.index(sids[event.writer])
