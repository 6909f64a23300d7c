"""EPUB: the chapters of a book, in the order in which it is read, as one article."""

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.errors import UnreadableFile
from index.ingest.dates import day_of
from index.ingest.loading.blocks import Block, Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.decoding import decode_as
from index.ingest.loading.file import File
from index.ingest.loading.html import blocks_of_html, web_address
from index.ingest.loading.left_out import left_out_of
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.ooxml import check_package, mime_type, parse_xml
from index.ingest.loading.packed import read_member

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html")
_DC = "{http://purl.org/dc/elements/1.1/}"
UNREAD = "parts of another format left out"


class EpubLoader:
    """Loads what the book's spine lists. Title, authors, date and subjects are the package's."""

    suffixes = (".epub",)
    media_types = ("application/epub+zip",)
    isolated = True

    def signs(self, data: bytes) -> bool:
        return False  # It begins as every ZIP does; the archive's loader looks into it.

    def recognises(self, data: bytes) -> bool:
        return False

    def holds(self, archive: zipfile.ZipFile) -> bool:
        """Whether a ZIP is an EPUB."""
        return mime_type(archive) == self.media_types[0] or _CONTAINER in archive.NameToInfo

    def load(self, file: File, limits: Limits) -> Loaded:
        check_package(file, limits, self.holds, "EPUB")
        with refusing(file.name, "EPUB"), zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            book = _Book(archive, file.name, limits)
            draft = draft_of_blocks(book.blocks(), book.about(), file.name, limits)
            return Loaded.one(draft, left_out_of(book.left_out))


class _Book:
    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self._archive, self._name, self._limits = archive, name, limits
        self.left_out: Counter[str] = Counter()
        self._refuse_protected()
        container = parse_xml(self._read(_CONTAINER))
        root = next(container.iter("{*}rootfile"), None)
        self._path = "" if root is None else root.get("full-path", "")
        if not self._path:
            raise UnreadableFile(
                f"{name!r} does not say where its book is: save it again", field="file"
            )
        self._package = parse_xml(self._read(self._path))

    def blocks(self) -> Iterator[Block]:
        items = {item.get("id"): item for item in self._package.iter("{*}item")}
        for reference in self._package.iter("{*}itemref"):
            item = items.get(reference.get("idref"))
            if item is None:
                continue
            if item.get("media-type") not in _PAGES:
                self.left_out[UNREAD] += 1
                continue
            path = posixpath.join(posixpath.dirname(self._path), unquote(item.get("href", "")))
            data = self._read(posixpath.normpath(path))
            yield from blocks_of_html(_text(data), self.left_out)

    def about(self) -> Particulars:
        said = {
            name: [
                " ".join("".join(one.itertext()).split()) for one in self._package.iter(_DC + name)
            ]
            for name in ("title", "creator", "date", "subject", "source", "identifier")
        }
        addresses = map(web_address, (*said["source"], *said["identifier"]))
        return Particulars(
            title=next(iter(said["title"]), ""),
            source=next(filter(None, addresses), None),
            published=day_of(next(iter(said["date"]), "")),
            author=", ".join(said["creator"]),
            tags=tuple(said["subject"]),
        )

    def _read(self, path: str) -> bytes:
        member = self._archive.NameToInfo.get(path)
        if member is None:
            raise UnreadableFile(
                f"{self._name!r} lacks its part {path[:200]!r}: save it again", field="file"
            )
        return read_member(self._archive, member, self._name, self._limits)

    def _refuse_protected(self) -> None:
        """Raises ``UnreadableFile`` for a book whose text is encrypted; fonts may be."""
        if _ENCRYPTION not in self._archive.NameToInfo:
            return
        methods: list[Any] = list(parse_xml(self._read(_ENCRYPTION)).iter("{*}EncryptionMethod"))
        if any(one.get("Algorithm") not in _OBFUSCATION for one in methods):
            raise UnreadableFile(
                f"{self._name!r} is protected against copying: give it without that", field="file"
            )


def _text(data: bytes) -> str:
    for encoding in (
        ("utf-8-sig", "utf-16") if data[:2] not in (b"\xff\xfe", b"\xfe\xff") else ("utf-16",)
    ):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return decode_as(data, "cp1252")
