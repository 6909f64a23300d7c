"""The SQLite file: made, opened, damaged, locked; and what one revision of it shows."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.article import Draft, Filters, Heading, Paragraph, Span
from index.errors import (
    EmbedderMismatch,
    LibraryCorrupt,
    LibraryError,
    LibraryLocked,
    LibraryMissing,
    LibraryTooNew,
    LibraryUnavailable,
)
from index.identity import identify
from index.ingest.loading import draft_of_text
from index.search.query import query_words
from index.sqlite.catalogue import Catalogue
from index.sqlite.check import check
from index.sqlite.database import LOCK_SECONDS
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import APPLICATION_ID, FILE_NAME, FORMAT_VERSION
from index.sqlite.snapshot import SQLiteSnapshot
from tests.fakes import WordEmbedder

ROOT = Path(__file__).parents[3]
FERRY = "Harbour\n\nThe ferry to Skye leaves at noon. It is called Élan.\n\nTickets cost 12 pounds."


class OtherEmbedder(WordEmbedder):
    name = "others"


def _open(folder: Path, *, create: bool = False, wait: float = LOCK_SECONDS) -> Catalogue:
    return Catalogue(folder, WordEmbedder(), create=create, wait=wait)


@contextmanager
def _sqlite(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file as SQLite's own tools would open it."""
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def ferry(library: SQLiteLibrary) -> str:
    """The id of an article in the library."""
    return library.add(draft_of_text(FERRY, title="Boats", source="ferry.txt")).article.id


@pytest.fixture
def catalogue(folder: Path, library: SQLiteLibrary) -> Catalogue:
    """The catalogue of ``library``."""
    return _open(folder)


def _words(catalogue: Catalogue, query: str) -> int:
    """How many paragraphs match the query's words."""
    with catalogue.reading() as view:
        return len(view.word_matches(query_words(query), 1000, None).ids)


# Making and opening


def test_a_folder_without_a_library_is_missing_one_and_stays_as_it_is(folder: Path) -> None:
    with pytest.raises(LibraryMissing, match=r"no library in '.*library': take in articles with"):
        _open(folder)
    assert not folder.exists()


def test_a_library_that_vanished_is_not_made_anew_by_looking(
    folder: Path, catalogue: Catalogue
) -> None:
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(LibraryError, match="check that its folder exists"), catalogue.reading():
        pass
    assert list(folder.iterdir()) == []


def test_the_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    folder = tmp_path / "a b" / "50% é?#" / "library"
    _open(folder, create=True)
    assert (folder / FILE_NAME).is_file()
    _open(folder)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LibraryError, match=r"folder '.*library' cannot be made .*with --library"):
        _open(tmp_path / "file" / "library", create=True)


def test_a_file_that_cannot_be_opened_is_told_from_a_damaged_one(folder: Path) -> None:
    (folder / FILE_NAME).mkdir(parents=True)
    with pytest.raises(LibraryError, match="cannot be opened or written") as caught:
        _open(folder)
    assert type(caught.value) is LibraryUnavailable


def test_opening_a_library_to_create_it_leaves_it_as_it_is(folder: Path, ferry: str) -> None:
    with _open(folder, create=True).reading() as view:
        assert view.article(ferry)


def test_the_file_says_what_it_is(folder: Path, catalogue: Catalogue) -> None:
    with _sqlite(folder) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _empty_file(folder: Path) -> None:
    (folder / FILE_NAME).touch()


def _only_a_header(folder: Path) -> None:
    with _sqlite(folder) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def _undone_tables(folder: Path) -> None:
    with _sqlite(folder) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE facts (name TEXT)")


@pytest.mark.parametrize("break_off", [_empty_file, _only_a_header, _undone_tables])
def test_a_library_whose_making_was_broken_off_is_missing_and_can_be_made(
    folder: Path, break_off: Callable[[Path], None]
) -> None:
    folder.mkdir()
    break_off(folder)
    with pytest.raises(LibraryMissing, match="no library in"):
        _open(folder)
    with _open(folder, create=True).reading() as view:
        assert view.counts() == (0, 0)


def test_several_can_make_the_same_library_at_once(folder: Path) -> None:
    start, errors = threading.Barrier(6), []

    def make() -> None:
        start.wait()
        try:
            _open(folder, create=True)
        except LibraryError as error:
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with _open(folder).reading() as view:
        assert view.revision == "0" * 64


def test_making_a_library_that_another_holds_on_to_gives_up(folder: Path) -> None:
    folder.mkdir()
    with _sqlite(folder) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("DROP TABLE t")
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryLocked, match=r"did not finish in 0.05 seconds: wait for it"):
            _open(folder, create=True, wait=0.05)


# Files that are no good


def _random_bytes(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(np.random.default_rng(1).bytes(5000))


def _truncated(folder: Path) -> None:
    file = folder / FILE_NAME
    file.write_bytes(file.read_bytes()[:6000])


def _without_facts(folder: Path) -> None:
    with _sqlite(folder) as connection:
        connection.execute("DELETE FROM facts")


def _overwritten(folder: Path) -> None:
    file = folder / FILE_NAME
    kept = file.read_bytes()
    file.write_bytes(kept[:100] + b"\xff" * (len(kept) - 100))


@pytest.mark.parametrize(
    "damage", [_random_bytes, _truncated, _without_facts, _overwritten], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("create", [False, True])
def test_a_damaged_library_is_told_and_left_alone(
    folder: Path, ferry: str, damage: Callable[[Path], None], create: bool
) -> None:
    damage(folder)
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(
        LibraryCorrupt,
        match=r"'.*catalogue.sqlite3' is damaged .*'pullquote check .*'pullquote rebuild ",
    ):
        _open(folder, create=create)
    assert (folder / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("create", [False, True])
def test_another_programs_database_is_left_alone(folder: Path, create: bool) -> None:
    folder.mkdir()
    with _sqlite(folder) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(LibraryCorrupt, match=r"SQLite database but not a library: give another"):
        _open(folder, create=create)
    assert (folder / FILE_NAME).read_bytes() == before


def test_a_library_of_a_newer_version_is_told_with_both_versions(folder: Path, ferry: str) -> None:
    with _sqlite(folder) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    with pytest.raises(
        LibraryTooNew,
        match=f"format {FORMAT_VERSION + 1}, .* up to {FORMAT_VERSION}: upgrade Pullquote",
    ):
        _open(folder, create=True)


def test_another_embedder_than_the_library_was_built_with_is_told_with_the_remedy(
    folder: Path, catalogue: Catalogue
) -> None:
    with pytest.raises(
        EmbedderMismatch,
        match=r"built with 'words' \(64 dimensions\) but the embedder is 'others': "
        r"set PULLQUOTE_EMBEDDER=words, or have its texts embedded anew with 'pullquote rebuild",
    ):
        Catalogue(folder, OtherEmbedder(), create=False)


# Transactions


def test_a_change_that_raises_changes_nothing(catalogue: Catalogue, ferry: str) -> None:
    with catalogue.reading() as view:
        before = view.revision

    def break_off() -> None:
        with catalogue.writing() as change:
            assert change.remove(ferry)
            raise KeyError("our own")

    with pytest.raises(KeyError, match="our own"):
        break_off()
    with catalogue.reading() as view:
        assert view.revision == before
        assert view.article(ferry)
    assert _words(catalogue, "ferry") == 1


def test_an_error_while_reading_passes_through(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="our own"), catalogue.reading():
        raise KeyError("our own")
    with catalogue.writing():
        pass


def test_a_killed_writer_leaves_the_library_as_it_was(
    folder: Path, catalogue: Catalogue, ferry: str
) -> None:
    with catalogue.reading() as view:
        before = view.revision
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from index.sqlite.catalogue import Catalogue\n"
        "from tests.fakes import WordEmbedder\n"
        "with Catalogue(Path(sys.argv[1]), WordEmbedder(), create=False).writing() as change:\n"
        "    assert change.remove(sys.argv[2])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(folder), ferry], cwd=ROOT, check=False
    )
    assert killed.returncode == -9
    with catalogue.reading() as view:
        assert view.revision == before
        assert view.article(ferry)


def test_a_reader_sees_one_revision_while_another_writes(catalogue: Catalogue, ferry: str) -> None:
    with catalogue.reading() as view:
        before = view.revision
        with catalogue.writing() as change:
            change.remove(ferry)
        assert view.revision == before
        assert view.article(ferry)
        assert len(view.word_matches(["ferry"], 9, None).ids) == 1
    with catalogue.reading() as view:
        assert view.revision == "0" * 64
        assert view.article(ferry) is None


def test_a_second_writer_waits_and_then_tells_that_the_library_is_locked(
    folder: Path, catalogue: Catalogue, ferry: str
) -> None:
    impatient = _open(folder, wait=0.05)
    with _sqlite(folder) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(
                LibraryLocked, match=r"writing to '.*' and did not finish in 0.05 seconds: wait"
            ),
            impatient.writing(),
        ):
            pytest.fail("two wrote at once")
        with impatient.reading() as view:
            assert view.article(ferry)
    with impatient.writing() as change:
        assert change.remove(ferry)


def test_a_full_disk_is_told_and_changes_nothing(
    folder: Path, library: SQLiteLibrary, ferry: str
) -> None:
    before = library.revision
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(LibraryError, match="is yours to write and has room") as caught:
            library.add(draft_of_text(f"{'Many words. ' * 20_000}", source="long.txt"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert type(caught.value) is LibraryUnavailable
    assert library.revision == before
    assert library.counts() == (1, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(folder: Path, library: SQLiteLibrary, ferry: str) -> None:
    (folder / FILE_NAME).chmod(0o400)
    folder.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match="is yours to write"):
            library.remove(ferry)
    finally:
        folder.chmod(0o700)


# What is kept


def test_the_structure_comes_back_as_it_was_taken_in(
    library: SQLiteLibrary, catalogue: Catalogue
) -> None:
    draft = draft_of_text(FERRY, source="ferry.txt")
    article = library.add(draft).article
    with catalogue.reading() as view:
        structure = view.structure(article.id)
    assert structure.paragraphs == draft.paragraphs
    assert structure.headings == draft.headings
    assert structure.paragraphs[0].heading == Heading(Span(0, 7), 1)


def test_a_heading_keeps_its_level(library: SQLiteLibrary, catalogue: Catalogue) -> None:
    heading = Heading(Span(0, 1), level=0)
    draft = Draft("A\n\nB.", (Paragraph(1, Span(3, 5), (Span(3, 5),), heading),), (heading,))
    article = library.add(draft).article
    with catalogue.reading() as view:
        assert view.structure(article.id).paragraphs[0].heading == heading


def test_an_unknown_article_has_no_structure(catalogue: Catalogue) -> None:
    with catalogue.reading() as view:
        structure = view.structure("none")
    assert (structure.paragraphs, structure.headings) == ((), ())


def test_any_text_is_kept_code_point_by_code_point(library: SQLiteLibrary) -> None:
    text = "Cafe\u0301 😀 \U00020000\r\n\tand\u2028more \ufeff words."
    article = library.add(draft_of_text(text)).article
    assert library.get(article.id).text == text


def test_removing_an_article_removes_all_that_came_of_it(
    folder: Path, library: SQLiteLibrary, ferry: str
) -> None:
    library.remove(ferry)
    with _sqlite(folder) as connection:
        for table in ("texts", "articles", "tags", "headings", "paragraphs", "sentences", "words"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - the table is ours
        for table in ("sentence_embeddings", "token_embeddings"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - the table is ours
        assert connection.execute("SELECT count(*) FROM token_counts").fetchone() == (0,)


def test_a_token_counts_once_a_paragraph(library: SQLiteLibrary, catalogue: Catalogue) -> None:
    library.add(draft_of_text("boat boat boat.\n\nboat car.\n\ncar.", source="a"))
    ids = WordEmbedder().embed_query("boat car plane").token_ids
    with catalogue.reading() as view:
        rarity = view.document_frequencies(ids)
    assert rarity.tolist() == [2, 2, 0]


def test_the_fingerprint_is_of_all_that_is_kept() -> None:
    draft = draft_of_text("One. Two.", title="T", source="s", published="2026-01-17")
    other_split = Draft(
        draft.text, (Paragraph(1, Span(0, 9), (Span(0, 9),)),), (), "T", "s", "2026-01-17"
    )
    drafts = [
        draft,
        draft_of_text("One. Three.", title="T", source="s", published="2026-01-17"),
        draft_of_text("One. Two.", title="U", source="s", published="2026-01-17"),
        draft_of_text("One. Two.", title="T", source="t", published="2026-01-17"),
        draft_of_text("One. Two.", title="T", source="s"),
        replace(draft, author="Ada"),
        replace(draft, tags=("a", "b")),
        replace(draft, tags=("b", "a")),
        replace(draft, tags=("a, b",)),
        replace(draft, paragraphs=(replace(draft.paragraphs[0], page=1),)),
        other_split,
    ]
    assert len({identify(draft).fingerprint for draft in drafts}) == len(drafts)


# Words


@pytest.mark.parametrize(
    "query",
    [
        'ferry "',
        "ferry NEAR(",
        "ferry AND OR NOT",
        "ferry*",
        "^ferry",
        "text:ferry",
        "-ferry",
        "ferry\0",
        "😀 ferry 😀",
        "ferry; DROP TABLE words",
        "_ ferry",
        "ferry " + " ".join(f"w{i}" for i in range(3000)),
        "the ferry" + "?" * 1000,
    ],
)
def test_no_query_is_taken_for_a_language(catalogue: Catalogue, ferry: str, query: str) -> None:
    """Whatever stands around it, the word finds its one paragraph."""
    assert _words(catalogue, query) == 1


@pytest.mark.parametrize("query", ["", "?!", '"', "*", "😀", "\0", "_", "( )", "xyzzy"])
def test_a_query_without_a_known_word_finds_nothing_by_words(
    catalogue: Catalogue, ferry: str, query: str
) -> None:
    assert _words(catalogue, query) == 0


def test_stop_words_count_only_when_nothing_else_is_asked(catalogue: Catalogue, ferry: str) -> None:
    assert _words(catalogue, "what is the") == 1  # "It is called Élan", "The ferry"
    assert _words(catalogue, "what is the xyzzy") == 0


def test_words_are_compared_by_their_stems_without_accents_and_case(
    catalogue: Catalogue, ferry: str
) -> None:
    for query in ("FERRIES", "elan", "e\u0301lan", "ticket", "costing"):
        assert _words(catalogue, query) > 0, query


def test_words_of_headings_and_titles_find_the_paragraphs_under_them(
    library: SQLiteLibrary, catalogue: Catalogue, ferry: str
) -> None:
    assert _words(catalogue, "harbour") == 2
    with catalogue.reading() as view:
        matches = view.word_matches(["harbour"], 9, None)
        assert view.word_scores(["harbour"], matches.ids).tolist() == matches.scores.tolist()


def test_script_without_spaces_is_one_word(library: SQLiteLibrary, catalogue: Catalogue) -> None:
    """So a part of it is found by vectors only."""
    library.add(draft_of_text("東京は日本の首都です。", source="tokyo"))
    assert _words(catalogue, "東京は日本の首都です") == 1
    assert _words(catalogue, "東京") == 0


def test_scores_are_greater_for_better_matches(
    library: SQLiteLibrary, catalogue: Catalogue
) -> None:
    library.add(draft_of_text("boat boat.\n\nboat car van.\n\nvan.\n\nbike.\n\nbus.", title="-"))
    with catalogue.reading() as view:
        matches = view.word_matches(["boat"], 9, None)
        numbers = [p.paragraph.number for p in view.paragraphs(matches.ids.tolist())]
    assert dict(zip(numbers, matches.scores.tolist(), strict=True)).keys() == {1, 2}
    scores = dict(zip(numbers, matches.scores.tolist(), strict=True))
    assert scores[1] > scores[2] > 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("When did the talks begin?", ["talks", "begin"]),
        ("Talks about TALKS", ["talks"]),
        ("What is it?", ["what", "is", "it"]),
        ("?", []),
    ],
)
def test_the_telling_words_of_a_query(query: str, words: list[str]) -> None:
    assert query_words(query) == words


# Filters


@pytest.fixture
def dated(library: SQLiteLibrary, catalogue: Catalogue) -> Iterator[SQLiteSnapshot]:
    """Three articles of January 2026 with sources a, b and c, each a tag and all the tag "all",
    and one without date, source and tags."""
    for source, day in (("a", "2026-01-01"), ("b", "2026-01-02"), ("c", "2026-01-03")):
        draft = draft_of_text(f"Text {source}.", source=source, published=day)
        library.add(replace(draft, tags=("all", f"tag {source}")))
    library.add(draft_of_text("Text d."))
    with catalogue.reading() as view:
        yield view


def _passing(view: SQLiteSnapshot, filters: Filters | None) -> str:
    """The articles that pass, by the letter in their texts."""
    letters = []
    for place in view.paragraphs(view.paragraph_ids(filters).tolist()):
        (article,) = view.articles_of([place.text_id], filters, 9)[place.text_id]
        letters.append(article.text[5])
    return "".join(sorted(letters))


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (None, "abcd"),
        (Filters(), "abcd"),
        (Filters(sources=("a", "c")), "ac"),
        (Filters(sources=()), ""),
        (Filters(article_ids=()), ""),
        (Filters(article_ids=("unknown",)), ""),
        (Filters(published_from="2026-01-02"), "bc"),
        (Filters(published_to="2026-01-02"), "ab"),
        (Filters(published_from="2026-01-02", published_to="2026-01-02"), "b"),
        (Filters(sources=("a", "b"), published_from="2026-01-02"), "b"),
        (Filters(tags=("all",)), "abc"),
        (Filters(tags=("tag b", "tag c", "tag d")), "bc"),
        (Filters(tags=("all",), sources=("a",)), "a"),
        (Filters(tags=("All",)), ""),
        (Filters(tags=()), ""),
        (Filters(tags=("tag b') OR 1 --",)), ""),
        (Filters(sources=("a') OR 1 --",)), ""),
        (Filters(sources=("' OR ''='", "a")), "a"),
    ],
)
def test_every_given_condition_must_hold(
    dated: SQLiteSnapshot, filters: Filters | None, passing: str
) -> None:
    assert _passing(dated, filters) == passing


def test_articles_are_chosen_by_their_ids(dated: SQLiteSnapshot) -> None:
    articles = dated.summaries(0, 9, "").articles
    chosen = [article for article in articles if article.source in ("b", None)]
    assert _passing(dated, Filters(article_ids=tuple(a.id for a in chosen))) == "bd"


def test_damage_that_shows_as_a_value_nobody_wrote_is_told_as_damage(
    folder: Path, library: SQLiteLibrary
) -> None:
    library.add(draft_of_text("The ferry leaves at noon.", source="a"))
    with closing(sqlite3.connect(folder / FILE_NAME)) as file, file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("DELETE FROM articles")
    with pytest.raises(LibraryCorrupt, match=r"is damaged .* 'pullquote check --library"):
        library.search("ferry", 5)


@pytest.mark.parametrize("fault", [IndexError, KeyError, ValueError, TypeError, ZeroDivisionError])
def test_a_fault_of_ours_is_never_taken_for_damage(
    folder: Path, ferry: str, catalogue: Catalogue, fault: type[Exception]
) -> None:
    """Not even over a library that is damaged."""
    _change = "UPDATE sentence_embeddings SET sentences = zeroblob(256)"
    with _sqlite(folder) as connection:
        connection.execute(_change)
    with pytest.raises(fault, match="ours"), catalogue.reading():
        raise fault("ours")


def test_damage_that_sqlite_cannot_even_quote_is_told_as_damage(
    folder: Path, library: SQLiteLibrary
) -> None:
    library.add(draft_of_text("The ferry leaves at noon.", source="a"))
    file = folder / FILE_NAME
    damaged = file.read_bytes().replace(
        b"checksum INTEGER NOT NULL", b"checksum INTEGER NOT NUL\xac"
    )
    file.write_bytes(damaged)
    with pytest.raises(LibraryCorrupt, match=r"malformed database schema .*pullquote rebuild"):
        library.search("ferry", 5)
    assert "malformed database schema" in check(folder)[0].what
