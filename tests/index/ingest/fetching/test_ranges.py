import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.fetching.ranges import kind_of

UNSPECIFIED = "0.0.0.0"  # noqa: S104  # nothing is bound to it


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (UNSPECIFIED, "an unspecified address"),
        ("0.1.2.3", "an unspecified address"),
        ("::", "an unspecified address"),
        ("127.0.0.1", "a loopback address"),
        ("127.255.255.255", "a loopback address"),
        ("::1", "a loopback address"),
        ("10.0.0.1", "a private address"),
        ("172.16.0.1", "a private address"),
        ("172.31.255.255", "a private address"),
        ("192.168.1.1", "a private address"),
        ("fc00::1", "a private address"),
        ("fdff::1", "a private address"),
        ("fec0::1", "a private address"),
        ("100.64.0.1", "an address shared by a provider's customers"),
        ("100.127.255.255", "an address shared by a provider's customers"),
        ("198.18.0.1", "a benchmarking address"),
        ("2001:2::1", "a benchmarking address"),
        ("169.254.0.1", "a link-local address"),
        ("fe80::1", "a link-local address"),
        ("fe80::1%1", "a link-local address"),
        ("febf::1", "a link-local address"),
        ("169.254.169.254", "a cloud's metadata service"),
        ("169.254.170.2", "a cloud's metadata service"),
        ("168.63.129.16", "a cloud's metadata service"),
        ("100.100.100.200", "a cloud's metadata service"),
        ("192.0.0.192", "a cloud's metadata service"),
        ("fd00:ec2::254", "a cloud's metadata service"),
        ("fd20:ce::254", "a cloud's metadata service"),
        ("224.0.0.1", "a multicast address"),
        ("239.255.255.250", "a multicast address"),
        ("ff02::1", "a multicast address"),
        ("ff0e::1", "a multicast address"),
        ("192.0.0.1", "a reserved address"),
        ("192.0.2.1", "a reserved address"),
        ("192.88.99.1", "a reserved address"),
        ("198.51.100.1", "a reserved address"),
        ("203.0.113.1", "a reserved address"),
        ("240.0.0.1", "a reserved address"),
        ("255.255.255.255", "a reserved address"),
        ("2001:db8::1", "a reserved address"),
        ("3fff::1", "a reserved address"),
        ("100::1", "a reserved address"),
        ("64:ff9b:1::7f00:1", "a reserved address"),
        ("5f00::1", "a reserved address"),
        ("4000::1", "a reserved address"),
    ],
)
def test_an_address_that_is_not_public_is_told_by_its_kind(address: str, kind: str) -> None:
    found = kind_of(address)
    assert found
    assert found.name == kind


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "93.184.215.14", "172.15.255.255", "172.32.0.1", "100.128.0.1"),
        *("169.253.1.1", "223.255.255.255", "198.20.0.1", "11.0.0.1", "168.63.129.17"),
        *("2606:4700::1111", "2001:4860:4860::8888", "2a00::1", "64:ff9b::808:808"),
        *("::ffff:8.8.8.8", "2a00::5efe:808:808"),
    ],
)
def test_a_public_address_is_of_no_kind(address: str) -> None:
    assert kind_of(address) is None


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.0.0.1", "169.254.169.254", UNSPECIFIED])
@pytest.mark.parametrize(
    ("form", "shift"),
    [
        ("::ffff:0:0", 0),  # IPv4-mapped
        ("64:ff9b::", 0),  # NAT64
        ("2a00::5efe:0:0", 0),  # ISATAP
        ("2a00::200:5efe:0:0", 0),  # ISATAP with the bit for unique addresses
        ("2002::", 80),  # 6to4
        ("2001::", 64),  # Teredo, the server
        ("::", 0),  # IPv4-compatible
        ("::ffff:0:0:0", 0),  # IPv4-translated
    ],
)
def test_an_address_within_an_ipv6_address_does_not_pass(inner: str, form: str, shift: int) -> None:
    whole = int(ipaddress.IPv6Address(form)) | int(ipaddress.IPv4Address(inner)) << shift
    assert kind_of(str(ipaddress.IPv6Address(whole)))


def test_a_teredo_client_which_is_written_inverted_does_not_pass() -> None:
    client = 0xFFFFFFFF ^ int(ipaddress.IPv4Address("10.0.0.1"))
    whole = int(ipaddress.IPv6Address("2001:0:808:808::")) | client
    assert kind_of(str(ipaddress.IPv6Address(whole)))


def test_only_kinds_that_are_of_use_in_one_s_own_network_are_private() -> None:
    addresses = ["127.0.0.1", "10.0.0.1", "fd00::1", "100.64.0.1", "198.18.0.1"]
    assert all(kind and kind.private for kind in map(kind_of, addresses))
    never = ["169.254.169.254", "fe80::1", UNSPECIFIED, "224.0.0.1", "240.0.0.1", "100.100.100.200"]
    assert not any(kind and kind.private for kind in map(kind_of, never))


@given(st.ip_addresses())
def test_nothing_passes_that_python_knows_as_not_public(address: ipaddress.IPv4Address) -> None:
    if kind_of(str(address)) is None:
        inner = getattr(address, "ipv4_mapped", None) or address
        assert inner.is_global
        assert not inner.is_multicast
