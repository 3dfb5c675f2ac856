"""Whether a host is this machine and no other.

Must not know: sockets, names but the one.
"""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached, or can reach, at that host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
