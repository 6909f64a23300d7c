"""The writer: a snapshot that may change the library, an article at a time."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from index.article import Draft
from index.embedding.embedder import Embedded
from index.identity import Identity, library_revision, paragraph_id
from index.ingest.near_duplicates import Signature, clusters, near
from index.sqlite.snapshot import SQLiteSnapshot, checksum

MARKED = "words_hold_removed"
"""The fact that the words' index still holds words of what was removed, marked as gone."""


class SQLiteWriter(SQLiteSnapshot):
    """Changes the library within its connection's transaction; see ``index.engine.Writer``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.erases = False

    def put(
        self,
        draft: Draft,
        identity: Identity,
        embedded: Sequence[Embedded],
        signatures: Sequence[Signature],
    ) -> bool:
        replaced = self._drop_article(identity.article_id, keeping=identity.text_id)
        is_new = not self.holds_text(identity.text_id)
        if is_new:
            self._add_text(identity, draft, embedded, signatures)
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                identity.article_id,
                identity.text_id,
                draft.title,
                draft.source,
                draft.published,
                draft.author,
                identity.fingerprint,
            ),
        )
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?)",
            [(identity.article_id, number, tag) for number, tag in enumerate(draft.tags)],
        )
        if is_new:
            self._add_words(identity.text_id, draft)
        else:
            self._retitle(identity.text_id)
        self._revise(identity.fingerprint, 1)
        return replaced

    def remove(self, article_id: str) -> bool:
        return self._drop_article(article_id)

    def erase(self) -> None:
        """Leave nothing of what was removed in the words' index, which only marks it as gone."""
        self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._db.execute("DELETE FROM facts WHERE name = ?", (MARKED,))

    def mark_removed(self) -> None:
        """Remember, for whoever writes next, that ``erase`` is due."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, '1')", (MARKED,))

    @property
    def holds_removed(self) -> bool:
        """Whether ``erase`` is due."""
        found = self._db.execute("SELECT 1 FROM facts WHERE name = ?", (MARKED,)).fetchone()
        return self.erases or found is not None

    def _drop_article(self, article_id: str, keeping: str | None = None) -> bool:
        """Remove an article, and its text unless another says it or it is the one to keep."""
        fingerprint, text_id = self.fingerprint(article_id), self.text_id(article_id)
        if fingerprint is None or text_id is None:
            return False
        self._db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self._revise(fingerprint, -1)
        self.erases = True
        if self._db.execute("SELECT 1 FROM articles WHERE text_id = ?", (text_id,)).fetchone():
            self._retitle(text_id)
        elif text_id != keeping:
            self._drop_text(text_id)
        return True

    def _add_text(
        self,
        identity: Identity,
        draft: Draft,
        embedded: Sequence[Embedded],
        signatures: Sequence[Signature],
    ) -> None:
        text_id = identity.text_id
        self._db.execute(
            "INSERT INTO texts VALUES (?, ?, ?, ?)",
            (text_id, identity.revision, len(draft.text), draft.text),
        )
        self._db.executemany(
            "INSERT INTO headings VALUES (?, ?, ?, ?)",
            [(text_id, one.span.start, one.span.end, one.level) for one in draft.headings],
        )
        self._add_signatures(signatures)
        parts = list(zip(draft.paragraphs, embedded, signatures, strict=True))
        ids = [paragraph_id(text_id, paragraph.number) for paragraph in draft.paragraphs]
        self._db.executemany(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    own_id,
                    text_id,
                    paragraph.number,
                    paragraph.span.start,
                    paragraph.span.end,
                    paragraph.heading.span.start if paragraph.heading else None,
                    paragraph.page,
                    signature.id,
                )
                for own_id, (paragraph, _, signature) in zip(ids, parts, strict=True)
            ],
        )
        self._db.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?)",
            [
                (own_id, sentence.start, sentence.end)
                for own_id, (paragraph, _, _) in zip(ids, parts, strict=True)
                for sentence in paragraph.sentences
            ],
        )
        self._add_embeddings(ids, embedded)
        self._count("paragraphs", len(ids))

    def _add_embeddings(self, ids: Sequence[int], embedded: Sequence[Embedded]) -> None:
        sentences, tokens = [], []
        counts: Counter[int] = Counter()
        for own_id, own in zip(ids, embedded, strict=True):
            vectors = own.sentences.astype("<f4").tobytes()
            sentences.append((own_id, vectors, checksum(vectors)))
            token_ids = np.unique(own.token_ids).astype("<i4")
            counts.update(token_ids.tolist())
            blobs = (
                token_ids.tobytes(),
                own.tokens.tobytes(),
                own.token_sentences.astype("<i4").tobytes(),
            )
            tokens.append((own_id, *blobs, checksum(*blobs)))
        self._db.executemany("INSERT INTO sentence_embeddings VALUES (?, ?, ?)", sentences)
        self._db.executemany("INSERT INTO token_embeddings VALUES (?, ?, ?, ?, ?)", tokens)
        self._count_tokens(counts.items())

    def _add_words(self, text_id: str, draft: Draft) -> None:
        """Index the words of a text that one article says."""
        rows = [
            (
                paragraph_id(text_id, paragraph.number),
                paragraph.span.of(draft.text),
                paragraph.heading.span.of(draft.text) if paragraph.heading else "",
                draft.title,
            )
            for paragraph in draft.paragraphs
        ]
        rows.sort()  # by ascending id: FTS5 starts anew at a lesser one
        self._db.executemany(
            "INSERT INTO words (rowid, text, heading, title) VALUES (?, ?, ?, ?)", rows
        )

    def _retitle(self, text_id: str) -> None:
        """Index a text's words under the titles of all its articles, where these changed."""
        titles = self._db.execute(
            "SELECT DISTINCT title FROM articles WHERE text_id = ? ORDER BY title", (text_id,)
        )
        title = "\n".join(row[0] for row in titles)
        self._db.execute(
            "UPDATE words SET title = ?1 WHERE rowid IN "
            "(SELECT id FROM paragraphs WHERE text_id = ?2) AND title <> ?1",
            (title, text_id),
        )

    def _drop_text(self, text_id: str) -> None:
        rows = self._db.execute(
            "SELECT t.token_ids FROM token_embeddings t JOIN paragraphs p ON p.id = t.paragraph_id "
            "WHERE p.text_id = ?",
            (text_id,),
        )
        counts = Counter(token for row in rows for token in np.frombuffer(row[0], "<i4").tolist())
        self._count_tokens((token, -count) for token, count in counts.items())
        self._db.execute(
            "DELETE FROM words WHERE rowid IN (SELECT id FROM paragraphs WHERE text_id = ?)",
            (text_id,),
        )
        signature_ids = [
            row[0]
            for row in self._db.execute(
                "SELECT signature_id FROM paragraphs WHERE text_id = ?", (text_id,)
            )
        ]
        self._db.execute("DELETE FROM texts WHERE id = ?", (text_id,))
        self._count("paragraphs", -len(signature_ids))
        for signature_id in dict.fromkeys(signature_ids):
            self._drop_signature(signature_id)

    def _add_signatures(self, signatures: Sequence[Signature]) -> None:
        """Put in those that are not there, each with what is near it in one cluster."""
        given = {signature.id: signature for signature in signatures}
        known = self._clusters(given)
        new = [signature for signature in given.values() if signature.id not in known]
        others = {signature.id: signature for signature in self._beside(new)}
        cluster_of = self._clusters(others)
        by_band = defaultdict(set)
        for other in others.values():
            for band in other.bands:
                by_band[band].add(other.id)
        for signature in new:
            beside = set().union(*(by_band[band] for band in signature.bands))
            found = near(signature, [others[other] for other in beside])
            joined = {cluster_of[other.id] for other in found}
            cluster_of[signature.id] = cluster = min([signature.id, *joined])
            others[signature.id] = signature
            for band in signature.bands:
                by_band[band].add(signature.id)
            self._insert_signature(signature, cluster)
            for gone in joined - {cluster}:
                self._db.execute(
                    "UPDATE signatures SET cluster = ? WHERE cluster = ?", (cluster, gone)
                )
                cluster_of.update({one: cluster for one, old in cluster_of.items() if old == gone})

    def _insert_signature(self, signature: Signature, cluster: int) -> None:
        bands = np.array(signature.bands, "<i8").tobytes()
        self._db.execute(
            "INSERT INTO signatures VALUES (?, ?, ?, ?)",
            (signature.id, signature.values.astype("<u4").tobytes(), bands, cluster),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)",
            [(band, signature.id) for band in signature.bands],
        )

    def _beside(self, signatures: Sequence[Signature]) -> list[Signature]:
        """The signatures that share a band with one of these."""
        bands = [band for signature in signatures for band in signature.bands]
        return self.signatures(
            "WHERE s.id IN (SELECT signature_id FROM bands WHERE band IN "
            "(SELECT value FROM json_each(?)))",
            (str(bands),),
        )

    def _clusters(self, signature_ids: Iterable[int]) -> dict[int, int]:
        return dict(
            self._db.execute(
                "SELECT id, cluster FROM signatures WHERE id IN (SELECT value FROM json_each(?))",
                (str(list(signature_ids)),),
            )
        )

    def _drop_signature(self, signature_id: int) -> None:
        """Remove a signature that no paragraph has, and part what only it held together."""
        if self._db.execute(
            "SELECT 1 FROM paragraphs WHERE signature_id = ?", (signature_id,)
        ).fetchone():
            return
        (cluster,) = self._clusters([signature_id]).values()
        for signature in self.signatures(f"WHERE s.id = {signature_id}"):
            self._db.executemany(
                "DELETE FROM bands WHERE band = ? AND signature_id = ?",
                [(band, signature_id) for band in signature.bands],
            )
        self._db.execute("DELETE FROM signatures WHERE id = ?", (signature_id,))
        for together in clusters(self.signatures(f"WHERE s.cluster = {cluster}")):
            least = min(signature.id for signature in together)
            self._db.executemany(
                "UPDATE signatures SET cluster = ? WHERE id = ?",
                [(least, signature.id) for signature in together],
            )

    def _count_tokens(self, changes: Iterable[tuple[int, int]]) -> None:
        """Keep count of how many paragraphs have a token, for its rarity."""
        changed = list(changes)
        self._db.executemany(
            "INSERT INTO token_counts VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET paragraphs = paragraphs + excluded.paragraphs",
            changed,
        )
        self._db.executemany(
            "DELETE FROM token_counts WHERE token_id = ? AND paragraphs = 0",
            [(token,) for token, change in changed if change < 0],
        )

    def _revise(self, fingerprint: str, change: int) -> None:
        """Name the new content, and count its articles."""
        revision = library_revision([self.revision], change * int(fingerprint, 16))
        self._db.execute("UPDATE facts SET value = ? WHERE name = 'revision'", (revision,))
        self._count("articles", change)

    def _count(self, name: str, change: int) -> None:
        self._db.execute(
            "UPDATE facts SET value = CAST(value + ? AS TEXT) WHERE name = ?", (change, name)
        )
