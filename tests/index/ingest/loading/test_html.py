"""HTML: the main text of a page, what it says of itself, and its encoding."""

import codecs

import pytest

from index.article import Draft
from index.errors import EmptyArticle, LimitExceeded
from index.ingest.loading import Limits
from index.ingest.loading.file import File
from index.ingest.loading.html import HtmlLoader, blocks_of_html
from tests.index.ingest.loading.files import page

FERRY = (
    "The ferry to the island leaves the harbour at noon on every day of the week but Sunday, "
    "when there is none."
)
TICKETS = (
    "Tickets cost 12 pounds for adults, and children under the age of six need none at all, "
    "says the harbour's office."
)


def load(data: bytes, content_type: str = "", limits: Limits | None = None) -> Draft:
    (draft,) = HtmlLoader().load(File(data, "a.html", content_type), limits or Limits()).drafts
    return draft


def parts(data: bytes) -> list[tuple[int, str]]:
    """The blocks with their levels, 0 for paragraphs."""
    draft = load(data)
    found = [*((p.span, 0) for p in draft.paragraphs), *((h.span, h.level) for h in draft.headings)]
    return [(level, span.of(draft.text)) for span, level in sorted(found)]


def test_the_main_text_is_taken_and_what_stands_around_it_is_not() -> None:
    body = (
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/x'>News</a></li></ul></nav>"
        f"<article><h1>The harbour</h1><p>{FERRY}</p><h2>Tickets</h2><p>{TICKETS}</p></article>"
        "<footer><p>Copyright The Courier</p></footer><script>var a = 'Not this.';</script>"
    )
    assert parts(page(body)) == [(1, "The harbour"), (0, FERRY), (2, "Tickets"), (0, TICKETS)]


def test_items_and_rows_are_paragraphs_and_inline_marks_leave_no_trace() -> None:
    body = (
        f"<article><p>{FERRY}</p><ul><li>Buses <b>cross</b> the bridge.</li>"
        "<li>Trams <a href='/'>stop</a> there.</li></ul>"
        f"<table><tr><th>Hour</th><th>Cars</th></tr><tr><td>noon</td><td>12</td></tr></table>"
        f"<p>{TICKETS}</p></article>"
    )
    assert parts(page(body)) == [
        (0, FERRY),
        (0, "Buses cross the bridge."),
        (0, "Trams stop there."),
        (0, "Hour | Cars"),
        (0, "noon | 12"),
        (0, TICKETS),
    ]


def test_title_author_date_address_and_tags_are_from_the_metadata() -> None:
    head = (
        "<title>Ferries - The Courier</title><meta property='og:title' content='Ferries'>"
        "<meta name='author' content='Ann Lee'><meta name='keywords' content='sea, boats'>"
        "<meta property='article:published_time' content='2025-02-11T08:30:00Z'>"
        "<link rel='canonical' href='https://courier.example/ferries'>"
    )
    draft = load(page(f"<article><p>{FERRY}</p><p>{TICKETS}</p></article>", head))
    assert (draft.title, draft.author, draft.published) == ("Ferries", "Ann Lee", "2025-02-11")
    assert (draft.source, draft.tags) == ("https://courier.example/ferries", ("sea", "boats"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/ferries", "file:///etc/passwd", ""])
def test_an_address_that_is_none_of_the_web_is_no_source(address: str) -> None:
    head = f"<link rel='canonical' href='{address}'>"
    assert load(page(f"<p>{FERRY}</p>", head)).source is None


def test_a_year_in_the_footer_is_no_date() -> None:
    body = f"<article><p>{FERRY}</p><p>{TICKETS}</p></article><footer>Copyright 2019</footer>"
    assert load(page(body)).published is None


def test_a_page_of_one_sentence_is_taken_whole() -> None:
    assert parts(page("<h1>Ferries</h1><p>It leaves at noon.</p>"))[-1] == (0, "It leaves at noon.")


def test_entities_are_their_characters() -> None:
    assert load(page("<p>Caf&eacute; &amp; bar &#128512; open.</p>")).text == "Café & bar 😀 open."


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("<html><p>Café ouvert à midi.</p>".encode(), ""),
        ("<html><p>Café ouvert à midi.</p>".encode("utf-16"), ""),
        (codecs.BOM_UTF8 + "<html><p>Café ouvert à midi.</p>".encode(), "text/html;charset=x"),
        ("<html><p>Café ouvert à midi.</p>".encode("cp850"), 'text/html; charset="cp850"'),
        ("<html><meta charset=cp850><p>Café ouvert à midi.</p>".encode("cp850"), "text/html"),
        (
            "<?xml version='1.0' encoding='cp850'?><html><p>Café ouvert à midi.</p>".encode(
                "cp850"
            ),
            "",
        ),
        ("<html><meta charset=utf-16><p>Café ouvert à midi.</p>".encode(), ""),
        ("<html><meta charset=ascii><p>Café ouvert à midi.</p>".encode(), ""),
        ("<html><meta charset=base64><p>Café ouvert à midi.</p>".encode(), ""),
    ],
)
def test_a_page_is_decoded_by_its_mark_or_what_is_said_of_it(
    data: bytes, content_type: str
) -> None:
    assert load(data, content_type).text == "Café ouvert à midi."


@pytest.mark.parametrize("body", ["", "<nav>Home</nav>" * 0, "<script>let a;</script>", "<p>…</p>"])
def test_a_page_without_text_is_refused(body: str) -> None:
    with pytest.raises(EmptyArticle, match=r"^'a\.html' holds no text"):
        load(page(body))


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="more than the 99 taken: set PULLQUOTE_MAX_ARTICLE"):
        load(page(f"<p>{FERRY}</p>"), limits=Limits(max_article_characters=99))


@pytest.mark.parametrize("depth", [300, 50_000])
def test_text_that_is_nested_deeper_than_any_page_is_not_found(depth: int) -> None:
    assert load(page("<div>" * 200 + "<p>It leaves at noon.</p>")).text == "It leaves at noon."
    with pytest.raises(EmptyArticle):
        load(page("<div>" * depth + "<p>It leaves at noon.</p>"))


def test_a_document_type_with_entities_is_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 40))
    data = f'<!DOCTYPE html [<!ENTITY e0 "ha">{entities}]><html><p>At &e39; noon.</p>'.encode()
    assert len(load(data).text) < 5000


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("One<br>two.", [(0, "One\ntwo.")]),
        ("One<p>two</p>three", [(0, "One"), (0, "two"), (0, "three")]),
        ("<pre>a\n  b</pre>", [(0, "a\n  b")]),
        ("<h3>A <i>b</i></h3>c", [(3, "A b"), (0, "c")]),
        ("<table><tr><td><p>a</p></td><td>b<br>c</td></tr></table>", [(0, "a | b c")]),
        ("<table><tr><td><h2>a</h2></td><td>b</td></tr></table>", [(2, "a"), (0, "b")]),
        ("a<!-- no --> b<script>no</script> c", [(0, "a b c")]),
        ("a  \n b", [(0, "a b")]),
        (" ", []),
    ],
)
def test_a_part_of_a_page_is_made_into_blocks(html: str, blocks: list[tuple[int, str]]) -> None:
    found = [(block.level, block.text) for block in blocks_of_html(html)]
    assert found == blocks
