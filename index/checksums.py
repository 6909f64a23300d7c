"""Checksums: a model's files are hashed once an installation, not at each start.

That a file is whole is noted beside the environment, or in the user's cache where that cannot be
written, together with its size and times: one that was touched since is hashed again. Where
neither can be written, files are hashed each time.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from index.errors import ModelError


def check_sha256(file: Path, expected: str, remedy: str) -> None:
    """Raise ``ModelError`` unless ``file`` is there and its SHA-256 is ``expected``."""
    if not file.is_file():
        raise ModelError(f"{file} is missing: {remedy}")
    notes = [folder / _name(file) for folder in folders()]
    state = file.stat()  # before it is hashed: what changes meanwhile is seen the next time
    note = f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {expected}\n".encode()
    if any(_read(place) == note for place in notes):
        return
    found = sha256(file)
    if found != expected:
        raise ModelError(f"{file} is damaged (its SHA-256 is {found}, not {expected}): {remedy}")
    any(_write(place, note) for place in notes)


def sha256(file: Path) -> str:
    """A file's SHA-256 in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folders() -> list[Path]:
    """Where notes are kept: the first that can be written."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    cache = Path(home) if home else Path(os.path.expanduser("~")) / ".cache"
    return [Path(sys.prefix) / "share" / "pullquote", cache / "pullquote"]


def _name(file: Path) -> str:
    path = os.fsencode(file.resolve())
    return f"{file.name}-{hashlib.sha256(path).hexdigest()[:16]}.checked"


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


def _write(place: Path, note: bytes) -> bool:
    """Whether it could be written: whole, even when another process writes it at the same time."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(note)
            os.replace(temporary, place)
        except OSError:
            os.unlink(temporary)
            raise
    except OSError:
        return False
    return True
