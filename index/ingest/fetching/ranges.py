"""Ranges of IP addresses that are not for the public, from which nothing is fetched.

After IANA's registries of special-purpose addresses (RFC 6890 and its updates), the metadata
services of the large clouds, and the ways to write an IPv4 address within an IPv6 address.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of address; ``private`` ones may be of use to people in their own network."""

    name: str
    private: bool = False


METADATA = Kind("a cloud's metadata service")
RESERVED = Kind("a reserved address")

# The first that fits names the kind, so single addresses come before their ranges.
_RANGES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        METADATA,
        (
            *("169.254.169.254", "169.254.170.2", "168.63.129.16", "100.100.100.200"),
            *("192.0.0.192", "fd00:ec2::254", "fd20:ce::254"),
        ),
    ),
    (Kind("an unspecified address"), ("0.0.0.0/8", "::")),
    (Kind("a loopback address", private=True), ("127.0.0.0/8", "::1")),
    (
        Kind("a private address", private=True),
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
    ),
    (Kind("an address shared by a provider's customers", private=True), ("100.64.0.0/10",)),
    (Kind("a benchmarking address", private=True), ("198.18.0.0/15", "2001:2::/48")),
    (Kind("a link-local address"), ("169.254.0.0/16", "fe80::/10")),
    (Kind("a multicast address"), ("224.0.0.0/4", "ff00::/8")),
    (
        RESERVED,
        (
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.51.100.0/24"),
            *("203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16"),
            *("3fff::/20",),
        ),
    ),
)
_KINDS: tuple[tuple[Network, Kind], ...] = tuple(
    (ip_network(text), kind) for kind, texts in _RANGES for text in texts
)
_PUBLIC = IPv6Network("2000::/3")
_IPV4_WITHIN = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""IPv4-mapped addresses and those of NAT64: as public as the IPv4 address at their end."""

_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
"""What stands before the IPv4 address at the end of an ISATAP address (RFC 5214)."""


def kind_of(text: str) -> Kind | None:
    """The kind of an address that is not public, and None for a public one.

    An IPv6 address that stands for an IPv4 address is of that one's kind.
    """
    return _kind(ip_address(text))


def _kind(address: Address) -> Kind | None:
    for network, kind in _KINDS:
        if address in network:
            return kind
    if isinstance(address, IPv4Address):
        return None if address.is_global else RESERVED
    before, last = divmod(int(address), 1 << 32)
    inner = _kind(IPv4Address(last))
    if any(address in network for network in _IPV4_WITHIN):
        return inner
    if inner and before % (1 << 32) in _ISATAP:
        return inner
    return None if address in _PUBLIC and address.is_global else RESERVED
