"""What goes wrong on the road: power that fails, links that break, both at moments of chance.

Must not know: who works there, what is expected.
"""

import threading
import time
from dataclasses import dataclass
from random import Random
from threading import Event

from tests.faults.road.stage import LEVELS, Stage


@dataclass
class Power:
    """Kills one, two or all three nodes at once, and starts them again; now and then once more in between."""

    stage: Stage
    chance: Random
    over: Event
    kills: int = 0

    def run(self) -> None:
        """Until it is over; all are up afterwards."""
        took = 0.0  # on a busy machine nodes start slowly, and stay up the longer: else nothing would ever get through
        while not self.over.wait(self.chance.uniform(0.3, 3.0) + took):
            levels = self.chance.sample(LEVELS, self.chance.choice((1, 1, 1, 1, 2, 3)))
            dark = self.chance.uniform(0.0, 0.8)
            again = [self.chance.uniform(0.2, 1.2) if self.chance.random() < 0.2 else None for _ in levels]
            with self.stage.hold(*levels):
                begun = time.monotonic()
                self._cut(levels, dark, again)
                took = time.monotonic() - begun - dark

    def _cut(self, levels: list[str], dark: float, again: list[float | None]) -> None:
        self.stage.journal.note(f"no power for {', '.join(levels)}")
        for level in levels:
            self.stage.nodes[level].kill()
            self.kills += 1
        self.over.wait(dark)
        threads = [
            threading.Thread(target=self.stage.restart, args=(level,), kwargs={"killed_again_after_seconds": after})
            for level, after in zip(levels, again, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


@dataclass
class Weather:
    """Cuts links in the middle of what they carry, or takes them down for a while."""

    stage: Stage
    chance: Random
    over: Event

    def run(self) -> None:
        """Until it is over; both are up afterwards."""
        links = [self.stage.links[level] for level in sorted(self.stage.links)]
        while not self.over.wait(self.chance.uniform(0.1, 1.6)):
            link = self.chance.choice(links)
            if self.chance.random() < 0.5:
                link.cut()
                continue
            link.down()
            self.over.wait(self.chance.uniform(0.2, 2.0))
            link.up()
