import json

import pytest

from index.errors import InputError
from index.ingest.fetching.address import read_address
from index.ingest.fetching.fetched import Fetched
from index.ingest.fetching.sources import load_fetched
from index.ingest.loading import Limits, Loaded

LIMITS = Limits()
ADDRESS = "https://a.example/news/ferry?day=1"
TEXT = "The ferry leaves at noon."


def page(claimed: str, address: str = ADDRESS) -> str | None:
    """The source of a page that gives this address as its own."""
    data = f"---\nsource: {claimed}\n---\n{TEXT}\n".encode()
    fetched = Fetched(data, "ferry.md", "text/markdown", read_address(address))
    (draft,) = load_fetched(fetched, LIMITS).drafts
    return draft.source


def listed(*sources: str | None, address: str = "https://a.example/feed") -> Loaded:
    """What a file of articles with these sources gives."""
    articles = [{"text": f"{TEXT} {n}", "source": source} for n, source in enumerate(sources)]
    data = json.dumps(articles).encode()
    return load_fetched(
        Fetched(data, "feed.json", "application/json", read_address(address)), LIMITS
    )


def sources(*given: str | None) -> list[str | None]:
    return [draft.source for draft in listed(*given).drafts]


def test_a_page_has_the_address_that_it_gives_itself_on_its_own_host() -> None:
    assert page("https://a.example/ferry") == "https://a.example/ferry"


@pytest.mark.parametrize(
    "claimed",
    [
        "https://b.example/ferry",
        "https://www.a.example/ferry",
        "https://a.example.b.example/ferry",
        "https://a.example:8443/ferry",
        "https://a.example@b.example/ferry",
        "seeds/ferry.txt",
        "",
    ],
)
def test_a_page_cannot_claim_what_is_another_s(claimed: str) -> None:
    assert page(claimed) == ADDRESS


def test_a_page_that_came_unprotected_cannot_claim_what_comes_protected() -> None:
    assert page("https://a.example/ferry", "http://a.example/1") == "http://a.example/ferry"
    assert page("http://a.example/ferry", "https://a.example/1") == "https://a.example/ferry"


def test_a_page_that_calls_itself_the_front_page_does_not_replace_it() -> None:
    assert page("https://a.example/") == ADDRESS
    assert page("https://a.example", "https://a.example/") == "https://a.example/"


def test_an_article_of_a_list_has_its_own_address_on_the_same_host() -> None:
    assert sources("https://a.example/1", 'https://a.example/2#part"two') == [
        "https://a.example/1",
        "https://a.example/2#part%22two",
    ]


def test_an_article_of_a_list_that_is_of_another_host_is_named_within_the_list() -> None:
    assert sources("https://b.example/1?a=b#c", "seeds/ferry.txt", None) == [
        "https://a.example/feed#https://b.example/1?a=b%23c",
        "https://a.example/feed#seeds/ferry.txt",
        "https://a.example/feed#3",
    ]


def test_of_two_articles_with_one_source_the_second_is_refused_and_does_not_replace() -> None:
    loaded = listed("https://a.example/1", "http://a.example/1")
    assert [draft.text for draft in loaded.drafts] == [f"{TEXT} 0"]
    assert [(refused.name, refused.reason) for refused in loaded.refused] == [
        (
            "#2",
            "an article before it has the same source, 'https://a.example/1': give each its own",
        )
    ]


def test_what_is_refused_of_a_list_is_told_and_the_rest_is_there() -> None:
    data = b'[{"text": "The ferry."}, {"title": "No text"}]'
    fetched = Fetched(data, "feed.json", "application/json", read_address(ADDRESS))
    loaded = load_fetched(fetched, LIMITS)
    assert [draft.source for draft in loaded.drafts] == [f"{ADDRESS}#1"]
    assert loaded.places == ("#1",)
    assert [refused.name for refused in loaded.refused] == ["#2"]


def test_what_holds_no_article_is_refused_by_its_address() -> None:
    fetched = Fetched(b" ", "ferry.txt", "text/plain", read_address(ADDRESS))
    with pytest.raises(InputError, match=r"ferry\?day=1' cannot be used: 'ferry.txt' ") as caught:
        load_fetched(fetched, LIMITS)
    assert caught.value.field == "url"


def test_the_canonical_address_of_an_html_page_is_what_it_gives_of_itself() -> None:
    html = (
        '<html><head><title>Ferry</title><link rel="canonical" href="https://a.example/ferry">'
        f"</head><body><article><h1>Ferry</h1><p>{TEXT} It is called Elan.</p></article></body>"
    )
    fetched = Fetched(html.encode(), "ferry.html", "text/html", read_address(ADDRESS))
    (draft,) = load_fetched(fetched, LIMITS).drafts
    assert draft.source == "https://a.example/ferry"
    assert TEXT in draft.text


def test_a_feed_gives_its_entries_as_articles() -> None:
    entries = "".join(
        f"<item><title>Day {n}</title><link>https://{host}.example/{n}</link>"
        f"<description>The ferry left at noon on day {n}.</description></item>"
        for n, host in enumerate("ab")
    )
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'
    fetched = Fetched(rss.encode(), "feed.xml", "application/rss+xml", read_address(ADDRESS))
    drafts = load_fetched(fetched, LIMITS).drafts
    assert [draft.title for draft in drafts] == ["Day 0", "Day 1"]
    assert [draft.source for draft in drafts] == [
        "https://a.example/0",
        f"{ADDRESS}#https://b.example/1",
    ]
