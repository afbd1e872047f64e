"""Which addresses of the network may be asked: none of this machine, of its neighbours or of a private network."""

import ipaddress
import socket
import time

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


look_up = socket.getaddrinfo


class Inside(OSError):  # noqa: N818 (says where a name leads)
    """A name leads to an address that nobody outside has."""


def connect(host: str, port: int, wait: float, *, loopback: bool) -> socket.socket:
    """A connection to the first address of the host that answers: to the very address that was looked at.

    Raises:
        Inside: one of its addresses must not be asked; then none of them is.
        OSError: none can be reached.

    """
    found = [info[4][0] for info in look_up(host, port, type=socket.SOCK_STREAM)]
    addresses = [ipaddress.ip_address(str(text).partition("%")[0]) for text in dict.fromkeys(found)]
    for address in addresses:
        if not is_outside(address, loopback=loopback):
            raise Inside(f"{host} leads to {address}, which is not asked")
    failure: OSError = OSError(f"{host} has no address")
    until = time.monotonic() + wait
    for address in addresses:
        try:
            return socket.create_connection((str(address), port), max(until - time.monotonic(), 0.001))
        except OSError as error:
            failure = error
    raise failure


def is_outside(address: Address, *, loopback: bool) -> bool:
    """Whether the address, and the one that is written inside it, is of the public network and not of this machine."""
    if loopback and address.is_loopback:
        return True
    inner = _written_inside(address)
    if inner is not None and not is_outside(inner, loopback=loopback):
        return False
    return address.is_global and not address.is_multicast and not is_own(address)


def _written_inside(address: Address) -> ipaddress.IPv4Address | None:
    """The older address that packets to a newer one arrive at."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def is_own(address: Address) -> bool:
    """Whether it is one of this machine: the system lets only those be listened at."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004 (of the protocol)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((str(address), 0))
    except OSError:
        return False
    return True
