"""The choice of a loader, decoding, plain text and titles."""

# text in other scripts is what is tested

import codecs
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.ingest.loading import (
    Limits,
    Loader,
    draft_of_text,
    formats_taken,
    load,
    load_all,
    takes,
)
from index.ingest.loading.archive import ArchiveLoader
from index.ingest.loading.docx import DocxLoader
from index.ingest.loading.feed import FeedLoader
from index.ingest.loading.file import File
from index.ingest.loading.html import HtmlLoader
from index.ingest.loading.json_articles import JsonLoader
from index.ingest.loading.markdown import MarkdownLoader
from index.ingest.loading.pdf import PdfLoader
from index.ingest.loading.registry import LOADERS, loader_for
from index.ingest.loading.text import TextLoader
from index.ingest.loading.title import shorten
from tests.index.ingest.loading import files

ROOT = Path(__file__).parents[4]
SEED = ROOT / "seeds" / "000_6a5157c59b34f5d3.txt"
SENTENCE = "The talks began in January."


def text_of(data: bytes) -> str:
    return load(data, "a.txt").text


def test_the_seed_is_loaded_with_its_opening_words_as_title() -> None:
    data = SEED.read_bytes()
    draft = load(data, SEED.name)
    assert draft.text.encode() == data
    assert (len(draft.paragraphs), len(draft.headings)) == (8, 3)
    assert draft.title == (
        "A high-level Ukrainian delegation has arrived in the United States for critical…"
    )
    assert (draft.source, draft.published) == (None, None)


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.text", "README", ".hidden", "x.d/README"])
def test_text_files_and_files_without_a_suffix_are_plain_text(name: str) -> None:
    assert load(b"# It is no heading.", name).paragraphs[0].span.end == 19
    assert takes(name)


@pytest.mark.parametrize("name", ["a.md", "a.MD", "a.markdown"])
def test_markdown_is_known_by_its_suffix(name: str) -> None:
    assert load(b"# A heading\n\nText.", name).title == "A heading"
    assert takes(name)


def test_the_media_type_decides_when_the_name_has_no_suffix() -> None:
    draft = load(b"# A heading\n\nText.", "upload", content_type="Text/Markdown; charset=utf-8")
    assert draft.title == "A heading"
    assert load(b"# It is.", "a.txt", content_type="text/markdown").title == "# It is."


def test_another_format_is_refused_by_naming_the_file_and_the_formats() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        load(b"MZ", "report.DOC")
    assert str(refusal.value) == (
        "'report.DOC' has the suffix '.doc', a format that is not taken: "
        f"use one of {formats_taken()}"
    )
    assert formats_taken() == (
        ".atom, .docx, .epub, .htm, .html, .json, .jsonl, .markdown, .md, .ndjson, .odp, .ods, "
        ".odt, .pdf, .pptx, .rss, .text, .txt, .xhtml, .xlsm, .xlsx, .xml, .zip and files without "
        "a suffix, by their content"
    )
    assert refusal.value.field == "file"
    assert not takes("report.DOC")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.pdf(files.lines([SENTENCE])), PdfLoader),
        (files.page(SENTENCE), HtmlLoader),
        (b"\n <!-- saved --> <HTML><p>Words.", HtmlLoader),
        ("\ufeff<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html>".encode(), HtmlLoader),
        ("<!doctype html><p>Words.".encode("utf-16"), HtmlLoader),
        (files.rss(), FeedLoader),
        (b"<?xml version='1.0'?><!-- a --><feed xmlns='http://www.w3.org/2005/Atom'/>", FeedLoader),
        (b"<?xml version='1.0'?><rdf:RDF/>", FeedLoader),
        (files.archive({"a.txt": SENTENCE}), ArchiveLoader),
        (files.document((SENTENCE, "")), ArchiveLoader),
    ],
)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.md", "a.pdf", "a.exe", "a.json"])
def test_a_plain_content_decides_whatever_the_name_says(
    data: bytes, kind: type[Loader], name: str
) -> None:
    assert isinstance(loader_for(File(data, name, "text/plain")), kind)


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kind"),
    [
        (b"words", "a.pdf", "", PdfLoader),
        (b"<p>Words.", "a.html", "text/plain", HtmlLoader),
        (b"<p>Words.", "a.php", "text/html; charset=utf-8", HtmlLoader),
        (b"<p>Words.", "a.txt", "text/html", TextLoader),
        (b"<book/>", "a.xml", "", FeedLoader),
        (b"words", "a.docx", "", DocxLoader),
        (b'{"text": "a"}', "a", "", JsonLoader),
        (b'{"text": "a"}', "a.log", "application/json", JsonLoader),
        (b"[1] In the text, a note.", "a", "", TextLoader),
        (b"<body><p>Words.", "a", "", HtmlLoader),
        (b"x %PDF-1.4", "a", "", PdfLoader),
        (b"<p align=center># Words", "a.md", "", MarkdownLoader),
        (b"words", "a.log", "text/plain", TextLoader),
    ],
)
def test_else_the_name_decides_then_the_content_type_then_the_looks(
    data: bytes, name: str, content_type: str, kind: type[Loader]
) -> None:
    assert isinstance(loader_for(File(data, name, content_type)), kind)


def test_too_large_a_file_is_refused_before_anything_is_looked_at() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.txt' has 27 bytes, more than the 24 taken: "
        "set PULLQUOTE_MAX_FILE_BYTES higher to take it$",
    ):
        load_all(SENTENCE.encode(), "a.txt", limits=Limits(max_file_bytes=24))


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_too_long_a_text_is_refused(name: str) -> None:
    with pytest.raises(LimitExceeded, match="has 27 characters, more than the 24 taken: set PULL"):
        load_all(SENTENCE.encode(), name, limits=Limits(max_article_characters=24))


def test_where_one_article_is_wanted_a_file_with_several_is_refused() -> None:
    several = b'{"text": "One."}\n{"text": "Two."}\n{"text": ""}'
    with pytest.raises(
        UnreadableFile, match=r"^'a\.jsonl' holds 3 articles: give a file with one$"
    ):
        load(several, "a.jsonl")
    assert load(b'{"text": "One."}', "a.jsonl").text == "One."


def test_a_file_that_is_one_article_has_the_source_of_the_file() -> None:
    (draft,) = load_all(SENTENCE.encode(), "a.txt").sourced("notes/a.txt")
    assert draft.source == "notes/a.txt"


def test_no_two_loaders_claim_the_same_suffix_or_media_type() -> None:
    loaders: tuple[Loader, ...] = LOADERS
    for names in (
        [loader.suffixes for loader in loaders],
        [loader.media_types for loader in loaders],
    ):
        flat = [name for group in names for name in group]
        assert len(flat) == len(set(flat))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark: bytes, encoding: str) -> None:
    assert text_of(mark + "Ein Café. 😀".encode(encoding)) == "Ein Café. 😀"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends_and_outer_white_space_stay_as_they_were(end: str) -> None:
    text = f"{end} {SENTENCE}{end}{end}{SENTENCE}{end}"
    draft = load(text.encode(), "a.txt")
    assert draft.text == text
    assert [p.span.of(text) for p in draft.paragraphs] == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "It’s late."),
        ("cp1252", "It’s a café – “nice” they said. The €5 price is fair to all."),
        ("cp1252", "Der Präsident erklärte, dass die Gespräche für möglich gehalten würden."),
        ("cp1252", "El niño comió mañana. ¿Qué pasó? La situación económica está difícil."),
        ("cp1252", "Åren går och isen på sjön är så tjock att bilar kör på den."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy. Prezident oznámil začátek jednání."),
        ("cp1250", "Prezydent oświadczył, że rozmowy rozpoczęły się w styczniu. Zgodziły się."),
        ("cp1251", "Президент заявил, что переговоры начались в январе. Все согласны."),
        ("cp1253", "Ο πρόεδρος δήλωσε ότι οι συνομιλίες ξεκίνησαν τον Ιανουάριο."),
        ("cp932", "大統領は一月に交渉が始まったと述べた。すべての当事者が同意した。"),
        ("gb18030", "总统表示谈判于一月开始。各方均表示同意。"),
        ("big5", "總統表示談判於一月開始。各方均表示同意。"),
        ("cp949", "대통령은 1월에 협상이 시작되었다고 말했다."),
    ],
)
def test_other_encodings_are_recognised(encoding: str, text: str) -> None:
    assert text_of(text.encode(encoding)) == text


def test_a_long_text_in_windows_1252_is_recognised() -> None:
    text = "La décision a été prise à l’unanimité, après une journée très agitée. " * 50
    assert text_of(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GIF89a\x01\x00 words", "a NUL byte at byte 7"),
        (b"\x1f\x8b\x08words\x02\x03", "4 control characters among 10"),
        (b"\xff\xd8\x01\x02words", "2 control characters among 9"),
        (
            codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"),
            r"a NUL character \(U\+0000\) at character 1",
        ),
    ],
)
def test_a_binary_file_is_refused(data: bytes, reason: str) -> None:
    message = rf"^'a\.txt' is binary \({reason}\): save it as plain text in UTF-8$"
    with pytest.raises(UnreadableFile, match=message) as refusal:
        load(data, "a.txt")
    assert refusal.value.field == "file"


def test_a_stray_control_character_in_a_long_text_is_kept() -> None:
    text = SENTENCE * 20 + "\x08"
    assert text_of(text.encode()) == text


def test_damaged_utf8_is_not_garbled_into_another_encoding() -> None:
    data = "Łódź, Kraków.".encode() + b" \xc5." + "Gdańsk".encode()
    with pytest.raises(
        UnreadableFile,
        match=r"^'a\.txt' is UTF-8 with a broken character at byte 18: save it as UTF-8$",
    ):
        load(data, "a.txt")


def test_a_broken_utf16_file_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        UnreadableFile,
        match=r"^'a\.txt' looks like utf-16-le but breaks off it at byte 2: save it as UTF-8$",
    ):
        load(codecs.BOM_UTF16_LE + b"a\0b", "a.txt")


def test_bytes_in_no_known_encoding_are_refused_with_the_remedy() -> None:
    data = bytes(range(0x80, 0x100)) * 3
    with pytest.raises(
        UnreadableFile,
        match=r"^'a\.txt' is in no character encoding that could be recognised: save it as UTF-8$",
    ):
        load(data, "a.txt")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, b"***\n...", "😀".encode()])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    with pytest.raises(
        EmptyArticle, match=r"^'a\.md' holds no text: give a file with words in it$"
    ):
        load(data, "a.md")


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_loaded_or_refused(data: bytes) -> None:
    for name in ("a.txt", "a.md"):
        try:
            draft = load(data, name)
        except (UnreadableFile, EmptyArticle):
            continue
        draft.text.encode()
        assert "\0" not in draft.text
        assert draft.title


def test_a_posted_text_is_kept_exactly_with_what_is_said_about_it() -> None:
    text = "\ufeff One.\r\n\r\nTwo.\n"
    draft = draft_of_text(text, " My\ntitle ", "https://a.example/1", "2026-01-17")
    assert draft.text == text
    assert (draft.title, draft.source, draft.published) == (
        *("My title", "https://a.example/1", "2026-01-17"),
    )


def test_blank_particulars_count_as_none() -> None:
    assert draft_of_text("Some text.", " ", "", "") == draft_of_text("Some text.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\0b", r"a NUL character \(U\+0000\) at character 1"),
        ("a \ud83d", r"a lone surrogate \(U\+D83D\) at character 2"),
        ("a\x02\x03", "2 control characters among 3"),
    ],
)
@pytest.mark.parametrize("field", ["text", "title", "source", "author"])
def test_text_that_is_not_unicode_is_refused_in_every_field(
    text: str, reason: str, field: str
) -> None:
    values: dict[str, Any] = {"text": "Some text.", field: text}
    with pytest.raises(InputError, match=f"^the {field} holds {reason}: send Unicode text$") as e:
        draft_of_text(**values)
    assert e.value.field == field


@pytest.mark.parametrize("text", ["", " \n", "***"])
def test_a_posted_text_without_words_is_empty(text: str) -> None:
    with pytest.raises(
        EmptyArticle, match=r"^the text holds no words: send the text of an article$"
    ) as refusal:
        draft_of_text(text)
    assert refusal.value.field == "text"


@pytest.mark.parametrize("published", ["yesterday", "2026-02-30", "17.01.2026"])
def test_a_posted_date_of_another_form_is_refused(published: str) -> None:
    with pytest.raises(
        InputError, match=f"^published is '{published}', which is no date: write it as 2026-01-17$"
    ) as refusal:
        draft_of_text("Some text.", published=published)
    assert refusal.value.field == "published"


def test_a_heading_above_the_first_paragraph_is_the_title() -> None:
    assert draft_of_text(f"The  bridge\n======\n\n{SENTENCE}").title == "The bridge"


def test_a_heading_further_down_is_not_the_title() -> None:
    assert draft_of_text(f"{SENTENCE}\n\nThe bridge\n\n{SENTENCE}").title == SENTENCE


def test_opening_words_are_cut_at_a_word_within_80_characters() -> None:
    title = draft_of_text("word " * 30 + "end.").title
    assert title == "word " * 14 + "word" + " word…"
    assert len(title) == 80


def test_an_endless_opening_word_is_cut_anywhere() -> None:
    assert draft_of_text("x" * 5000).title == "x" * 79 + "…"


@given(st.text(), st.integers(2, 100))
def test_shortening_never_exceeds_the_length(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert short == text or text.startswith(short.removesuffix("…"))


@given(st.text().filter(lambda text: any(character.isalnum() for character in text)))
@settings(deadline=None)
def test_a_title_is_never_empty(text: str) -> None:
    try:
        draft = draft_of_text(text)
    except InputError:
        return
    assert draft.title.strip() == draft.title != ""


def test_a_file_and_the_same_text_posted_make_the_same_draft() -> None:
    text = SEED.read_text(encoding="utf-8")
    posted: Draft = draft_of_text(text, source="seed")
    assert posted == replace(load(text.encode(), "a.txt"), source="seed")


def test_an_article_with_too_many_paragraphs_is_refused_with_the_setting() -> None:
    few = Limits(max_article_paragraphs=3)
    text = "\n\n".join([SENTENCE] * 4).encode()

    with pytest.raises(LimitExceeded, match="has 4 paragraphs, more than the 3 taken") as error:
        load_all(text, "a.txt", limits=few)
    assert error.value.setting == "PULLQUOTE_MAX_ARTICLE_PARAGRAPHS"
    assert len(load_all(text, "a.txt", limits=Limits(max_article_paragraphs=4)).drafts) == 1


def test_of_several_articles_only_the_one_with_too_many_paragraphs_is_refused() -> None:
    texts = [SENTENCE, "\n\n".join([SENTENCE] * 4)]
    data = json.dumps([{"text": text} for text in texts]).encode()

    loaded = load_all(data, "a.json", limits=Limits(max_article_paragraphs=3))

    assert [draft.text for draft in loaded.drafts] == [SENTENCE]
    (refused,) = loaded.refused
    assert refused.name == "a.json#2"
    assert "PULLQUOTE_MAX_ARTICLE_PARAGRAPHS" in refused.reason
