"""The library: taking in, taking out, and ranked passages against an independent reference."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from index.article import Draft, Filters, Span, id_of, revision_of
from index.embedding.embedder import Embedded, ParagraphText
from index.engine import EngineLibrary
from index.errors import ArticleNotFound, ModelError
from index.ingest.loading import draft_of_text
from index.library import Found
from index.search import candidates, passages, ranking
from index.search.ranking import By
from index.search.snapshot import FIELD_WEIGHTS
from tests.fakes import DIMENSIONS, WordEmbedder, all_articles
from tests.index.contract.conftest import NewLibrary

VOCABULARY = [f"{a}{b}{c}" for a in "bdgk" for b in "ao" for c in "xzv"]
FERRY = "The ferry to Skye leaves at noon. It is called Elan.\n\nTickets cost 12 pounds."
MUSEUM = "The museum of Bath opened in 1893. Its founder was Ada Hill."


def _texts(articles: int, seed: int = 1) -> list[str]:
    """Texts of three paragraphs of one to three sentences of random words."""
    rng = np.random.default_rng(seed)

    def sentence() -> str:
        return " ".join(rng.choice(VOCABULARY, int(rng.integers(3, 9)))).capitalize() + "."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(int(rng.integers(1, 4))))

    return ["\n\n".join(paragraph() for _ in range(3)) for _ in range(articles)]


def _drafts(articles: int, seed: int = 1) -> list[Draft]:
    return [
        draft_of_text(text, title=VOCABULARY[number % 24], source=f"{seed}-{number}")
        for number, text in enumerate(_texts(articles, seed))
    ]


def _seen(library: EngineLibrary, query: str = "ferry museum Bath noon") -> str:
    """All that can be seen of a library, to compare it before and after."""
    return repr(
        (library.revision, library.counts(), all_articles(library), library.search(query, 50))
    )


def _places(found: Found) -> list[tuple[str, int]]:
    return [(passage.article.id, passage.paragraph.number) for passage in found.passages]


# Taking in and out


def test_a_new_article_is_added(library: EngineLibrary) -> None:
    addition = library.add(draft_of_text(FERRY, source="ferry.txt", published="2026-01-17"))
    article = library.get(addition.article.id)
    assert (addition.status, addition.article) == ("added", article)
    assert (article.text, article.source) == (FERRY, "ferry.txt")
    assert (article.published, article.revision) == ("2026-01-17", revision_of(FERRY))
    assert library.counts() == (1, 2)


def test_the_same_article_again_changes_nothing(library: EngineLibrary) -> None:
    first = library.add(draft_of_text(FERRY, source="ferry.txt"))
    before = _seen(library)
    again = library.add(draft_of_text(FERRY, source="ferry.txt"))
    assert (again.status, again.article) == ("unchanged", first.article)
    assert _seen(library) == before


@pytest.mark.parametrize(
    "changed",
    [
        draft_of_text(MUSEUM, source="ferry.txt"),
        draft_of_text(FERRY, source="ferry.txt", title="Another title"),
        draft_of_text(FERRY, source="ferry.txt", published="2026-01-18"),
    ],
    ids=["text", "title", "date"],
)
def test_a_change_under_the_same_source_replaces_the_article(
    library: EngineLibrary, changed: Draft
) -> None:
    before = library.add(draft_of_text(FERRY, source="ferry.txt")).article
    addition = library.add(changed)
    assert (addition.status, addition.article.id) == ("replaced", before.id)
    assert all_articles(library) == [addition.article]
    assert addition.article != before


def test_a_replaced_text_is_no_longer_found(library: EngineLibrary) -> None:
    library.add(draft_of_text(FERRY, source="a.txt"))
    library.add(draft_of_text(MUSEUM, source="a.txt"))
    assert [passage.text for passage in library.search("ferry Skye", 5).passages] == [MUSEUM]


def test_the_same_text_under_two_sources_is_two_articles_and_one_set_of_passages(
    library: EngineLibrary,
) -> None:
    ids = [library.add(draft_of_text(FERRY, source=source)).article.id for source in "ab"]
    assert library.counts() == (2, 2)
    passages = library.search("ferry tickets", 50).passages
    assert [passage.text for passage in passages] == FERRY.split("\n\n")
    for passage in passages:
        (copy,) = passage.copies
        assert [passage.article.id, copy.article.id] == sorted(ids)
        assert copy.paragraph == passage.paragraph
        assert copy.article.text == FERRY


def test_a_text_stays_as_long_as_one_article_says_it(
    new_library: NewLibrary, library: EngineLibrary
) -> None:
    first, second = (library.add(draft_of_text(FERRY, source=source)).article for source in "ab")
    alone = new_library()
    alone.add(draft_of_text(FERRY, source="b"))
    library.remove(first.id)
    assert _seen(library) == _seen(alone)
    library.remove(second.id)
    assert (library.counts(), library.revision) == ((0, 0), "0" * 64)


class _CountingEmbedder(WordEmbedder):
    """Remembers how many paragraphs it was given."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        self.embedded += len(passages)
        return super().embed(passages)


def test_a_text_that_is_there_is_not_embedded_again(new_library: NewLibrary) -> None:
    embedder = _CountingEmbedder()
    library = new_library(embedder)
    for title, source in (("A", "a"), ("B", "b"), ("C", "a")):
        library.add(draft_of_text(FERRY, title=title, source=source))
    assert embedder.embedded == 2


def test_the_words_of_every_title_find_a_text(library: EngineLibrary) -> None:
    library.add(draft_of_text(MUSEUM, source="c", title="Baths"))
    ids = [
        library.add(draft_of_text(FERRY, source=source, title=title)).article.id
        for source, title in (("a", "Sailing"), ("b", "Cruising"))
    ]

    def first(query: str) -> str:
        return library.search(query, 1, by="words").passages[0].article.text

    assert (first("sailing"), first("cruising")) == (FERRY, FERRY)
    library.remove(ids[0])
    assert first("cruising") == FERRY
    assert library.search("sailing", 1, by="words").passages[0].score == 0


def test_author_tags_and_pages_come_back(library: EngineLibrary) -> None:
    draft = draft_of_text(FERRY, source="ferry.txt")
    paragraphs = tuple(replace(part, page=part.number + 6) for part in draft.paragraphs)
    tags = ("Ships", "all at sea", "")
    kept = replace(draft, author="Ada Hill", tags=tags, paragraphs=paragraphs)
    article, structure = library.whole(library.add(kept).article.id)
    assert (article.author, article.tags) == ("Ada Hill", tags)
    assert structure.paragraphs == paragraphs
    assert all_articles(library) == [article]
    assert {p.paragraph.page for p in library.search("ferry tickets", 2).passages} == {7, 8}
    assert library.add(kept).status == "unchanged"
    assert library.add(replace(kept, tags=tags[::-1])).status == "replaced"


def test_removing_takes_back_adding(library: EngineLibrary) -> None:
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    before = _seen(library)
    library.remove(library.add(draft_of_text(MUSEUM, source="museum.txt")).article.id)
    assert _seen(library) == before


def test_what_is_not_there_is_named(library: EngineLibrary) -> None:
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    before = _seen(library)
    for use in (library.get, library.whole, library.remove):
        with pytest.raises(ArticleNotFound, match="no article has the id 'none'"):
            use("none")
    assert _seen(library) == before


def test_articles_come_by_title_and_id(library: EngineLibrary) -> None:
    for source, title in (("1", "b"), ("2", "a"), ("3", "b")):
        library.add(draft_of_text("Text.", source=source, title=title))
    keys = [(article.title, article.id) for article in all_articles(library)]
    assert keys == sorted(keys)
    assert [title for title, _ in keys] == ["a", "b", "b"]


def test_the_structure_is_that_of_the_draft(library: EngineLibrary) -> None:
    draft = draft_of_text("Head\n\n" + FERRY, source="ferry.txt")
    article, structure = library.whole(library.add(draft).article.id)
    assert article.text == draft.text
    assert (structure.paragraphs, structure.headings) == (draft.paragraphs, draft.headings)


class _FailingEmbedder(WordEmbedder):
    """Fails at a paragraph with the word "poison"."""

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        if any("poison" in passage.text for passage in passages):
            raise ModelError("the model failed: try another")
        return super().embed(passages)


class _ForgetfulEmbedder(WordEmbedder):
    """Loses the last paragraph of an article with the word "poison"."""

    def embed(self, passages: Sequence[ParagraphText]) -> list[Embedded]:
        lost = any("poison" in passage.text for passage in passages)
        return super().embed(passages)[: -1 if lost else None]


@pytest.mark.parametrize(
    ("embedder", "error"), [(_FailingEmbedder(), ModelError), (_ForgetfulEmbedder(), ValueError)]
)
def test_a_refused_article_leaves_the_library_as_it_was(
    new_library: NewLibrary, embedder: WordEmbedder, error: type[Exception]
) -> None:
    library = new_library(embedder)
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    before = _seen(library)
    with pytest.raises(error):
        library.add(draft_of_text("Some poison.\n\nMore.", source="ferry.txt"))
    assert _seen(library) == before


# The revision


def test_the_revision_does_not_depend_on_the_order_of_additions(new_library: NewLibrary) -> None:
    revisions = set()
    for order in (_drafts(4), _drafts(4)[::-1]):
        library = new_library()
        for draft in order:
            library.add(draft)
        revisions.add(library.revision)
    assert len(revisions) == 1


def test_every_content_has_its_own_revision(library: EngineLibrary) -> None:
    revisions = [library.revision]
    for draft in _drafts(3):
        library.add(draft)
        revisions.append(library.revision)
    library.add(replace(_drafts(3)[0], title="Other"))
    revisions.append(library.revision)
    assert len(set(revisions)) == 5


def test_equal_revisions_give_equal_passages_whatever_their_history(
    new_library: NewLibrary,
) -> None:
    """Also where scores are equal: one text stands in the library 70 times."""
    drafts = [draft_of_text(FERRY, source=f"{number}") for number in range(70)] + _drafts(5)
    seen = []
    for order in (drafts, drafts[::-1]):
        library = new_library()
        for draft in order:
            library.add(draft)
            if draft.source == "3":
                library.remove(id_of(draft))
                library.search("warm up", 1)
                library.add(draft)
        seen.append([repr(library.search(q, 50)) for q in ("ferry tickets", "baxx", "Baz dov?")])
    assert seen[0] == seen[1]


def test_a_search_never_mixes_revisions(library: EngineLibrary) -> None:
    """While one thread adds and removes, others find exactly the articles of one revision."""
    drafts = _drafts(6)
    held: dict[str, frozenset[str]] = {library.revision: frozenset()}
    for added in range(1, 7):  # every prefix of the additions, noted beforehand
        held[library.add(drafts[added - 1]).article.id] = frozenset()
        held[library.revision] = frozenset(id_of(draft) for draft in drafts[:added])
    for removed in range(1, 7):
        library.remove(id_of(drafts[removed - 1]))
        held[library.revision] = frozenset(id_of(draft) for draft in drafts[removed:])
    finished, searches, errors = threading.Event(), Counter[str](), list[BaseException]()

    def search(own: EngineLibrary) -> None:
        try:
            while not finished.is_set():
                found = own.search("bax dov koz", 50)
                articles = {passage.article.id for passage in found.passages}
                assert articles == held[found.revision]
                for passage in found.passages:
                    span = passage.paragraph.span
                    assert passage.text == passage.article.text[span.start : span.end]
                    assert passage.article.revision == revision_of(passage.article.text)
                searches[found.revision] += 1
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=search, args=(library,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        for draft in drafts:
            library.add(draft)
        for draft in drafts:
            library.remove(id_of(draft))
    finished.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(searches) > 1


# Ranking


def _bm25(rows: list[tuple[list[str], list[str]]], asked: list[str]) -> list[float]:
    """BM25 as FTS5 documents it, with k1 = 1.2 and b = 0.75, of (text, title) rows."""
    weights = FIELD_WEIGHTS
    sizes = [len(text) + len(title) for text, title in rows]
    average = sum(sizes) / len(sizes)
    scores = [0.0] * len(rows)
    for word in dict.fromkeys(asked):
        having = sum(word in text or word in title for text, title in rows)
        idf = max(1e-6, math.log((len(rows) - having + 0.5) / (having + 0.5)))
        for number, (text, title) in enumerate(rows):
            count = weights[0] * text.count(word) + weights[2] * title.count(word)
            length = 1 - 0.75 + 0.75 * sizes[number] / average
            scores[number] += idf * count * 2.2 / (count + 1.2 * length)
    return scores


def _reference(drafts: list[Draft], query: str, by: By) -> list[tuple[float, str, int]]:
    """Every paragraph's score by the definition of the signals, best first, by plain loops."""
    embedder = WordEmbedder()
    asked = query.lower().split()
    parts = [(draft, paragraph) for draft in drafts for paragraph in draft.paragraphs]

    def words(text: str) -> list[str]:
        return text.lower().replace(".", " ").split()

    tokens = [words(part.span.of(draft.text)) for draft, part in parts]
    bm25 = _bm25(
        [(own, words(draft.title)) for own, (draft, _) in zip(tokens, parts, strict=True)], asked
    )
    rarity = [
        math.log(1 + (len(parts) - n + 0.5) / (n + 0.5))
        for n in (sum(word in own for own in tokens) for word in asked)
    ]
    vector, states = embedder.embed_query(query).vector, embedder.embed_query(query).tokens

    def interaction(text: str) -> float:
        signs = np.where(embedder.embed_query(text).tokens > 0, 1, -1) / math.sqrt(DIMENSIONS)
        greatest = [max(float(state @ sign) for sign in signs) for state in states]
        return sum(r * g for r, g in zip(rarity, greatest, strict=True)) / sum(rarity)

    weights = ranking.FUSED if by == "fused" else ranking.ALONE[by]
    ranked = []
    for (draft, part), word_score in zip(parts, bm25, strict=True):
        sentences = [sentence.of(draft.text) for sentence in part.sentences]
        score = (
            weights.lexical * word_score / max(bm25)
            + weights.dense
            * max(float(embedder.embed_query(sentence).vector @ vector) for sentence in sentences)
            + weights.late_interaction * interaction(part.span.of(draft.text))
            + weights.sentence_interaction * max(interaction(sentence) for sentence in sentences)
        )
        ranked.append((-score, id_of(draft), part.number))
    return [(-score, article, number) for score, article, number in sorted(ranked)]


@pytest.mark.parametrize("query", ["bax dov koz", "gaz", "kov kov dax bov gox", "unknown bax"])
@pytest.mark.parametrize("by", ["fused", "words", "vectors"])
def test_passages_and_scores_are_those_of_the_reference(
    library: EngineLibrary, query: str, by: By
) -> None:
    drafts = _drafts(12)
    for draft in drafts:
        library.add(draft)
    found = library.search(query, 12, by=by)
    expected = _reference(drafts, query, by)[:12]
    scores = [passage.score for passage in found.passages]
    assert scores == pytest.approx([score for score, _, _ in expected], abs=1e-5)
    if by != "words":  # which leaves many paragraphs with equal scores
        assert _places(found) == [(article, number) for _, article, number in expected]


def test_by_vectors_alone_sentences_score_by_their_cosines(library: EngineLibrary) -> None:
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    query = WordEmbedder().embed_query("When does the ferry leave?").vector
    for passage in library.search("When does the ferry leave?", 5, by="vectors").passages:
        for sentence, score in zip(
            passage.paragraph.sentences, passage.sentence_scores, strict=True
        ):
            vector = WordEmbedder().embed_query(sentence.of(passage.article.text)).vector
            assert score == pytest.approx(float(vector @ query), abs=1e-6)


@pytest.mark.parametrize("top_k", [1, 2, 5, 20])
def test_fewer_passages_are_the_first_of_more(library: EngineLibrary, top_k: int) -> None:
    for number in range(8):
        library.add(draft_of_text(FERRY, source=f"{number}"))
    more = library.search("ferry", 50).passages
    assert library.search("ferry", top_k).passages == more[:top_k]


def test_equal_scores_come_in_the_order_of_article_and_paragraph(library: EngineLibrary) -> None:
    for number in range(5):
        text = f"Boat.\n\n{_texts(5)[number]}"  # no copies: what stands around them differs
        library.add(draft_of_text(text, source=f"{number}", title="-"))
    places = _places(library.search("boat", 5))
    assert len(places) == 5
    assert places == sorted(places)


def test_as_many_passages_are_found_as_a_question_may_ask_for(library: EngineLibrary) -> None:
    for draft in _drafts(20):
        library.add(draft)
    assert len(library.search("bax", 50).passages) == 50


def test_an_empty_library_has_no_passages(library: EngineLibrary) -> None:
    assert library.search("ferry", 5) == Found((), "0" * 64)


@pytest.mark.parametrize(
    "query", ["", "?!", "the of is", '" OR *', "NEAR(a b)", "\0", "😀", "x " * 500, "e\u0301"]
)
def test_every_query_has_its_nearest_passages(library: EngineLibrary, query: str) -> None:
    """Vectors find some, whatever the words."""
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    assert len(library.search(query, 5).passages) == 2


def test_a_part_of_a_text_without_spaces_is_found(library: EngineLibrary) -> None:
    library.add(draft_of_text("東京は日本の首都です。", source="tokyo"))
    (passage,) = library.search("東京", 5).passages
    assert passage.text == "東京は日本の首都です。"


def test_offsets_count_code_points_beyond_the_basic_plane(library: EngineLibrary) -> None:
    library.add(draft_of_text("😀😀 first.\n\n𝔉erry leaves.", source="emoji"))
    passage = library.search("erry leaves", 1).passages[0]
    assert passage.paragraph.span == Span(11, 24)
    assert passage.text == "𝔉erry leaves."


# Filters


def _many(library: EngineLibrary) -> None:
    """Enough paragraphs near the query to crowd out all others, and few others."""
    words = [f"{a} {b}" for a in VOCABULARY for b in VOCABULARY][:180]
    near = draft_of_text("\n\n".join(f"Bax dov koz {pair}." for pair in words), source="near")
    for draft in (near, *_drafts(6)):
        library.add(draft)


@pytest.mark.parametrize("by", ["fused", "words", "vectors"])
def test_filters_apply_in_the_search_and_not_after_it(library: EngineLibrary, by: By) -> None:
    _many(library)
    allowed = Filters(sources=tuple(f"1-{number}" for number in range(6)))
    unfiltered = library.search("bax dov koz", 50, by=by).passages
    assert not {passage.article.source for passage in unfiltered} & set(allowed.sources or ())
    found = library.search("bax dov koz", 50, allowed, by=by).passages
    assert {passage.article.source for passage in found} <= set(allowed.sources or ())
    if by != "words":
        assert len(found) == 18


def test_the_order_under_a_filter_is_that_without_the_others(library: EngineLibrary) -> None:
    _many(library)
    found = library.search("bax dov", 10, Filters(sources=("1-0", "1-1", "1-2")), by="vectors")
    assert [(p, n) for _, p, n in _reference(_drafts(3), "bax dov", "vectors")[:9]] == _places(
        found
    )[:9]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(sources=()),
        Filters(article_ids=("none",)),
        Filters(sources=("x') OR ('1'='1",)),
        Filters(published_from="2026-01-01"),
    ],
)
def test_a_filter_that_nothing_passes_finds_nothing(
    library: EngineLibrary, filters: Filters
) -> None:
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    assert library.search("ferry", 5, filters).passages == ()


def test_an_empty_filter_lets_everything_pass(library: EngineLibrary) -> None:
    library.add(draft_of_text(FERRY, source="ferry.txt"))
    assert library.search("ferry", 5, Filters()) == library.search("ferry", 5)


def test_threads_that_write_wait_for_each_other_as_long_as_it_takes(
    library: EngineLibrary,
) -> None:
    with ThreadPoolExecutor(1) as pool, library._engine.writing():
        adding = pool.submit(library.add, draft_of_text(FERRY, source="a"))
        with pytest.raises(TimeoutError):
            adding.result(timeout=0.2)
    assert adding.result().status == "added"


# Copies

STORY = (
    "The harbour master of Lisbon said on Monday that the ferry to Porto will leave at noon from "
    "now on, because the old pier is being mended until spring and the tide leaves too little "
    "water in the morning. Passengers with tickets for an earlier boat can take any later one."
)
EDITS = (
    ("said on Monday", "announced yesterday"),
    ("old pier", "ancient pier"),
    ("Passengers with", "Travellers with"),
    ("any later one", "any later ferry"),
)


def _syndicated(copies: int) -> list[Draft]:
    """One story with small edits, each from its own source with a paragraph of its own."""
    drafts = []
    for number, own in enumerate(_texts(copies, seed=7)):
        old, new = EDITS[number % 4]
        story = STORY.replace(old, new).replace("Lisbon", f"Lisbon{' ' * (number // 4)}")
        drafts.append(draft_of_text(f"{own}\n\n{story}", title="-", source=f"paper {number}"))
    return drafts


def test_small_edits_of_one_text_are_one_passage_with_all_its_places(
    library: EngineLibrary,
) -> None:
    for draft in _syndicated(8):
        library.add(draft)
    passages = library.search("When will the ferry to Porto leave?", 50).passages
    (story,) = (passage for passage in passages if "ferry to Porto" in passage.text)
    assert {place.article.source for place in story.places} == {f"paper {n}" for n in range(8)}
    for copy in story.copies:
        assert "ferry to Porto" in copy.paragraph.span.of(copy.article.text)
    assert story == passages[0]


def test_of_copies_the_one_that_goes_best_with_the_query_is_found(library: EngineLibrary) -> None:
    """What one of them adds is not lost."""
    library.add(draft_of_text(STORY, title="-", source="a"))
    library.add(draft_of_text(STORY + " Mayor Hill regrets it.", title="-", source="b"))
    (passage,) = library.search("What does Mayor Hill regret?", 5).passages
    assert (passage.article.source, passage.copies[0].article.source) == ("b", "a")


def test_copies_do_not_take_the_place_of_other_passages(
    library: EngineLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many of them are nearer than the rest."""
    monkeypatch.setattr(candidates, "NEAREST", 10)
    others = _drafts(4)
    for draft in (*_syndicated(40), *others):
        library.add(draft)
    query = "When will the ferry to Porto leave? " + VOCABULARY[3]
    for by in ("fused", "words", "vectors"):
        passages = library.search(query, 5, by=by).passages
        assert sum("ferry to Porto" in passage.text for passage in passages) == 1
        assert len(passages) == 5


def test_copies_are_the_same_whatever_came_first(new_library: NewLibrary) -> None:
    drafts = [*_syndicated(6), *_drafts(3)]
    orders = (drafts, drafts[::-1], [*drafts[4:], *drafts[:4]])
    seen = []
    for order in orders:
        library = new_library()
        for number, draft in enumerate(order):
            library.add(draft)
            if number % 2:
                library.remove(id_of(draft))
                library.add(draft)
        seen.append(repr(library.search("When will the ferry to Porto leave?", 50)))
    assert seen[0] == seen[1] == seen[2]


def test_what_only_a_removed_article_held_together_falls_apart(library: EngineLibrary) -> None:
    words = STORY.split()
    first, middle, last = (
        library.add(draft_of_text(" ".join(words[n : n + 36]), source=f"{n}")).article
        for n in (0, 5, 10)
    )

    def groups() -> list[set[str]]:
        found = library.search("ferry Porto pier", 5).passages
        return [{p.article.id, *(copy.article.id for copy in p.copies)} for p in found]

    assert groups() == [{first.id, middle.id, last.id}]
    library.remove(middle.id)
    assert sorted(groups(), key=sorted) == sorted([{first.id}, {last.id}], key=sorted)


def test_a_filter_leaves_only_the_copies_that_pass(library: EngineLibrary) -> None:
    drafts = _syndicated(6)
    for draft in drafts:
        library.add(draft)
    filters = Filters(sources=("paper 2", "paper 5"))
    passage = library.search("When will the ferry to Porto leave?", 1, filters).passages[0]
    assert {place.article.source for place in passage.places} == {"paper 2", "paper 5"}


def test_a_passage_has_as_many_copies_as_are_shown_at_most(
    library: EngineLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passages, "MOST_COPIES", 3)
    for number in range(4):
        for spaces in ("", " "):
            library.add(draft_of_text(STORY + spaces, source=f"{number}{spaces}"))
    (passage,) = library.search("ferry", 5).passages
    assert len(passage.copies) == 3


# Filters against brute force


@pytest.mark.parametrize(
    "filters",
    [
        Filters(tags=("even",)),
        Filters(tags=("odd", "none")),
        Filters(published_from="2026-01-05", published_to="2026-01-09"),
        Filters(sources=("1-2", "1-3", "1-5", "1-7"), tags=("odd",)),
        Filters(article_ids=tuple(id_of(draft) for draft in _drafts(12)[4:8])),
        Filters(published_to="2026-01-04", article_ids=tuple(id_of(d) for d in _drafts(9))),
    ],
    ids=["tag", "tags", "dates", "sources and tag", "ids", "date and ids"],
)
def test_a_search_under_a_filter_is_brute_force_under_it(
    library: EngineLibrary, filters: Filters
) -> None:
    """Recall 1: every paragraph that passes is ranked, by the scores of the reference, though
    hundreds that do not pass are nearer."""
    drafts = [
        replace(
            draft,
            tags=(("even", "odd")[number % 2],),
            published=f"2026-01-{number + 1:02}",
        )
        for number, draft in enumerate(_drafts(12))
    ]
    words = [f"{a} {b}" for a in VOCABULARY for b in VOCABULARY][:240]
    near = draft_of_text("\n\n".join(f"Bax dov {pair}." for pair in words), source="near")
    for draft in (near, *drafts):
        library.add(draft)
    passing = [draft for draft in drafts if _passes(draft, filters)]
    found = library.search("bax dov koz", 50, filters, by="vectors")
    reference = _reference(passing, "bax dov koz", "vectors")
    assert _places(found) == [(article, number) for _, article, number in reference]
    scores = [passage.score for passage in found.passages]
    assert scores == pytest.approx([score for score, _, _ in reference], abs=1e-5)
    for by in ("fused", "words"):
        ranked = library.search("bax dov koz", 50, filters, by=by)
        if by == "fused":
            assert sorted(_places(ranked)) == sorted(_places(found))
        assert set(_places(ranked)) <= set(_places(found))


def _passes(draft: Draft, filters: Filters) -> bool:
    day = draft.published or ""
    return all(
        (
            filters.tags is None or set(filters.tags) & set(draft.tags),
            filters.sources is None or draft.source in filters.sources,
            filters.article_ids is None or id_of(draft) in filters.article_ids,
            filters.published_from is None or filters.published_from <= day,
            filters.published_to is None or day <= filters.published_to,
        )
    )


# Lists


def test_summaries_come_in_pages_by_title_and_id_without_texts(library: EngineLibrary) -> None:
    for number, title in enumerate(["b", "Zoë", "a", "b", "É"]):
        draft = draft_of_text(FERRY, title=title, source=f"{number}", published="2026-01-17")
        library.add(replace(draft, author="Ada", tags=("sea", "b")))
    whole = library.summaries(limit=10)
    assert [one.title for one in whole.articles] == ["Zoë", "a", "b", "b", "É"]
    assert list(whole.articles) == [article.summary for article in all_articles(library)]
    pages = [library.summaries(offset, 2) for offset in (0, 2, 4, 6)]
    assert [one for page in pages for one in page.articles] == list(whole.articles)
    assert {page.total for page in (whole, *pages)} == {5}


@pytest.mark.parametrize(
    ("matching", "titles"),
    [
        ("FERR", ["Ferries", "Straße"]),
        ("STRASSE", ["Straße"]),
        ("museum", ["Bath"]),
        ("%", []),
        ("s", ["Bath", "Ferries", "Straße"]),
    ],
)
def test_summaries_are_those_whose_title_or_source_holds_what_is_asked(
    library: EngineLibrary, matching: str, titles: list[str]
) -> None:
    for title, source in (("Ferries", None), ("Bath", "MUSEUM.txt"), ("Straße", "ferry.txt")):
        library.add(draft_of_text(title, title=title, source=source))
    page = library.summaries(limit=9, matching=matching)
    assert [one.title for one in page.articles] == titles
    assert page.total == len(titles)
    assert library.summaries(9, 9, matching) == replace(page, articles=())


def test_a_batch_changes_what_each_change_of_it_changes(library: EngineLibrary) -> None:
    with library.batch():
        article = library.add(draft_of_text(FERRY, source="a")).article
        assert library.get(article.id) == article
        library.add(draft_of_text(MUSEUM, source="a"))
        assert library.search("ferry", 5).passages[0].text == MUSEUM
    assert library.counts() == (1, 1)


# In slices


class Stop(Exception):
    """Raised by a pause."""


def _stopping_at(count: int) -> Callable[[], None]:
    calls = iter(range(count))

    def pause() -> None:
        if next(calls, None) is None:
            raise Stop

    return pause


@pytest.mark.parametrize("count", [0, 1, 2, 5, 10, 20, 40])
def test_an_article_that_is_stopped_in_any_slice_leaves_the_library_as_it_was(
    new_library: NewLibrary, count: int
) -> None:
    library = new_library()
    library.add(draft_of_text(FERRY, source="a"))
    before = _seen(library)
    long = "\n\n".join(f"{text} {n}." for n, text in enumerate(_texts(100)))

    for source in "ba":
        with pytest.raises(Stop):
            library.add(draft_of_text(long, source=source), _stopping_at(count))
        assert _seen(library) == before


def test_taking_out_pauses_too(new_library: NewLibrary) -> None:
    library = new_library()
    added = library.add(draft_of_text("\n\n".join(_texts(200)), source="a"))
    before = _seen(library)

    with pytest.raises(Stop):
        library.remove(added.article.id, _stopping_at(0))

    assert _seen(library) == before


def test_slices_change_nothing_of_what_goes_in(new_library: NewLibrary) -> None:
    draft = draft_of_text("\n\n".join(_texts(100)), source="a")
    libraries = [new_library() for _ in range(2)]
    libraries[0].add(draft)
    libraries[1].add(draft, lambda: None)

    assert _seen(libraries[0]) == _seen(libraries[1])
