"""Which file on which machine this is, so that a copied data directory does not take itself for the original.

A copy made by any tool has another inode, or lies on another machine. An inode may be given again
after the original was deleted, so the file's time of birth belongs to the fingerprint where the
system tells it. A clone of a whole virtual machine looks the same; such twins are found out by the
alarm over two heads for one counter.

Must not know: lives, tables.
"""

import ctypes
import hashlib
import os
import sys
import uuid
from pathlib import Path

_AT_FDCWD = -100
_STATX_BTIME = 0x800
_STATX_BYTES = 256
_BTIME = 80  # offset of stx_btime in struct statx: seconds (8 bytes), nanoseconds (4 bytes)


def fingerprint_of(path: Path) -> str:
    """`<machine>:<inode>:<birth>`; birth is empty where the system does not tell it.

    raises  FileNotFoundError when there is no such file
    """
    machine = hashlib.sha256(b"yizhan machine 1\n" + _machine().encode()).hexdigest()[:16]
    return f"{machine}:{path.stat().st_ino}:{_birth(path)}"


def same_place(one: str, other: str) -> bool:
    """Whether two fingerprints are of one file; a birth that only one side knows decides nothing."""
    *place, birth = one.split(":")
    *other_place, other_birth = other.split(":")
    return place == other_place and (birth == other_birth or not birth or not other_birth)


def _machine() -> str:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            text = Path(path).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            continue
        if text:
            return text
    if sys.platform == "win32":
        return _windows_machine()
    node = uuid.getnode()
    # With the multicast bit set there was no address, and Python drew one for this process only.
    return "" if node >> 40 & 1 else f"{node:012x}"


def _windows_machine() -> str:
    if sys.platform != "win32":
        return ""
    import winreg  # exists on Windows alone

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
        return str(winreg.QueryValueEx(key, "MachineGuid")[0])


def _birth(path: Path) -> str:
    status = path.stat()
    if sys.platform == "win32":
        return str(status.st_ctime_ns)
    birth = getattr(status, "st_birthtime", None)
    if birth is not None:
        return str(int(birth * 1000))
    return _linux_birth(path)


def _linux_birth(path: Path) -> str:
    """Ask statx(2), which Python 3.11 does not offer; "" when the C library or file system cannot tell."""
    try:
        statx = ctypes.CDLL(None).statx
    except (AttributeError, OSError):
        return ""
    buffer = ctypes.create_string_buffer(_STATX_BYTES)
    if statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_BTIME, buffer) != 0:
        return ""
    mask = int.from_bytes(buffer.raw[:4], sys.byteorder)
    if not mask & _STATX_BTIME:
        return ""
    seconds = int.from_bytes(buffer.raw[_BTIME : _BTIME + 8], sys.byteorder, signed=True)
    nanoseconds = int.from_bytes(buffer.raw[_BTIME + 8 : _BTIME + 12], sys.byteorder)
    return f"{seconds}.{nanoseconds:09}"
