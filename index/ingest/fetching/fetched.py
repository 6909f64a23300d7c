"""What an address gave."""

from dataclasses import dataclass

from index.ingest.fetching.address import WebAddress


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, file or feed; ``address`` is the last one, after all redirects."""

    data: bytes
    name: str
    content_type: str
    address: WebAddress
