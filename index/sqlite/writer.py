"""Draftsmen: views that may change the library, an article at a time."""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple

import numpy as np

from index.article import Article, Draft, Heading, Paragraph, id_of, revision_of
from index.embedding.sentence_transformers import Embedded
from index.ingest.near_duplicates import Sketch, clusters, near, sketches_of
from index.sqlite.snapshot import View, checksum


class Draftsman(View):
    """A view that may change the library."""

    def __init__(self, connection: sqlite3.Connection, dimensions: int) -> None:
        super().__init__(connection, dimensions)
        self.erases = False

    def put(self, draft: Draft, embedded: Sequence[Embedded]) -> tuple[Article, bool]:
        """Put an article in, and whether it takes the place of another with its id.

        ``embedded`` are its paragraphs; they are not looked at when the library holds the text.
        """
        article_id, text_id, mark = id_of(draft), text_id_of(draft), fingerprint(draft)
        replaced = self._drop_article(article_id, keeping=text_id)
        if not self.holds_text(text_id):
            self._add_text(text_id, draft, embedded)
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                article_id,
                text_id,
                draft.title,
                draft.source,
                draft.published,
                draft.author,
                mark,
            ),
        )
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?)",
            [(article_id, number, tag) for number, tag in enumerate(draft.tags)],
        )
        self._title(text_id)
        self._revise(int(mark, 16))
        article = self.article(article_id)
        assert article  # noqa: S101 - it was put in above
        return article, replaced

    def remove(self, article_id: str) -> bool:
        """Take an article out with all that came of it; False when there is none."""
        return self._drop_article(article_id)

    def finish(self) -> None:
        """Leave nothing of what was removed in the words' index, which only marks it as gone."""
        if self.erases:
            self._db.execute("INSERT INTO words (words) VALUES ('optimize')")

    def _drop_article(self, article_id: str, keeping: str | None = None) -> bool:
        """Take an article out, and its text unless another says it or it is the one to keep."""
        mark, text_id = self.fingerprint(article_id), self.text_id(article_id)
        if mark is None or text_id is None:
            return False
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self._revise(-int(mark, 16))
        self.erases = True
        if self._db.execute("SELECT 1 FROM articles WHERE text_id = ?", (text_id,)).fetchone():
            self._title(text_id)
        elif text_id != keeping:
            self._drop_text(text_id)
        return True

    def _add_text(self, text_id: str, draft: Draft, embedded: Sequence[Embedded]) -> None:
        self._db.execute(
            "INSERT INTO texts VALUES (?, ?, ?)", (text_id, draft.text, revision_of(draft.text))
        )
        self._db.executemany(
            "INSERT INTO headings VALUES (?, ?, ?, ?)",
            [
                (text_id, heading.span.start, heading.span.end, heading.level)
                for heading in draft.headings
            ],
        )
        sketches = sketches_of(draft)
        for paragraph, own, sketch in zip(draft.paragraphs, embedded, sketches, strict=True):
            self._add_sketch(sketch)
            self._add_paragraph(text_id, paragraph, own, sketch.id)
        self._count_tokens(text_id, 1)

    def _add_paragraph(
        self, text_id: str, paragraph: Paragraph, embedded: Embedded, sketch_id: int
    ) -> None:
        paragraph_id = _paragraph_id(text_id, paragraph.number)
        self._db.execute(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                paragraph_id,
                text_id,
                paragraph.number,
                paragraph.span.start,
                paragraph.span.end,
                paragraph.heading.span.start if paragraph.heading else None,
                paragraph.page,
                sketch_id,
            ),
        )
        self._db.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?)",
            [(paragraph_id, sentence.start, sentence.end) for sentence in paragraph.sentences],
        )
        sentences = embedded.sentences.astype("<f4").tobytes()
        self._db.execute(
            "INSERT INTO sentence_embeddings VALUES (?, ?, ?)",
            (paragraph_id, sentences, checksum(sentences)),
        )
        tokens = (
            np.unique(embedded.token_ids).astype("<i4").tobytes(),
            embedded.tokens.tobytes(),
            embedded.token_sentences.astype("<i4").tobytes(),
        )
        self._db.execute(
            "INSERT INTO token_embeddings VALUES (?, ?, ?, ?, ?)",
            (paragraph_id, *tokens, checksum(*tokens)),
        )

    def _title(self, text_id: str) -> None:
        """Index a text's words under the titles of all its articles, where these changed."""
        titles = self._db.execute(
            "SELECT DISTINCT title FROM articles WHERE text_id = ? ORDER BY title", (text_id,)
        )
        title = "\n".join(row[0] for row in titles)
        text = self._db.execute("SELECT text FROM texts WHERE id = ?", (text_id,)).fetchone()[0]
        rows = self._db.execute(
            "SELECT p.id, p.first, p.last, h.first, h.last, w.title FROM paragraphs p "
            "LEFT JOIN headings h ON h.text_id = p.text_id AND h.first = p.heading "
            "LEFT JOIN words w ON w.rowid = p.id WHERE p.text_id = ? ORDER BY p.id",
            (text_id,),
        ).fetchall()  # by ascending id: FTS5 starts anew at a lesser one
        for paragraph_id, first, last, heading_first, heading_last, indexed in rows:
            if indexed is None:
                heading = "" if heading_first is None else text[heading_first:heading_last]
                self._db.execute(
                    "INSERT INTO words (rowid, text, heading, title) VALUES (?, ?, ?, ?)",
                    (paragraph_id, text[first:last], heading, title),
                )
            elif indexed != title:
                self._db.execute(
                    "UPDATE words SET title = ? WHERE rowid = ?", (title, paragraph_id)
                )

    def _drop_text(self, text_id: str) -> None:
        self._count_tokens(text_id, -1)
        self._db.execute(
            "DELETE FROM words WHERE rowid IN (SELECT id FROM paragraphs WHERE text_id = ?)",
            (text_id,),
        )
        sketch_ids = [
            row[0]
            for row in self._db.execute(
                "SELECT DISTINCT sketch_id FROM paragraphs WHERE text_id = ?", (text_id,)
            )
        ]
        self._db.execute("DELETE FROM texts WHERE id = ?", (text_id,))
        for sketch_id in sketch_ids:
            self._drop_sketch(sketch_id)

    def _add_sketch(self, sketch: Sketch) -> None:
        """Put a sketch in unless it is there, with what is near it in one cluster."""
        if self._db.execute("SELECT 1 FROM sketches WHERE id = ?", (sketch.id,)).fetchone():
            return
        beside = near(sketch, self.sketches_beside(sketch))
        joined = self.clusters_of(other.id for other in beside)
        cluster = min([sketch.id, *joined])
        self._db.execute(
            "INSERT INTO sketches VALUES (?, ?, ?)",
            (sketch.id, sketch.signature.tobytes(), cluster),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)",
            [(band, sketch.id) for band in sketch.bands],
        )
        for other in joined - {cluster}:
            self._db.execute("UPDATE sketches SET cluster = ? WHERE cluster = ?", (cluster, other))

    def _drop_sketch(self, sketch_id: int) -> None:
        """Take a sketch out that no paragraph has, and part what only it held together."""
        if self._db.execute(
            "SELECT 1 FROM paragraphs WHERE sketch_id = ?", (sketch_id,)
        ).fetchone():
            return
        (cluster,) = self.clusters_of([sketch_id])
        self._db.execute("DELETE FROM sketches WHERE id = ?", (sketch_id,))
        for together in clusters(self.sketches("WHERE s.cluster = ?", (cluster,))):
            least = min(sketch.id for sketch in together)
            self._db.executemany(
                "UPDATE sketches SET cluster = ? WHERE id = ?",
                [(least, sketch.id) for sketch in together],
            )

    def _count_tokens(self, text_id: str, change: int) -> None:
        """Keep count of how many paragraphs have a token, for its rarity."""
        rows = self._db.execute(
            "SELECT t.token_ids FROM token_embeddings t JOIN paragraphs p ON p.id = t.paragraph_id "
            "WHERE p.text_id = ?",
            (text_id,),
        )
        counts = Counter(token for row in rows for token in np.frombuffer(row[0], "<i4").tolist())
        self._db.executemany(
            "INSERT INTO token_counts VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET paragraphs = paragraphs + excluded.paragraphs",
            [(token, change * count) for token, count in counts.items()],
        )
        self._db.execute("DELETE FROM token_counts WHERE paragraphs = 0")

    def _revise(self, difference: int) -> None:
        """Name the new content: the sum of the articles' fingerprints modulo 2^256.

        A sum does not depend on the order and can be kept up to date article by article
        (Bellare and Micciancio 1997, "A new paradigm for collision-free hashing", AdHash).
        """
        revision = library_revision([self.revision], difference)
        self._db.execute("UPDATE facts SET value = ? WHERE name = 'revision'", (revision,))


def library_revision(marks: Iterable[str], difference: int = 0) -> str:
    """The revision of a library with articles of these fingerprints."""
    return format((sum(int(mark, 16) for mark in marks) + difference) % (1 << 256), "064x")


def text_id_of(draft: Draft) -> str:
    """Names a draft's text with its structure: 64 hexadecimal digits, the same for the same."""
    return _digest(
        revision_of(draft.text),
        [_paragraph_parts(paragraph) for paragraph in draft.paragraphs],
        [_heading_parts(heading) for heading in draft.headings],
    )


def fingerprint(draft: Draft) -> str:
    """The SHA-256 of all that a library keeps of a draft, in 64 hexadecimal digits."""
    return _digest(
        id_of(draft),
        text_id_of(draft),
        draft.title,
        draft.source,
        draft.published,
        draft.author,
        draft.tags,
    )


def _paragraph_parts(paragraph: Paragraph) -> list[object]:
    return [
        paragraph.number,
        astuple(paragraph.span),
        [astuple(sentence) for sentence in paragraph.sentences],
        _heading_parts(paragraph.heading) if paragraph.heading else None,
        paragraph.page,
    ]


def _heading_parts(heading: Heading) -> list[object]:
    return [*astuple(heading.span), heading.level]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _paragraph_id(text_id: str, number: int) -> int:
    """63 bits that name the paragraph's content and place, whenever and wherever it is added.

    So an id never comes to mean another paragraph, and the order of ids, which parts what is
    equal otherwise, is that of any library with the same articles.
    """
    digest = hashlib.sha256(f"{text_id}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
