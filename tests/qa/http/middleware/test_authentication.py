from collections.abc import MutableMapping
from typing import Any

import pytest

from qa.http.middleware.authentication import Caller, address_of
from qa.keys import Key


def scope(client: Any) -> MutableMapping[str, Any]:
    return {"type": "http", "client": client}


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("x" * 60_000, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_of_version_6_counts_as_its_network(host: str, address: str) -> None:
    assert address_of(scope((host, 1))) == address


def test_who_has_no_address_is_unknown() -> None:
    assert address_of(scope(None)) == "unknown"


def test_a_caller_is_named_by_the_key_and_without_one_by_the_address() -> None:
    key = Key("0123456789abcdef", "laptop", ("read",), "2026-01-17T00:00:00+00:00")

    assert Caller("10.0.0.7", key, shows_key=True).name == "key 0123456789abcdef"
    assert Caller("10.0.0.7", None, shows_key=True).name == "address 10.0.0.7"
