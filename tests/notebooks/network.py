"""No test may leave this machine: connections to anything but itself raise an OSError."""

import functools
import ipaddress
import socket
import sys

BY_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
BY_NAME = {"socket.getaddrinfo", "socket.gethostbyname"}


def is_local(host) -> bool:
    """Whether ``host`` (a name, an address, or None) is this machine."""
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def guard(event: str, args: tuple):
    """An audit hook: it sees every connection Python opens, whatever library asks for it."""
    if event in BY_NAME:
        host = args[0]
    elif event in BY_ADDRESS and isinstance(args[1], tuple):
        host = args[1][0]
    else:  # another event, or a Unix socket
        return
    if not is_local(host):
        raise OSError(f"the tests allow no network, but {event} asked for {host!r}")


@functools.cache
def block():
    """Guard this process for the rest of its life; audit hooks cannot be taken off."""
    sys.addaudithook(guard)
