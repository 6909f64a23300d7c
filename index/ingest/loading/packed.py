"""What is packed in a ZIP, unpacked in memory and within limits."""

import io
import zipfile

from index.ingest.loading.damage import refusing
from index.ingest.loading.limits import Limits

LARGE = 100_000
"""From so many bytes on a member's ratio is looked at: small texts may repeat themselves."""


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Raises ``UnreadableFile``."""
    with refusing(name, "ZIP"):
        return zipfile.ZipFile(io.BytesIO(data))


def read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits
) -> bytes:
    """A member's bytes, never more than it says that it has.

    Raises ``LimitExceeded`` or ``UnreadableFile``.
    """
    check_ratio(member, name, limits)
    limits.check("max_file_bytes", member.file_size, name, "bytes")
    with refusing(name, "a file in a ZIP"), archive.open(member) as packed:
        return packed.read(member.file_size)


def check_ratio(member: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    """Raises ``LimitExceeded`` for a large member that is packed too well to be honest."""
    if member.file_size > LARGE:
        ratio = member.file_size // max(1, member.compress_size)
        limits.check("max_unpacked_ratio", ratio, name, "times its size when unpacked")
