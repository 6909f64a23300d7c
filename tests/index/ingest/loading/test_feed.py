"""RSS and Atom: entries as articles, and bombs of entities."""

import pytest

from index.errors import EmptyArticle, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.feed import FeedLoader
from index.ingest.loading.file import File
from tests.index.ingest.loading.files import WORDS, rss

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title type="html">Ferries &amp;amp; boats</title><id>tag:1</id>
<link href="https://courier.example/1"/><author><name>Ann Lee</name></author>
<published>2025-02-11T08:30:00+01:00</published><category term="sea"/>
<summary>Short.</summary>
<content type="html">&lt;h2&gt;Times&lt;/h2&gt;&lt;p&gt;It leaves at &lt;b&gt;noon&lt;/b&gt;.
&lt;/p&gt;&lt;p&gt;It is slow.&lt;/p&gt;</content></entry></feed>"""


def load(data: bytes, **limits: int) -> Loaded:
    return FeedLoader().load(File(data, "a.xml"), Limits(**limits))


def test_an_entry_of_atom_is_an_article_with_its_content_and_particulars() -> None:
    (draft,) = load(ATOM.encode()).drafts
    assert draft.text == "Times\n\nIt leaves at noon.\n\nIt is slow."
    assert [heading.level for heading in draft.headings] == [2]
    assert (draft.title, draft.author, draft.tags) == ("Ferries & boats", "Ann Lee", ("sea",))
    assert (draft.source, draft.published) == ("https://courier.example/1", "2025-02-11")


def test_an_item_of_rss_is_an_article_of_its_description() -> None:
    feed = rss(
        f"<title>One</title><link>https://courier.example/1</link><description>{WORDS}"
        "</description><pubDate>Tue, 11 Feb 2025 08:30:00 GMT</pubDate><category>a</category>"
        "<category>b</category>",
        "<title>Two</title><description>&lt;p&gt;It is slow.&lt;/p&gt;</description>",
    )
    first, second = load(feed).drafts
    assert (first.title, first.text, first.published) == ("One", WORDS, "2025-02-11")
    assert (first.source, first.tags) == ("https://courier.example/1", ("a", "b"))
    assert (second.text, second.source) == ("It is slow.", None)


def test_an_entry_without_a_link_gets_the_feed_and_its_number_as_source() -> None:
    loaded = load(rss(*[f"<description>{WORDS}</description>"] * 2))
    assert [draft.source for draft in loaded.sourced("news/a.xml")] == [
        "news/a.xml#1",
        "news/a.xml#2",
    ]


def test_plain_text_stays_as_it_is() -> None:
    atom = ATOM.replace('type="html">&lt;h2&gt;', 'type="text">a &lt; b\n\n')
    assert "a < b" in load(atom.encode()).drafts[0].text


def test_an_entry_without_text_is_refused_and_the_others_are_taken() -> None:
    loaded = load(rss("<title>One</title>", f"<description>{WORDS}</description>"))
    assert [draft.text for draft in loaded.drafts] == [WORDS]
    assert [(refused.name, refused.reason) for refused in loaded.refused] == [
        ("a.xml#1", "'a.xml#1' holds no text: give a file with paragraphs")
    ]


def test_a_feed_that_is_no_proper_xml_is_taken() -> None:
    data = rss(f"<description>{WORDS} &nbsp; & more</description>")
    assert load(data).drafts[0].text.startswith(WORDS)


def test_a_feed_without_entries_is_refused() -> None:
    with pytest.raises(EmptyArticle, match=r"^'a\.xml' is a feed without entries"):
        load(rss())


@pytest.mark.parametrize("data", [b"<?xml version='1.0'?><book/>", b"words", b""])
def test_other_xml_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.xml' is no RSS or Atom feed: give one"):
        load(data)


BOMB = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 60))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY e0 "ha">{BOMB}]>',
        '<!DOCTYPE rss [<!ENTITY e59 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(doctype: str, encoding: str) -> None:
    feed = f"{doctype}<rss><channel><item><description>&e59;</description></item></channel></rss>"
    with pytest.raises(UnreadableFile, match=r"^'a\.xml' declares XML entities, which can grow"):
        load(feed.encode(encoding))


def test_the_document_type_of_old_feeds_is_taken() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    )
    feed = rss(f"<description>{WORDS}</description>").decode().partition("?>")[2]
    assert load((doctype + feed).encode()).drafts[0].text == WORDS


def test_too_many_entries_are_refused_by_limit_and_setting() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.xml' has 3 entries, more than the 2 taken: "
        "set PULLQUOTE_MAX_FILE_ARTICLES higher to take it$",
    ):
        load(rss(*["<description>a</description>"] * 3), max_file_articles=2)


def test_a_feed_that_is_the_name_of_a_file_is_not_opened() -> None:
    with pytest.raises(UnreadableFile):
        load(b"/etc/passwd")
