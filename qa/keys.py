"""API keys: shown once when they are made, and kept as hashes in a file beside the catalogue."""

import hashlib
import hmac
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from index.errors import InputError, LibraryCorrupt, LibraryError, LibraryLocked

Scope = Literal["read", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

FILE_NAME = "keys.sqlite3"
LOCK_SECONDS = 1.0
"""How long a change waits for another one, and a request for a change."""

ID_BYTES = 8
SECRET_BYTES = 32
"""256 random bits: nothing to guess, so that one round of SHA-256 hides them well enough."""

LONGEST_NAME = 100

SHOWN = re.compile(r"pq_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")

SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created TEXT NOT NULL,
    hash BLOB NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is listed; ``created`` is a time in UTC, as in ISO 8601."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created: str


class Keys:
    """The keys of the library in a folder. A change holds for the very next request.

    Every method raises ``LibraryCorrupt`` for a file that is damaged, ``LibraryLocked`` when
    another process is changing it, and ``LibraryError`` for one that cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def create(self, name: str, scopes: Iterable[str]) -> tuple[Key, str]:
        """A new key, and what its holder is to send, which cannot be had again.

        Raises ``InputError`` (field ``name`` or ``scope``) for a name that does not fit on a line
        and for a scope that does not exist.
        """
        given = tuple(scopes)
        for scope in given:
            if scope not in SCOPES:
                raise InputError(
                    f"there is no scope {scope!r}: give {' or '.join(SCOPES)}", "scope"
                )
        if not name.isprintable() or len(name) > LONGEST_NAME:
            raise InputError(
                f"the name {name[:LONGEST_NAME]!r} cannot be listed: give one of at most "
                f"{LONGEST_NAME} printable characters",
                "name",
            )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        key = Key(
            id=secrets.token_hex(ID_BYTES),
            name=name,
            scopes=_ordered(given),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        row = (key.id, key.name, " ".join(key.scopes), key.created, _hash(secret))
        with self._changing() as connection:
            connection.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?)", row)
        return key, f"pq_{key.id}_{secret}"

    def all(self) -> list[Key]:
        """The keys that hold, the oldest first."""
        with self._reading() as connection:
            rows = connection.execute("SELECT id, name, scopes, created FROM keys ORDER BY rowid")
            return [_key(*row) for row in rows]

    def revoke(self, key_id: str) -> Key:
        """Take a key away. Raises ``InputError`` (field ``id``) when there is none of this id."""
        revoked = [key for key in self.all() if key.id == key_id]
        if not revoked:
            raise InputError(
                f"no key has the id {key_id!r}: list the keys with 'pullquote keys list'", "id"
            )
        with self._changing() as connection:
            connection.execute("DELETE FROM keys WHERE id = ?", (key_id,))
        return revoked[0]

    def holder(self, shown: str) -> Key | None:
        """The key that was shown, if it is one that holds; compared in constant time."""
        parts = SHOWN.fullmatch(shown)
        if not parts:
            return None
        with self._reading() as connection:
            row = connection.execute(
                "SELECT hash, id, name, scopes, created FROM keys WHERE id = ?", (parts[1],)
            ).fetchone()
        kept, *rest = row or (bytes(hashlib.sha256().digest_size),)
        same = hmac.compare_digest(_hash(parts[2]), kept)
        return _key(*rest) if same and row else None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """The keys, or none while there is no file."""
        if not self.path.exists():
            with closing(sqlite3.connect(":memory:")) as connection:
                connection.execute(SCHEMA)
                yield connection
            return
        with self._explained(), closing(self._connect("ro")) as connection:
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._explained():
            self._make_private()
            with closing(self._connect("rw")) as connection, connection:
                connection.execute(SCHEMA)
                yield connection

    def _connect(self, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=LOCK_SECONDS)

    def _make_private(self) -> None:
        """Only the file's owner may read it, from before anything is in it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self.path.chmod(0o600)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Says which file is wrong, and what to do about it."""
        path = str(self.path)
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise LibraryLocked(
                    f"another process is changing the keys in {path!r}: try again"
                ) from error
            raise LibraryError(
                f"the keys in {path!r} cannot be opened ({error}): run this as the file's owner, "
                "who must be allowed to write in its folder"
            ) from error
        except sqlite3.DatabaseError as error:
            raise LibraryCorrupt(
                f"the keys in {path!r} are damaged ({error}): move the file away and make the "
                "keys anew with 'pullquote keys create'"
            ) from error
        except OSError as error:
            raise LibraryError(
                f"the keys in {path!r} cannot be kept ({error.strerror}): run this as the "
                "library's owner"
            ) from error


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()


def _key(key_id: str, name: str, scopes: str, created: str) -> Key:
    return Key(key_id, name, _ordered(scopes.split()), created)


def _ordered(scopes: Sequence[str]) -> tuple[Scope, ...]:
    return tuple(scope for scope in SCOPES if scope in scopes)
