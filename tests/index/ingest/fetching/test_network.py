import asyncio
import socket
from collections.abc import Sequence

import pytest

from index.errors import InputError
from index.ingest.fetching.network import CheckedBackend, Network, resolve
from index.ingest.fetching.policy import FetchPolicy
from tests.site import PUBLIC, Names, PretendBackend, Site, network

CLOSED, OPEN = FetchPolicy(), FetchPolicy(private=True)


def connect(network: Network, host: str = "a.example", policy: FetchPolicy = CLOSED) -> None:
    async def connected() -> None:
        stream = await CheckedBackend(policy, network).connect_tcp(host, 80, 5)
        await stream.aclose()

    asyncio.run(connected())


def backend(network: Network) -> PretendBackend:
    assert isinstance(network.backend, PretendBackend)
    return network.backend


def test_a_connection_goes_to_the_address_that_was_checked_and_not_to_the_name(site: Site) -> None:
    way = network(site)
    connect(way)
    assert backend(way).connected == [(PUBLIC, 80)]


def test_a_name_that_resolves_to_something_else_a_moment_later_changes_nothing(site: Site) -> None:
    """As in DNS rebinding: the first answer is public, every later one is not."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    way = Network(rebinding, PretendBackend(site))
    connect(way)
    assert backend(way).connected == [(PUBLIC, 80)]
    with pytest.raises(InputError, match=r"'a.example' is at a loopback address"):
        connect(way)


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["fd00::1", PUBLIC]])
def test_a_name_with_one_private_address_among_public_ones_is_refused(
    site: Site, addresses: list[str]
) -> None:
    way = network(site, a_example=addresses)
    with pytest.raises(InputError, match=r"'a.example' is at a private address") as caught:
        connect(way)
    assert backend(way).connected == []
    assert caught.value.field == "url"
    assert str(caught.value).endswith(
        ", from which nothing is fetched: allow those with PULLQUOTE_FETCH_PRIVATE=true, or for "
        "'pullquote index' with --allow-private-addresses"
    )


def test_where_private_addresses_are_allowed_metadata_services_are_not(site: Site) -> None:
    way = network(site, a_example=["10.0.0.1"], b_example=["169.254.169.254"])
    connect(way, policy=OPEN)
    with pytest.raises(InputError, match=r"a cloud's metadata service.*: no setting allows it"):
        connect(way, "b.example", OPEN)
    assert backend(way).connected == [("10.0.0.1", 80)]


def test_the_next_address_is_tried_when_one_is_dead(site: Site) -> None:
    way = Network(
        Names({"a.example": ["93.0.0.1", PUBLIC]}), PretendBackend(site, dead=("93.0.0.1",))
    )
    connect(way)
    assert [address for address, _ in backend(way).connected] == ["93.0.0.1", PUBLIC]


def test_a_host_that_is_dead_at_all_addresses_is_told_after_a_few(site: Site) -> None:
    addresses = [f"93.0.0.{number}" for number in range(20)]
    way = Network(Names({"a.example": addresses}), PretendBackend(site, dead=tuple(addresses)))
    with pytest.raises(InputError, match=r"'a.example' does not let itself be connected to"):
        connect(way)
    assert len(backend(way).connected) == 4


def test_a_host_that_is_not_known_is_told(site: Site) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(InputError, match=r"'a.example' is a host that cannot be found"):
        connect(Network(nowhere, PretendBackend(site)))


@pytest.mark.parametrize("spelling", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"])
def test_every_way_to_write_an_address_is_resolved_to_the_address(spelling: str) -> None:
    assert asyncio.run(resolve(spelling, 80)) == ["127.0.0.1"]
