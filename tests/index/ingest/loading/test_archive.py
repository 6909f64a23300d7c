"""ZIP: the files in an archive, and what archives are refused for."""

import stat
import struct
import zipfile
from io import BytesIO

import pytest

from index.errors import EmptyArticle, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.archive import ArchiveLoader
from index.ingest.loading.file import File
from index.ingest.loading.registry import load_here
from tests.index.ingest.loading.files import WORDS, archive, document, lines, page, pdf, rss


def load(data: bytes, limits: Limits | None = None) -> Loaded:
    return ArchiveLoader(load_here).load(File(data, "a.zip"), limits or Limits())


def reasons(loaded: Loaded) -> list[str]:
    assert not loaded.drafts
    return [refused.reason for refused in loaded.refused]


def test_files_of_every_format_are_taken_each_with_its_place() -> None:
    loaded = load(
        archive(
            {
                "a.txt": WORDS,
                "notes/b.md": f"# B\n\n{WORDS}",
                "c.html": page(f"<p>{WORDS}</p>"),
                "d.pdf": pdf(lines([WORDS])),
                "e.docx": document((WORDS, "")),
                "f.jsonl": '{"text": "One."}\n{"text": "Two."}',
                "g.xml": rss(f"<description>{WORDS}</description>"),
            }
        )
    )
    assert loaded.refused == ()
    assert loaded.places == (
        *("/a.txt", "/notes/b.md", "/c.html", "/d.pdf", "/e.docx", "/f.jsonl#1", "/f.jsonl#2"),
        "/g.xml#1",
    )
    assert [draft.source for draft in loaded.sourced("x/a.zip")][1] == "x/a.zip/notes/b.md"


def test_a_docx_is_one_article_and_no_archive() -> None:
    loaded = load(document((WORDS, "")))
    assert (loaded.places, loaded.drafts[0].text) == (("",), WORDS)


def test_folders_and_hidden_files_are_passed_over() -> None:
    loaded = load(
        archive({"x/": "", ".git/a.txt": "No.", "__MACOSX/a.txt": "No.", "x/a.txt": WORDS})
    )
    assert (loaded.places, loaded.refused) == (("/x/a.txt",), ())


def test_a_file_that_cannot_be_used_is_refused_and_the_others_are_taken() -> None:
    loaded = load(archive({"a.txt": WORDS, "b.exe": "MZ", "c.txt": b"a\0b", "d.pdf": "%PDF-"}))
    assert loaded.places == ("/a.txt",)
    assert [refused.name for refused in loaded.refused] == [
        *("a.zip/b.exe", "a.zip/c.txt", "a.zip/d.pdf")
    ]
    assert "'a.zip/b.exe' has the suffix '.exe', a format" in loaded.refused[0].reason


@pytest.mark.parametrize(
    "name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "..\\a.txt", "C:\\a.txt", "x/.."]
)
def test_a_path_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    (reason,) = reasons(load(archive({name: WORDS})))
    assert "has a path that leads out of the archive: pack it again without such paths" in reason


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    (reason,) = reasons(load(stream.getvalue()))
    assert reason == "'a.zip/a.txt' is a link: pack the file that it leads to"


def test_an_encrypted_file_is_refused() -> None:
    data = bytearray(archive({"a.txt": WORDS}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (reason,) = reasons(load(bytes(data)))
    assert reason == "'a.zip/a.txt' is encrypted: pack it without a password"


def test_an_archive_without_files_is_refused() -> None:
    with pytest.raises(EmptyArticle, match=r"^'a\.zip' holds no files: give an archive with"):
        load(archive({}))


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"words", b""])
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.zip' cannot be read as ZIP"):
        load(data)


def test_a_file_that_is_not_what_was_packed_is_refused() -> None:
    data = archive({"a.txt": WORDS}, deflate=False).replace(b"noon", b"dusk")
    (reason,) = reasons(load(data))
    assert reason.startswith("'a.zip/a.txt' cannot be read as a file in a ZIP (BadZipFile: Bad CRC")


def test_an_archive_in_an_archive_is_taken_and_one_deeper_is_refused() -> None:
    inner = archive({"a.txt": WORDS})
    loaded = load(archive({"b.zip": inner, "c.zip": archive({"d.zip": inner})}))
    assert loaded.places == ("/b.zip/a.txt",)
    (refused,) = loaded.refused
    assert refused.reason == (
        "'a.zip/c.zip/d.zip' is an archive within 2 others, more than the 1 taken: "
        "set PULLQUOTE_MAX_ARCHIVE_DEPTH higher to take it"
    )


def test_too_many_files_are_refused_before_one_is_unpacked() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.zip' has 3 files in it, more than the 2 taken: "
        "set PULLQUOTE_MAX_ARCHIVE_MEMBERS higher to take it$",
    ):
        load(archive(dict.fromkeys("abc", WORDS)), Limits(max_archive_members=2))


def test_files_of_archives_within_count_too() -> None:
    inner = archive(dict.fromkeys("abc", WORDS))
    loaded = load(archive({"b.zip": inner}), Limits(max_archive_members=3))
    assert "'a.zip' has 4 files in it" in reasons(loaded)[0]


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.zip' has 50 bytes when unpacked, more than the 49 taken: "
        "set PULLQUOTE_MAX_UNPACKED_BYTES higher to take it$",
    ):
        load(archive({"a": WORDS, "b": WORDS}), Limits(max_unpacked_bytes=49))


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    (reason,) = reasons(load(archive({"a.txt": b" " * 2_000_000})))
    assert "times its size when unpacked, more than the 200 taken" in reason
    assert "PULLQUOTE_MAX_UNPACKED_RATIO" in reason


def test_a_bomb_that_lies_about_its_size_unpacks_to_no_more_than_it_says() -> None:
    data = bytearray(archive({"a.txt": b"a " * 1_000_000}))
    for place in (22, data.index(b"PK\x01\x02") + 24):
        data[place : place + 4] = struct.pack("<I", 10)
    (reason,) = reasons(load(bytes(data)))
    assert "cannot be read as a file in a ZIP (BadZipFile: Bad CRC-32" in reason


def test_too_large_a_file_is_refused() -> None:
    (reason,) = reasons(load(archive({"a.txt": WORDS}), Limits(max_file_bytes=5)))
    assert "'a.zip/a.txt' has 25 bytes, more than the 5 taken: set PULLQUOTE_MAX_FILE_B" in reason


def test_too_many_articles_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="has 2 articles, more than the 1 taken: set PULLQUOTE"):
        load(archive({"a.txt": WORDS, "b.txt": WORDS}), Limits(max_file_articles=1))


def test_an_archive_that_holds_itself_ends() -> None:
    """A quine: what it unpacks to is the archive, and so on (here for want of one a long chain)."""
    data = archive({"a.txt": WORDS})
    for _ in range(20):
        data = archive({"a.zip": data})
    assert "PULLQUOTE_MAX_ARCHIVE_DEPTH" in reasons(load(data))[0]


def test_a_name_that_is_no_text_is_quoted_safely() -> None:
    loaded = load(archive({"a\x1b[31m\n.txt": WORDS, "b\x1b.exe": "MZ"}))
    assert loaded.places == ("/a\ufffd[31m\ufffd.txt",)
    assert loaded.refused[0].name == "a.zip/b\ufffd.exe"
