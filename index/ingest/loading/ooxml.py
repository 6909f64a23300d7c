"""What DOCX, PPTX, XLSX, EPUB and OpenDocument have in common: XML, packed in a ZIP."""

import zipfile
from collections.abc import Callable
from typing import Any

from index.errors import UnreadableFile
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.packed import check_ratio, open_archive


def check_package(
    file: File, limits: Limits, holds: Callable[[zipfile.ZipFile], bool], format_: str
) -> None:
    """Raises ``UnreadableFile`` or ``LimitExceeded`` before anything is unpacked."""
    with open_archive(file.data, file.name) as archive:
        members = archive.infolist()
        if not holds(archive):
            raise UnreadableFile(
                f"{file.name!r} is no {format_}: save it as one, or give it the name of its format",
                field="file",
            )
    limits.check("max_archive_members", len(members), file.name, "parts")
    size = sum(member.file_size for member in members)
    limits.check("max_unpacked_bytes", size, file.name, "bytes when unpacked")
    for member in members:
        check_ratio(member, file.name, limits)


def holds_part(archive: zipfile.ZipFile, beginning: str) -> bool:
    """Whether an Office file has a part whose name begins so."""
    names = archive.NameToInfo
    return "[Content_Types].xml" in names and any(
        name.startswith(beginning) and name.endswith(".xml") for name in names
    )


def mime_type(archive: zipfile.ZipFile) -> str:
    """What the member ``mimetype`` says, which EPUB and OpenDocument begin with, or ``""``."""
    member = archive.NameToInfo.get("mimetype")
    if member is None or member.file_size > 200 or member.flag_bits & 1:
        return ""
    try:
        return archive.read(member).decode("ascii", "ignore").strip()
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError):
        return ""


def parse_xml(data: bytes) -> Any:
    """The root of an XML part, in which no entity is expanded and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)
