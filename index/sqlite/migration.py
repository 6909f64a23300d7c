"""Migration: a library of the format before, brought to the one of now."""

import sqlite3
from collections.abc import Iterator

import numpy as np

from index.article import Draft, Heading, Paragraph, Span
from index.embedding.sentence_transformers import Embedded
from index.sqlite.schema import FORMAT_VERSION, create_tables
from index.sqlite.writer import Draftsman

TABLES = (
    "token_counts",
    "token_embeddings",
    "sentence_embeddings",
    "sentences",
    "paragraphs",
    "headings",
    "articles",
    "facts",
)
"""The tables of format 1 but for the words, those that refer to others first."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a library of format 1 to this format, within the connection's transaction.

    Articles, structures and embeddings stay what they are. In format 1 every article had its own
    paragraphs and neither author, tags nor pages. One that another process has migrated while we
    waited is left alone.
    """
    if connection.execute("PRAGMA user_version").fetchone()[0] == FORMAT_VERSION:
        return
    facts = dict(connection.execute("SELECT name, value FROM facts"))
    dimensions = int(facts["dimensions"])
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    connection.execute("DROP TABLE words")
    create_tables(connection, facts["embedder"], dimensions)
    change = Draftsman(connection, dimensions)
    for draft, embedded in _old_articles(connection, dimensions):
        change.put(draft, embedded)
    for table in TABLES:
        connection.execute(f"DROP TABLE old_{table}")


def _old_articles(
    connection: sqlite3.Connection, dimensions: int
) -> Iterator[tuple[Draft, list[Embedded]]]:
    rows = connection.execute("SELECT id, title, source, published, text FROM old_articles")
    for article_id, title, source, published, text in rows.fetchall():
        headings = {
            first: Heading(Span(first, last), level)
            for first, last, level in connection.execute(
                "SELECT first, last, level FROM old_headings WHERE article_id = ? ORDER BY first",
                (article_id,),
            )
        }
        paragraphs, embedded = [], []
        for paragraph_id, number, first, last, heading in connection.execute(
            "SELECT id, number, first, last, heading FROM old_paragraphs WHERE article_id = ? "
            "ORDER BY number",
            (article_id,),
        ).fetchall():
            sentences = _sentences(connection, paragraph_id)
            under = headings[heading] if heading is not None else None
            paragraphs.append(Paragraph(number, Span(first, last), sentences, under))
            embedded.append(_embedded(connection, paragraph_id, dimensions))
        own_headings = tuple(headings.values())
        yield Draft(text, tuple(paragraphs), own_headings, title, source, published), embedded


def _sentences(connection: sqlite3.Connection, paragraph_id: int) -> tuple[Span, ...]:
    rows = connection.execute(
        "SELECT first, last FROM old_sentences WHERE paragraph_id = ? ORDER BY first",
        (paragraph_id,),
    )
    return tuple(Span(*row) for row in rows)


def _embedded(connection: sqlite3.Connection, paragraph_id: int, dimensions: int) -> Embedded:
    sentences, token_ids, tokens, token_sentences = connection.execute(
        "SELECT s.sentences, t.token_ids, t.tokens, t.token_sentences FROM "
        "old_sentence_embeddings s JOIN old_token_embeddings t USING (paragraph_id) "
        "WHERE paragraph_id = ?",
        (paragraph_id,),
    ).fetchone()
    return Embedded(
        np.frombuffer(sentences, "<f4").reshape(-1, dimensions),
        np.frombuffer(tokens, np.uint8).reshape(-1, -(-dimensions // 8)),
        np.frombuffer(token_ids, "<i4"),
        np.frombuffer(token_sentences, "<i4"),
    )
