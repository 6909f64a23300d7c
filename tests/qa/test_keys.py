import hashlib
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import InputError, LibraryCorrupt, LibraryError, LibraryLocked
from qa.keys import SHOWN, Keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "library")


def test_a_key_that_was_made_is_known_by_what_was_shown(keys: Keys) -> None:
    key, shown = keys.create("laptop", ["write", "read"])

    assert keys.holder(shown) == key
    assert (key.name, key.scopes) == ("laptop", ("read", "write"))
    assert keys.all() == [key]


def test_a_key_has_256_random_bits(keys: Keys) -> None:
    shown = [keys.create("", ["read"])[1] for _ in range(5)]

    secrets = {SHOWN.fullmatch(one)[2] for one in shown}  # type: ignore[index]  # it matches
    assert len(secrets) == 5
    assert {len(secret) * 6 // 8 for secret in secrets} == {32}


def test_only_a_hash_is_kept(keys: Keys) -> None:
    key, shown = keys.create("", ["read"])
    secret = shown.removeprefix(f"pq_{key.id}_").encode()

    written = keys.path.read_bytes()
    assert secret not in written
    assert hashlib.sha256(secret).digest() in written


def test_nobody_but_the_owner_may_read_the_file(keys: Keys) -> None:
    keys.create("", ["read"])
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600

    keys.path.chmod(0o644)
    keys.create("", ["read"])
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("end", ["", "A", "é", "\n", "_"])
def test_another_secret_is_not_known(keys: Keys, end: str) -> None:
    _, shown = keys.create("", ["read"])
    other = shown[:-1] + end if shown[-1] != end else shown[:-1] + "B"

    assert keys.holder(other) is None


def test_one_key_s_secret_does_not_open_with_another_s_id(keys: Keys) -> None:
    first, shown = keys.create("", ["read"])
    second, _ = keys.create("", ["write"])

    assert keys.holder(shown.replace(first.id, second.id)) is None


def test_without_a_file_no_key_is_known_and_none_is_made(keys: Keys) -> None:
    assert keys.holder(f"pq_{'0' * 16}_{'A' * 43}") is None
    assert keys.all() == []
    assert not keys.path.parent.exists()


def test_an_unknown_id_is_not_known(keys: Keys) -> None:
    keys.create("", ["read"])

    assert keys.holder(f"pq_{'0' * 16}_{'A' * 43}") is None


def test_a_revoked_key_is_unknown_at_once_and_the_others_hold(keys: Keys) -> None:
    first, shown_first = keys.create("", ["read"])
    second, shown_second = keys.create("", ["read"])

    assert Keys(keys.path.parent).revoke(first.id) == first

    assert keys.holder(shown_first) is None
    assert keys.holder(shown_second) == second


def test_a_key_that_is_not_there_cannot_be_revoked(keys: Keys) -> None:
    with pytest.raises(InputError, match="no key has the id 'x': list the keys") as error:
        keys.revoke("x")

    assert error.value.field == "id"


@pytest.mark.parametrize("name", ["a\nb", "\x1b[2J", "x" * 101])
def test_a_name_that_cannot_be_listed_is_refused(keys: Keys, name: str) -> None:
    with pytest.raises(InputError, match="cannot be listed: give one of at most 100 printable"):
        keys.create(name, ["read"])

    assert not keys.path.exists()


def test_a_scope_that_does_not_exist_is_refused(keys: Keys) -> None:
    with pytest.raises(InputError, match="there is no scope 'admin': give read or write"):
        keys.create("", ["read", "admin"])

    assert keys.all() == []


def test_a_damaged_file_opens_nothing_and_is_named(keys: Keys) -> None:
    _, shown = keys.create("", ["read"])
    keys.path.write_bytes(b"not a database at all" * 100)

    with pytest.raises(LibraryCorrupt, match=r"keys\.sqlite3' are damaged .* make the keys anew"):
        keys.holder(shown)


def test_a_file_without_the_table_opens_nothing(keys: Keys) -> None:
    keys.path.parent.mkdir()
    keys.path.touch()

    with pytest.raises(LibraryError, match=r"cannot be opened \(no such table: keys\)"):
        keys.all()


def test_a_change_that_another_process_holds_up_is_told(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.keys.LOCK_SECONDS", 0.01)
    keys.create("", ["read"])
    with closing(sqlite3.connect(keys.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryLocked, match=r"changing the keys in '.*keys\.sqlite3': try"):
            keys.create("", ["read"])


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(LibraryError, match=r"cannot be kept \(.*\): run this as the library's"):
        Keys(tmp_path / "file" / "library").create("", ["read"])
