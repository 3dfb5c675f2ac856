"""What threads needed for a moment goes back to the system."""

import subprocess
import sys

import pytest

# Each thread hashes as large a block as a password takes, several times, and stays.
GREEDY = """
import sys, threading
from sync.commands.frugal import give_memory_back

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) << 12

if sys.argv[1:] == ["frugal"]:
    give_memory_back()
done, stay, before = threading.Barrier(7), threading.Event(), resident()

def work():
    for _ in range(3):
        (b"x" * (19 << 20)).count(b"y")
    done.wait()
    stay.wait()

for _ in range(6):
    threading.Thread(target=work).start()
done.wait()
print(resident() - before)
stay.set()
"""


def grown_by(*arguments: str) -> int:
    done = subprocess.run([sys.executable, "-c", GREEDY, *arguments], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="there is no glibc")
def test_large_blocks_of_many_threads_do_not_stay() -> None:
    assert grown_by("frugal") < 8 << 20 < grown_by()
