"""Bodies as they come: plain as asked for, or packed with gzip by servers that do so anyway."""

import zlib
from typing import Protocol

GZIP = 16 + zlib.MAX_WBITS


class Unpacking(Protocol):
    """Unpacks one body, piece by piece."""

    def unpack(self, piece: bytes, most: int) -> bytes:
        """At most about ``most`` bytes of what is in the piece; raises ``zlib.error``."""

    def is_whole(self) -> bool:
        """Whether the end of the body has been seen, as far as that can be told."""


class Plain:
    """Leaves the body as it is."""

    def unpack(self, piece: bytes, most: int) -> bytes:
        return piece

    def is_whole(self) -> bool:
        return True


class Gzip:
    """Unpacks gzip, never more than is asked for: a small body can hold a thousandfold."""

    def __init__(self) -> None:
        self._state = zlib.decompressobj(GZIP)

    def unpack(self, piece: bytes, most: int) -> bytes:
        unpacked = self._state.decompress(piece, most)
        if self._state.unused_data:
            raise zlib.error("its gzip goes on after its end")
        return unpacked

    def is_whole(self) -> bool:
        return self._state.eof


def unpacking(content_encoding: str) -> Unpacking | None:
    """What unpacks a body of this content encoding, None for one that is not known."""
    match content_encoding.lower():
        case "" | "identity":
            return Plain()
        case "gzip" | "x-gzip":
            return Gzip()
    return None
