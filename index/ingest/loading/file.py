"""A file as it comes: its bytes, and what its sender calls them."""

import codecs
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class File:
    """``content_type`` is a media type with its parameters (RFC 9110), or ``""``."""

    data: bytes
    name: str
    content_type: str = ""

    @property
    def suffix(self) -> str:
        """The ending of the name in lower case, with its dot, or ``""``."""
        return PurePath(self.name).suffix.lower()

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The encoding that the content type names, if Python knows it, or ``""``."""
        message = Message()
        message["content-type"] = self.content_type.replace("\n", " ").replace("\r", " ")
        return known_encoding(message.get_content_charset("") or "")


def known_encoding(name: str) -> str:
    """Python's name of an encoding of text, or ``""`` when there is none of that name.

    Names mean what they mean on the web: ``iso-8859-1`` is Windows-1252 (WHATWG Encoding).
    """
    import webencodings

    known = webencodings.lookup(name)
    if known:
        name = known.codec_info.name
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return found.name if found._is_text_encoding else ""
