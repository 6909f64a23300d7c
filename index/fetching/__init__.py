"""One page, file or feed from the web, and nothing from where the public has no business."""

from index.fetching.address import WebAddress, is_web_address, read_address
from index.fetching.fetcher import Fetched, fetch
from index.fetching.network import Network
from index.fetching.policy import Policy

__all__ = [
    "Fetched",
    "Network",
    "Policy",
    "WebAddress",
    "fetch",
    "is_web_address",
    "read_address",
]
