"""Files and folders into a library."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from index.article import Article, Draft, revision_of
from index.errors import InputError, LibraryLocked, NoArticlesFound
from index.ingest.files import Outcome, Progress, find_files, source_of, take_in, taking_in
from index.ingest.loading import Limits, formats_taken

SEED = Path(__file__).parents[3] / "seeds" / "000_6a5157c59b34f5d3.txt"


@dataclass(frozen=True)
class FakeAddition:
    status: Literal["added", "replaced", "unchanged"]
    article: Article


@dataclass
class FakeLibrary:
    """Keeps drafts by their source; refuses those whose text says so."""

    texts: dict[str, str] = field(default_factory=dict)

    def add(self, draft: Draft) -> FakeAddition:
        if "refuse me" in draft.text:
            raise InputError("refused: try another", field="text")
        if "locked" in draft.text:
            raise LibraryLocked("the library is locked: wait")
        source = draft.source or ""
        before = self.texts.get(source)
        self.texts[source] = draft.text
        article = Article(
            id=source,
            title=draft.title,
            source=draft.source,
            published=draft.published,
            text=draft.text,
            revision=revision_of(draft.text),
        )
        if before is None:
            return FakeAddition("added", article)
        return FakeAddition("unchanged" if before == draft.text else "replaced", article)


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of articles to take in; what lies beside it is not asked for."""
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def write(path: Path, text: str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_seed_is_taken_in_under_its_path(library: FakeLibrary) -> None:
    report = take_in(library, [SEED.parent], base=SEED.parents[1])
    (outcome,) = report.outcomes
    assert (outcome.path, outcome.status, outcome.reason) == (SEED, "added", "")
    assert outcome.article is not None
    assert outcome.article.source == "seeds/000_6a5157c59b34f5d3.txt"


def test_folders_are_walked_to_the_bottom_in_the_order_of_names(folder: Path) -> None:
    names = ["b.txt", "a/z.md", "c/d/e", "a.txt"]
    for name in names:
        write(folder / name)
    found = find_files([folder]).files
    assert [path.relative_to(folder).as_posix() for path in found] == [
        *("a/z.md", "a.txt", "b.txt", "c/d/e")
    ]


def test_hidden_files_and_folders_are_left_out_unless_named(folder: Path) -> None:
    hidden = write(folder / ".hidden.txt")
    write(folder / ".git" / "a.txt")
    plain = write(folder / "a.txt")
    assert find_files([folder]).files == (plain,)
    assert find_files([folder]).skipped == ()
    assert find_files([hidden]).files == (hidden,)


def test_other_formats_in_a_folder_are_skipped_with_the_reason(
    folder: Path, library: FakeLibrary
) -> None:
    plain, picture = write(folder / "a.txt"), write(folder / "b.PNG")
    assert take_in(library, [folder], base=folder).outcomes[1:] == (
        Outcome(picture, "skipped", "the format '.PNG' is not taken"),
    )
    assert find_files([folder]).files == (plain,)


def test_a_named_file_of_another_format_is_refused(folder: Path, library: FakeLibrary) -> None:
    picture, plain = write(folder / "b.png"), write(folder / "c.txt")
    report = take_in(library, [picture, plain], base=folder)
    assert [outcome.status for outcome in report.outcomes] == ["refused", "added"]
    assert report.of("refused")[0].reason == (
        f"'{picture}' has the suffix '.png', a format that is not taken: "
        f"use one of {formats_taken()}"
    )


def test_a_named_file_is_not_reported_as_skipped_by_its_folder_too(folder: Path) -> None:
    picture = write(folder / "b.png")
    write(folder / "a.txt")
    assert find_files([folder, picture]).skipped == ()


def test_links_in_a_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.txt")
    plain = write(folder / "a.txt")
    (folder / "file").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent)
    (folder / "round").symlink_to(folder)
    (folder / "same.txt").symlink_to(plain)
    (folder / "loop").symlink_to(folder / "loop")
    found = find_files([folder])
    assert found.files == (plain,)
    assert [(path.name, reason) for path, reason in found.skipped] == [
        *(("file", "a link"), ("folder", "a link"), ("loop", "a link"), ("round", "a link"))
    ]


def test_a_link_that_is_named_is_followed(folder: Path, tmp_path: Path) -> None:
    plain = write(folder / "a.txt")
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert find_files([link]).files == (link / plain.name,)


def test_a_file_reached_twice_is_found_once(folder: Path) -> None:
    plain = write(folder / "a.txt")
    assert find_files([plain, folder, folder / ".." / "articles" / "a.txt"]).files == (plain,)


def test_a_missing_path_stops_everything_before_it_starts(
    folder: Path, library: FakeLibrary
) -> None:
    plain, missing = write(folder / "a.txt"), folder / "no.txt"
    message = (
        f"^'{missing}' cannot be found: give the path of an article or of a folder of articles$"
    )
    with pytest.raises(NoArticlesFound, match=message) as refusal:
        take_in(library, [plain, missing], base=folder)
    assert refusal.value.field == "path"
    assert library.texts == {}


def test_a_pipe_is_no_article(folder: Path) -> None:
    pipe = folder / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(NoArticlesFound, match=r"pipe\.txt' is neither a file nor a folder: give"):
        find_files([pipe])
    write(folder / "a.txt")
    assert find_files([folder]).skipped == ((pipe, "not a file"),)


def test_a_folder_without_articles_is_an_error_with_the_formats(folder: Path) -> None:
    (folder / "empty").mkdir()
    message = f"^'{folder}' holds no article: give a folder with files of the formats .atom, "
    with pytest.raises(NoArticlesFound, match=message) as refusal:
        find_files([folder])
    assert refusal.value.field == "path"


def test_a_folder_of_other_formats_says_what_it_holds(folder: Path) -> None:
    write(folder / "a.png")
    with pytest.raises(
        NoArticlesFound,
        match=r"holds no article \(skipped 'a.png', the format '.png' is not taken\): give",
    ):
        find_files([folder])
    write(folder / "b.jpg")
    with pytest.raises(NoArticlesFound, match=r"'.png' is not taken and 1 more\): give"):
        find_files([folder])


def test_a_folder_that_cannot_be_read_is_skipped_with_the_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = write(folder / "a.txt")
    locked = write(folder / "locked" / "b.txt").parent
    listdir = os.listdir

    def refuse(path: Path) -> list[str]:  # permissions would not stop root
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr("os.listdir", refuse)
    found = find_files([folder])
    assert found.files == (plain,)
    assert found.skipped == ((locked, "cannot be read (Permission denied)"),)


def test_a_file_that_cannot_be_read_is_refused(
    folder: Path, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder / "a.txt")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (outcome,) = take_in(library, [folder], base=folder).outcomes
    assert outcome == Outcome(
        path,
        "refused",
        f"'{path}' cannot be read (Permission denied): check it and its permissions",
    )


def test_refused_files_do_not_stop_the_others(folder: Path, library: FakeLibrary) -> None:
    write(folder / "a.txt", "")
    write(folder / "b.txt", "binary \0")
    write(folder / "c.txt", "refuse me")
    write(folder / "d.txt")
    report = take_in(library, [folder], base=folder)
    assert [(outcome.path.name, outcome.status) for outcome in report.outcomes] == [
        *(("a.txt", "refused"), ("b.txt", "refused"), ("c.txt", "refused"), ("d.txt", "added"))
    ]
    assert report.of("refused")[2].reason == "refused: try another"
    assert library.texts == {"d.txt": "Some text."}


def test_a_library_that_fails_stops_everything(folder: Path, library: FakeLibrary) -> None:
    write(folder / "a.txt", "locked")
    with pytest.raises(LibraryLocked, match="the library is locked: wait"):
        take_in(library, [folder], base=folder)


def test_the_same_files_again_are_unchanged_and_changed_ones_replaced(
    folder: Path, library: FakeLibrary
) -> None:
    write(folder / "a.txt")
    changed = write(folder / "b.txt")
    take_in(library, [folder], base=folder)
    write(changed, "Another text.")
    report = take_in(library, [folder], base=folder)
    assert [outcome.status for outcome in report.outcomes] == ["unchanged", "replaced"]
    assert report.of("added", "replaced") == report.outcomes[1:]


def test_two_files_with_the_same_address_do_not_replace_each_other(
    folder: Path, library: FakeLibrary
) -> None:
    matter = "---\nurl: https://a.example/1\n---\n"
    first = write(folder / "a.md", f"{matter}One.")
    second = write(folder / "b.md", f"{matter}Two.")
    report = take_in(library, [folder], base=folder)
    assert [outcome.status for outcome in report.outcomes] == ["added", "refused"]
    assert report.outcomes[1].reason == (
        f"'{second}' gives the source 'https://a.example/1', and so does '{first}': "
        "give each its own"
    )
    assert library.texts == {"https://a.example/1": f"{matter}One."}


def test_a_file_of_several_articles_gives_each_its_place_as_its_source(
    folder: Path, library: FakeLibrary
) -> None:
    lines = ['{"text": "One."}', "{", '{"text": "Three.", "source": "https://a.example/3"}']
    path = write(folder / "all.jsonl", "\n".join(lines))
    told: list[Progress] = []
    first, third, second = taking_in(library, [path], base=folder, on_progress=told.append)
    assert (first.status, first.place) == ("added", "#1")
    assert (third.status, third.place) == ("added", "#3")
    assert (second.status, second.place, second.article) == ("refused", "#2", None)
    assert second.reason
    assert library.texts.keys() == {"all.jsonl#1", "https://a.example/3"}
    assert [round(one.done * 3 / one.total) for one in told] == [1, 2, 3]


def test_articles_of_one_file_with_the_same_source_do_not_replace_each_other(
    folder: Path, library: FakeLibrary
) -> None:
    line = '{{"text": "{}", "source": "https://a.example/1"}}'
    path = write(folder / "all.jsonl", "\n".join(map(line.format, ["One.", "Two."])))
    report = take_in(library, [path], base=folder)
    assert [outcome.status for outcome in report.outcomes] == ["added", "refused"]
    assert report.outcomes[1].reason == (
        f"'{path}#2' gives the source 'https://a.example/1', and so does '{path}#1': "
        "give each its own"
    )


def test_what_a_file_shows_and_its_articles_do_not_hold_is_told_once(
    folder: Path, library: FakeLibrary
) -> None:
    lines = '{"text": "One.", "published": "03/04/2026"}\n{"text": "Two."}'
    (folder / "some.jsonl").write_text(lines)
    outcomes = take_in(library, [folder / "some.jsonl"], folder).outcomes
    assert [len(outcome.left_out) for outcome in outcomes] == [1, 0]
    assert str(outcomes[0].left_out[0]).startswith("date left out")


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(
    folder: Path, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(folder / "a.txt", "x" * 11)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    (outcome,) = take_in(library, [path], base=folder, limits=Limits(max_file_bytes=10)).outcomes
    assert outcome.reason == (
        f"'{path}' has 11 bytes, more than the 10 taken: "
        "set PULLQUOTE_MAX_FILE_BYTES higher to take it"
    )


def test_a_name_that_is_not_utf8_is_refused(folder: Path, library: FakeLibrary) -> None:
    path = folder / os.fsdecode(b"caf\xe9.txt")
    write(path)
    (outcome,) = take_in(library, [folder], base=folder).outcomes
    assert outcome.reason == r"'caf\udce9.txt' has a name that is not UTF-8: rename it"


def test_progress_counts_the_bytes_of_the_files_that_are_done_and_the_articles(
    folder: Path, library: FakeLibrary
) -> None:
    write(folder / "a.txt", "Four words of text.")
    write(folder / "b.txt", "binary \0")
    write(folder / "c.txt", "One.")
    write(folder / "d.png")
    told: list[Progress] = []
    list(taking_in(library, [folder], base=folder, on_progress=told.append))
    assert told == [Progress(19, 31, 1), Progress(27, 31, 1), Progress(31, 31, 2)]


def test_articles_are_told_one_by_one_as_they_go_in(folder: Path, library: FakeLibrary) -> None:
    for number in range(30):
        write(folder / f"{number:02}.txt")
    telling = taking_in(library, [folder], base=folder, workers=1)
    assert next(telling).path.name == "00.txt"
    assert 1 <= len(library.texts) < 30
    telling.close()
    kept = len(library.texts)
    assert kept < 30
    report = take_in(library, [folder], base=folder)
    assert len(report.of("unchanged")) == kept
    assert len(report.of("added")) == 30 - kept


def test_several_articles_go_in_at_once_and_are_told_in_the_order_of_the_files(
    folder: Path,
) -> None:
    @dataclass
    class Patient(FakeLibrary):
        """Adds only when two are there to be added."""

        both: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))

        def add(self, draft: Draft) -> FakeAddition:
            self.both.wait(10)
            return super().add(draft)

    names = [f"{number}.txt" for number in range(6)]
    for name in names:
        write(folder / name)
    outcomes = list(taking_in(Patient(), [folder], base=folder, workers=2))
    assert [outcome.path.name for outcome in outcomes] == names


@pytest.mark.parametrize(
    ("path", "base", "source"),
    [
        ("/work/seeds/a.txt", "/work", "seeds/a.txt"),
        ("/work/x/../seeds/a.txt", "/work/", "seeds/a.txt"),
        ("/elsewhere/a.txt", "/work", "/elsewhere/a.txt"),
        ("/workshop/a.txt", "/work", "/workshop/a.txt"),
    ],
)
def test_a_source_is_the_path_from_the_base_or_from_the_root(
    path: str, base: str, source: str
) -> None:
    assert source_of(Path(path), Path(base)) == source


def test_relative_paths_count_from_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert source_of(Path("sub/a.txt"), Path()) == "sub/a.txt"
    assert source_of(Path("a.txt"), Path("other")) == (folder / "a.txt").as_posix()
