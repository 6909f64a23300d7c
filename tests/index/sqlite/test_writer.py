"""Changing a library: what is taken out is gone from every byte of its files."""

import re
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.article import Draft
from index.ingest.loading import draft_of_text
from index.sqlite.catalogue import Catalogue
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder

COMMON = "The ferry to the harbour leaves at noon and the old pier is mended until spring."


def _secret(seed: int, sentences: int) -> Draft:
    """An article whose every word, in text and metadata, is found nowhere else."""
    rng = np.random.default_rng(seed)

    def word() -> str:
        return "q" + "".join(rng.choice(list("bcdfghjklmnpqrstvwxz"), 9))

    text = "\n\n".join(
        f"{' '.join(word() for _ in range(8)).capitalize()}. {word()} {word()} {word()}."
        for _ in range(sentences)
    )
    draft = draft_of_text(text, title=f"{word()} {word()}", source=f"https://{word()}.example/")
    return replace(draft, author=word(), tags=(word(), word()))


def _traces(draft: Draft) -> list[bytes]:
    """What would betray an article: its words and their stems, and its vectors."""
    said = " ".join((draft.text, draft.title, draft.author or "", *draft.tags, draft.source or ""))
    words = {word.lower()[:9].encode() for word in re.findall(r"q\w{9}", said, re.IGNORECASE)}
    vectors = []
    for paragraph in draft.paragraphs:
        for sentence in paragraph.sentences:
            vector = WordEmbedder().embed_query(sentence.of(draft.text)).vector
            vectors.append(vector.astype("<f4").tobytes()[:24])
        states = WordEmbedder().embed_query(paragraph.span.of(draft.text)).tokens
        vectors.append(np.packbits(states > 0, axis=1).tobytes()[:16])
    return [*words, *vectors]


def _found(folder: Path, traces: list[bytes]) -> list[tuple[str, bytes]]:
    """Which traces stand in which of the library's files, in any case."""
    found = []
    for file in folder.iterdir():
        data = file.read_bytes()
        lower = data.lower()
        found += [
            (file.name, trace)
            for trace in traces
            if trace in data or (trace.isalpha() and trace in lower)
        ]
    return found


def _others(library: SQLiteLibrary, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        library.add(draft_of_text(f"{COMMON} {number}.\n\nMore {number}.", source=f"{number}"))


@pytest.mark.parametrize(("seed", "sentences"), [(1, 1), (2, 3), (3, 40)])
def test_nothing_of_a_removed_article_is_left_in_any_file(
    folder: Path, library: SQLiteLibrary, seed: int, sentences: int
) -> None:
    _others(library, 6)
    secret = _secret(seed, sentences)
    article = library.add(secret).article
    _others(library, 6, first=6)
    traces = _traces(secret)
    assert {trace for _, trace in _found(folder, traces)} == set(traces)
    library.remove(article.id)
    assert _found(folder, traces) == []
    assert library.counts()[0] == 12


def test_nothing_of_a_replaced_text_is_left(folder: Path, library: SQLiteLibrary) -> None:
    _others(library, 3)
    secret = _secret(5, 20)
    library.add(secret)
    library.add(replace(draft_of_text(COMMON, title="-"), source=secret.source))
    traces = _traces(replace(secret, source=None))
    assert _found(folder, traces) == []


def test_nothing_of_a_replaced_title_is_left_though_the_text_is(
    folder: Path, library: SQLiteLibrary
) -> None:
    draft = draft_of_text(COMMON, title="Qxcvbnmlkj", source="a")
    library.add(draft)
    library.add(replace(draft, title="Other"))
    assert _found(folder, [b"qxcvbnmlk"]) == []
    assert library.search("ferry", 1).passages[0].text == COMMON


def test_what_a_reader_of_an_older_revision_still_needs_goes_after_the_next_change(
    folder: Path, library: SQLiteLibrary
) -> None:
    secret = _secret(6, 3)
    article = library.add(secret).article
    impatient = Catalogue(folder, WordEmbedder(), create=False, wait=0.1)
    with impatient.reading() as view:
        assert view.article(article.id)
        with impatient.writing() as change:
            assert change.remove(article.id)
        assert view.article(article.id)
    with impatient.writing():
        pass
    assert _found(folder, _traces(secret)) == []


def test_a_removed_text_cannot_be_found_by_its_words_or_vectors(library: SQLiteLibrary) -> None:
    _others(library, 3)
    secret = _secret(7, 2)
    article = library.add(secret).article
    assert library.search(secret.text[:40], 5).passages[0].article == article
    library.remove(article.id)
    for by in ("fused", "words", "vectors"):
        found = library.search(secret.text[:40], 50, by=by).passages
        assert all(passage.article.source in ("0", "1", "2") for passage in found)


def test_removals_at_once_leave_nothing(folder: Path, library: SQLiteLibrary) -> None:
    secrets = [_secret(seed, 2) for seed in range(10, 14)]
    ids = [library.add(secret).article.id for secret in secrets]
    threads = [threading.Thread(target=library.remove, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _found(folder, [trace for secret in secrets for trace in _traces(secret)]) == []
