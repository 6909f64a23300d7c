"""Checksums: what is hashed once, what again, and where it is noted."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import checksums
from index.checksums import check_sha256, folders, sha256
from index.errors import ModelError

CONTENT = b"weights"
GOOD = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders for notes that are this test's own."""
    own = [tmp_path / "first" / "pullquote", tmp_path / "second" / "pullquote"]
    monkeypatch.setattr(checksums, "folders", lambda: own)
    return own


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were hashed, in order."""
    seen: list[Path] = []

    def hash_(path: Path) -> str:
        seen.append(path)
        return sha256(path)

    monkeypatch.setattr(checksums, "sha256", hash_)
    return seen


def test_a_file_that_is_whole_is_hashed_once(
    file: Path, places: list[Path], hashed: list[Path]
) -> None:
    for _ in range(3):
        check_sha256(file, GOOD, "")
    assert hashed == [file]
    assert list(places[0].iterdir())
    assert not places[1].exists()


@pytest.mark.parametrize("touch", ["content", "size", "time"])
def test_a_file_that_was_touched_is_hashed_again(
    file: Path, places: list[Path], hashed: list[Path], touch: str
) -> None:
    check_sha256(file, GOOD, "")
    before = os.stat(file)
    if touch == "content":  # as a restorer of backups would: the times put back
        file.write_bytes(b"weighty")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    if touch == "size":
        file.write_bytes(CONTENT + b"!")
    if touch == "time":
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        check_sha256(file, GOOD, "")
    else:
        with pytest.raises(ModelError, match="is damaged"):
            check_sha256(file, GOOD, "reinstall it")
    assert len(hashed) == 2


def test_a_damaged_file_is_hashed_each_time_and_told_with_the_remedy(
    file: Path, places: list[Path], hashed: list[Path]
) -> None:
    other = "0" * 64
    for _ in range(2):
        with pytest.raises(
            ModelError, match=rf"is damaged \(its SHA-256 is {GOOD}, not {other}\): reinstall it"
        ):
            check_sha256(file, other, "reinstall it")
    assert len(hashed) == 2


def test_one_files_note_speaks_for_no_other(file: Path, places: list[Path]) -> None:
    check_sha256(file, GOOD, "")
    copy = file.parent / "copy" / file.name
    copy.parent.mkdir()
    os.link(file, copy)  # the same size, times and name
    copy.unlink()
    copy.write_bytes(b"another")
    with pytest.raises(ModelError, match="is damaged"):
        check_sha256(copy, GOOD, "")


def test_a_file_that_is_not_there_is_told_with_the_remedy(file: Path, places: list[Path]) -> None:
    check_sha256(file, GOOD, "")
    file.unlink()
    with pytest.raises(ModelError, match=r"model.safetensors is missing: reinstall it"):
        check_sha256(file, GOOD, "reinstall it")


def test_where_a_folder_cannot_be_made_the_next_is_taken(
    file: Path, places: list[Path], hashed: list[Path]
) -> None:
    places[0].parent.write_bytes(b"a file in its way")
    for _ in range(2):
        check_sha256(file, GOOD, "")
    assert (len(hashed), len(list(places[1].iterdir()))) == (1, 1)


def test_where_none_can_be_made_files_are_hashed_each_time(
    file: Path, places: list[Path], hashed: list[Path]
) -> None:
    for place in places:
        place.parent.write_bytes(b"a file in its way")
    for _ in range(2):
        check_sha256(file, GOOD, "")
    assert len(hashed) == 2


@pytest.mark.parametrize("note", [b"", b"\xff\x00", b"7 1 2 " + GOOD.encode()])
def test_a_note_that_is_not_whole_is_none(
    file: Path, places: list[Path], hashed: list[Path], note: bytes
) -> None:
    check_sha256(file, GOOD, "")
    (kept,) = places[0].iterdir()
    kept.write_bytes(note)
    check_sha256(file, GOOD, "")
    assert len(hashed) == 2


def test_many_may_check_a_file_at_once_and_leave_one_note(file: Path, places: list[Path]) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(check_sha256, file, GOOD, "") for _ in range(40)]:
            done.result()
    assert len(list(places[0].iterdir())) == 1


def test_notes_are_kept_beside_the_environment_or_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folders() == [
        tmp_path / "venv" / "share" / "pullquote",
        tmp_path / "cache" / "pullquote",
    ]
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert folders()[1] == tmp_path / "home" / ".cache" / "pullquote"
