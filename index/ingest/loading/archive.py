"""ZIP archives: each file in one is taken like any other. Nothing is written to the disk."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import EmptyArticle, InputError, UnreadableFile
from index.ingest.loading.docx import DocxLoader
from index.ingest.loading.epub import EpubLoader
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits, exceeded
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.ooxml import mime_type
from index.ingest.loading.opendocument import OpenDocumentLoader
from index.ingest.loading.packed import open_archive, read_member
from index.ingest.loading.pptx import PptxLoader
from index.ingest.loading.xlsx import XlsxLoader

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
DOCUMENTS = (DocxLoader(), XlsxLoader(), PptxLoader(), OpenDocumentLoader(), EpubLoader())
"""The loaders of formats that are ZIPs themselves."""

_OTHER_DOCUMENTS = frozenset(
    ".apk .docm .dotx .jar .key .kmz .numbers .odf .odg .pages .pptm .potx .ppsx .sketch .vsdx "
    ".whl .xlsb .xltx .xps".split()
)
_SAYS_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_BETWEEN_PARTS = re.compile(r"[/\\]")
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


class ArchiveLoader:
    """Loads every file in a ZIP with ``load``; a DOCX or the like, a ZIP too, is one article."""

    suffixes = (".zip",)
    media_types = ("application/x-zip-compressed", "application/zip")
    isolated = True

    def __init__(self, load: Callable[[File, Limits], Loaded]) -> None:
        self._load = load

    def signs(self, data: bytes) -> bool:
        return data.startswith(MAGIC)

    def recognises(self, data: bytes) -> bool:
        return False

    def load(self, file: File, limits: Limits) -> Loaded:
        return self._opened(file, limits, _Unpacked(limits, file.name))

    def _opened(self, file: File, limits: Limits, unpacked: "_Unpacked", depth: int = 1) -> Loaded:
        with open_archive(file.data, file.name) as archive:
            document = next((one for one in DOCUMENTS if one.holds(archive)), None)
            if document:
                return document.load(file, limits)
            _refuse_other_documents(archive, file)
            if depth > limits.max_archive_depth:
                raise exceeded(
                    "max_archive_depth",
                    f"{file.name!r} is an archive within {depth - 1} others, more than the "
                    f"{limits.max_archive_depth - 1} taken",
                )
            members = [member for member in archive.infolist() if not _is_besides(member)]
            unpacked.announce(members)
            if not members:
                raise EmptyArticle(
                    f"{file.name!r} holds no files: give an archive with articles", field="file"
                )
            parts = (
                self._part(archive, member, file.name, limits, unpacked, depth)
                for member in members
            )
            loaded = Loaded.many(parts, [f"/{shown_name(member)}" for member in members])
        limits.check("max_file_articles", len(loaded.drafts), file.name, "articles")
        return loaded

    def _part(
        self,
        archive: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        within: str,
        limits: Limits,
        unpacked: "_Unpacked",
        depth: int,
    ) -> Loaded | Refused:
        name = f"{within}/{shown_name(member)}"
        try:
            _refuse(member, name)
            file = File(unpacked.read(archive, member, name), name)
            if self.signs(file.data):
                return self._opened(file, limits, unpacked, depth + 1)
            return self._load(file, limits)
        except InputError as error:
            return Refused(name, str(error))


@dataclass(slots=True)
class _Unpacked:
    """What has been unpacked of a file, with the archives in it."""

    limits: Limits
    name: str
    members: int = 0
    size: int = 0

    def announce(self, members: list[zipfile.ZipInfo]) -> None:
        """Raises ``LimitExceeded`` if the archive says of itself that it holds too much."""
        self.members += len(members)
        self.limits.check("max_archive_members", self.members, self.name, "files in it")
        said = self.size + sum(member.file_size for member in members)
        self.limits.check("max_unpacked_bytes", said, self.name, "bytes when unpacked")

    def read(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
        """Raises ``LimitExceeded`` or ``UnreadableFile``."""
        data = read_member(archive, member, name, self.limits)
        self.size += len(data)
        return data


def _refuse(member: zipfile.ZipInfo, name: str) -> None:
    """Raises ``UnreadableFile`` for what no honest archive of articles holds."""
    why = ""
    if _OUTSIDE.search(member.filename) or _OUTSIDE.search(_named(member)):
        why = "has a path that leads out of the archive: pack it again without such paths"
    elif stat.S_ISLNK(member.external_attr >> 16):
        why = "is a link: pack the file that it leads to"
    elif member.flag_bits & 1:
        why = "is encrypted: pack it without a password"
    if why:
        raise UnreadableFile(f"{name!r} {why}", field="file")


def _refuse_other_documents(archive: zipfile.ZipFile, file: File) -> None:
    """Raises ``UnreadableFile`` for what is a ZIP but no archive of files."""
    kind = mime_type(archive)
    packaged = "[Content_Types].xml" in archive.NameToInfo or kind.startswith("application/")
    if packaged or file.suffix in _OTHER_DOCUMENTS:
        what = f"the suffix {file.suffix!r}, a" if file.suffix not in ("", ".zip") else "a"
        raise UnreadableFile(
            f"{file.name!r} has {what} format that is not taken: save it as DOCX or PDF",
            field="file",
        )


def _is_besides(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, hidden, or a Mac's notes about the files."""
    parts = _BETWEEN_PARTS.split(_named(member))
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return member.is_dir() or hidden or parts[0] == "__MACOSX"


def shown_name(member: zipfile.ZipInfo) -> str:
    """The member's path as it may be quoted."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in _named(member)[:500])


def _named(member: zipfile.ZipInfo) -> str:
    """The member's path: in UTF-8 also when the archive does not say that it is.

    Without that word ``zipfile`` takes names for those of DOS; what Info-ZIP adds to them decides.
    """
    if member.flag_bits & _SAYS_UTF8:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    added = _unicode_path(member.extra, raw)
    try:
        return added or raw.decode("utf-8")
    except UnicodeDecodeError:
        return member.filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in the extra field 0x7075, if it is the name of this very member, or ``""``."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field = extra[4 : 4 + size]
        if kind == _UNICODE_PATH and len(field) > 5:
            _, checksum = struct.unpack_from("<BL", field)
            if checksum == zlib.crc32(raw):
                return field[5:].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""
