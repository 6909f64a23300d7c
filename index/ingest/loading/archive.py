"""ZIP archives: each file in one is taken like any other. Nothing is written to the disk."""

import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import EmptyArticle, InputError, UnreadableFile
from index.ingest.loading.docx import DocxLoader, is_docx
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits, exceeded
from index.ingest.loading.loaded import Loaded, Refused
from index.ingest.loading.packed import open_archive, read_member

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BETWEEN_PARTS = re.compile(r"[/\\]")
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


class ArchiveLoader:
    """Loads every file in a ZIP with ``load``; a DOCX, which is a ZIP, is one article."""

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
            if is_docx(archive):
                return DocxLoader().load(file, limits)
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
            loaded = Loaded.many(parts, [f"/{_shown(member)}" for member in members])
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
        name = f"{within}/{_shown(member)}"
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
    if _OUTSIDE.search(member.filename):
        why = "has a path that leads out of the archive: pack it again without such paths"
    elif stat.S_ISLNK(member.external_attr >> 16):
        why = "is a link: pack the file that it leads to"
    elif member.flag_bits & 1:
        why = "is encrypted: pack it without a password"
    if why:
        raise UnreadableFile(f"{name!r} {why}", field="file")


def _is_besides(member: zipfile.ZipInfo) -> bool:
    """Whether it is a folder, hidden, or a Mac's notes about the files."""
    parts = _BETWEEN_PARTS.split(member.filename)
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return member.is_dir() or hidden or parts[0] == "__MACOSX"


def _shown(member: zipfile.ZipInfo) -> str:
    """The member's path as it may be quoted."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in member.filename[:500])
