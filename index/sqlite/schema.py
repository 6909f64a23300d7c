"""The form of a library's SQLite file.

A text, with its structure and all that is made of it, is kept once, however many articles say
it. Everything but ``texts``, ``headings``, ``paragraphs``, ``sentences``, ``articles`` and
``tags`` is derived and can be made anew.
"""

import sqlite3

FILE_NAME = "catalogue.sqlite3"
FORMAT_VERSION = 3
OLDEST_READABLE = 2
"""The oldest format whose articles can be read, so that a rebuild brings it to this one."""

APPLICATION_ID = 0x50554C4C  # "PULL", so that `file` and we can tell a library

STATEMENTS = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE texts (
        id TEXT PRIMARY KEY,
        revision TEXT NOT NULL,
        characters INTEGER NOT NULL,
        text TEXT NOT NULL
    )""",
    """CREATE TABLE articles (
        id TEXT PRIMARY KEY,
        text_id TEXT NOT NULL REFERENCES texts,
        title TEXT NOT NULL,
        source TEXT,
        published TEXT,
        author TEXT,
        fingerprint TEXT NOT NULL
    )""",
    "CREATE INDEX articles_of_text ON articles (text_id, id)",
    "CREATE INDEX articles_by_title ON articles (title, id)",
    """CREATE TABLE tags (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
        number INTEGER NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (article_id, number)
    ) WITHOUT ROWID""",
    """CREATE TABLE headings (
        text_id TEXT NOT NULL REFERENCES texts ON DELETE CASCADE,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        level INTEGER NOT NULL,
        PRIMARY KEY (text_id, first)
    ) WITHOUT ROWID""",
    """CREATE TABLE signatures (
        id INTEGER PRIMARY KEY,
        minhash BLOB NOT NULL,
        bands BLOB NOT NULL,
        cluster INTEGER NOT NULL
    )""",
    "CREATE INDEX signatures_of_cluster ON signatures (cluster)",
    """CREATE TABLE bands (
        band INTEGER NOT NULL,
        signature_id INTEGER NOT NULL,
        PRIMARY KEY (band, signature_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE paragraphs (
        id INTEGER PRIMARY KEY,
        text_id TEXT NOT NULL REFERENCES texts ON DELETE CASCADE,
        number INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        heading INTEGER,
        page INTEGER,
        signature_id INTEGER NOT NULL REFERENCES signatures,
        UNIQUE (text_id, number)
    )""",
    "CREATE INDEX paragraphs_of_signature ON paragraphs (signature_id)",
    """CREATE TABLE sentences (
        paragraph_id INTEGER NOT NULL REFERENCES paragraphs ON DELETE CASCADE,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (paragraph_id, first)
    ) WITHOUT ROWID""",
    """CREATE TABLE sentence_embeddings (
        paragraph_id INTEGER PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
        sentences BLOB NOT NULL,
        checksum INTEGER NOT NULL
    )""",
    """CREATE TABLE token_embeddings (
        paragraph_id INTEGER PRIMARY KEY REFERENCES paragraphs ON DELETE CASCADE,
        token_ids BLOB NOT NULL,
        tokens BLOB NOT NULL,
        token_sentences BLOB NOT NULL,
        checksum INTEGER NOT NULL
    )""",
    "CREATE TABLE token_counts (token_id INTEGER PRIMARY KEY, paragraphs INTEGER NOT NULL)",
    """CREATE VIRTUAL TABLE words USING fts5 (
        text, heading, title, tokenize = 'porter unicode61 remove_diacritics 2'
    )""",
)


def create_tables(connection: sqlite3.Connection, embedder: str, dimensions: int) -> None:
    """Make an empty library for an embedder, within the connection's transaction."""
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
    facts = {
        "embedder": embedder,
        "dimensions": str(dimensions),
        "revision": "0" * 64,
        "articles": "0",
        "paragraphs": "0",
    }
    connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
