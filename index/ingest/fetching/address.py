"""Web addresses, read once: what is checked is what is connected to."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from index.errors import InputError

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2048
LONGEST_SHOWN = 200

_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_RESERVED = "!$&'()*+,;=:@/?%[]"
"""Characters that stay as they are in a path or query, beside letters and digits."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address of the web without credentials and fragment.

    ``host`` is a name in ASCII, lower case and without the dot of the root, or an IP address
    without brackets. ``target`` is the path with the query, in ASCII, and begins with a slash.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host, and the port if it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def join(self, reference: str) -> "WebAddress":
        """The address that a reference on this page leads to. Raises ``InputError``."""
        try:
            joined = urljoin(str(self), reference)
        except ValueError as error:
            raise refusal(reference, f"is no web address ({error}): check it") from error
        return read_address(joined)

    def is_on_host_of(self, other: "WebAddress") -> bool:
        """Whether both are of one host, and of its usual ports or of one other."""
        usual = DEFAULT_PORTS.values()
        same_port = self.port == other.port or (self.port in usual and other.port in usual)
        return self.host == other.host and same_port


def is_web_address(text: str) -> bool:
    """Whether the text is meant as a web address, sound or not."""
    return text.lower().startswith(("http://", "https://"))


def read_address(text: str) -> WebAddress:
    """The address that a text is.

    Raises ``InputError`` (field ``url``) for another scheme than http and https, for credentials,
    for what is no address, and for spaces, control characters and backslashes, which programs
    read in different ways.
    """
    if len(text) > LONGEST_ADDRESS:
        what = f"has {len(text):,} characters, and an address has {LONGEST_ADDRESS:,} at most"
        raise refusal(text, f"{what}: give a shorter one")
    if not text.isprintable() or " " in text or "\\" in text:
        raise refusal(text, "holds a space, a control character or a backslash: percent-encode it")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise refusal(text, f"is no web address ({error}): check it") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise refusal(text, f"has the scheme {parts.scheme!r}: give an address of http or https")
    if "@" in parts.netloc:
        without = text.replace(parts.netloc, parts.netloc.rpartition("@")[2])
        raise refusal(without, "was given with a user's name or password: leave them out")
    return WebAddress(
        scheme=parts.scheme,
        host=_host(parts, text),
        port=DEFAULT_PORTS[parts.scheme] if port is None else port,
        target=_target(parts),
    )


def refusal(address: object, what: str) -> InputError:
    """The refusal of an address, which is shown in short."""
    text = str(address)
    shown = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return InputError(f"{shown!r} {what}", field="url")


def _host(parts: SplitResult, text: str) -> str:
    host = (parts.hostname or "").removesuffix(".")
    try:
        if ":" in host:
            return _ipv6(host)
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (AddressValueError, idna.IDNAError) as error:
        raise refusal(text, f"has the host {host!r}, which is none ({error}): check it") from error
    if not _HOST.fullmatch(name):
        raise refusal(text, f"has the host {host!r}, which is none: check it")
    return name


def _ipv6(host: str) -> str:
    address = IPv6Address(host)
    if address.scope_id:
        raise AddressValueError("it names a network interface")
    return str(address)


def _target(parts: SplitResult) -> str:
    query = f"?{quote(parts.query, safe=_RESERVED)}" if parts.query else ""
    return quote(parts.path or "/", safe=_RESERVED.replace("?", "")) + query
