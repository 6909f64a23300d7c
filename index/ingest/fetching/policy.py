"""What may be fetched, and how much of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits of one fetch.

    ``private`` allows what is at addresses of this machine and of its networks, but never those
    of metadata services. ``seconds`` is for everything from the first name's resolution to the
    last byte, ``read_seconds`` for each connection and each wait for more. ``most_bytes`` counts
    what is left when a compressed body is unpacked.
    """

    private: bool = False
    ports: tuple[int, ...] = (80, 443)
    most_redirects: int = 5
    most_bytes: int = 20_000_000
    seconds: float = 30.0
    read_seconds: float = 10.0
