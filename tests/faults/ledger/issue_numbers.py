"""A process that gives receipt numbers as fast as it can, until it is killed; `test_numbers` runs it.

    python issue_numbers.py DIRECTORY REGION_CODE

Each line it prints is a number whose transaction had returned. Every thread's clock leaps about.
"""

import random
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

from sync.records.receipt_number import format_receipt_number
from sync.store.connection import FILE_NAME
from sync.store.engine import Engine
from sync.store.ledger.fingerprint import fingerprint_of
from sync.store.ledger.lives import settle_life
from sync.store.ledger.numbers import device_in_use, next_serial
from sync.store.transaction import Transaction

_FIRST_DAY = date(2026, 3, 2)
_WRITERS = 3


def give(engine: Engine, region: str, day: date) -> str:
    """Take one number in one transaction."""

    def work(tx: Transaction) -> str:
        device = device_in_use(tx) or "none"
        return format_receipt_number(region, day, device, next_serial(tx, device, day))

    return engine.write(work)


def main(directory: Path, region: str) -> None:
    """Give numbers from several threads until killed."""
    engine = Engine.open(directory)
    place = fingerprint_of(directory / FILE_NAME)
    engine.write(lambda tx: settle_life(tx, fingerprint=place, now_ms=1))
    gate = threading.Lock()

    def run() -> None:
        while True:
            number = give(engine, region, _FIRST_DAY + timedelta(days=random.randint(0, 2)))
            with gate:
                sys.stdout.write(number + "\n")
                sys.stdout.flush()

    threads = [threading.Thread(target=run) for _ in range(_WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
