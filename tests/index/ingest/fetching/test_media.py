import pytest

from index.errors import InputError
from index.ingest.fetching.address import read_address
from index.ingest.fetching.media import name_of


@pytest.mark.parametrize(
    ("url", "content_type", "name"),
    [
        ("https://a.example/", "text/html", "a.example.html"),
        ("https://a.example/news/", "text/html", "news.html"),
        ("https://a.example/index.php?id=1.pdf", "Text/HTML; charset=utf-8", "index.php.html"),
        ("https://a.example/page.HTM", "text/html", "page.HTM"),
        ("https://a.example/paper", "application/pdf", "paper.pdf"),
        ("https://a.example/notes.md", "text/plain", "notes.md"),
        ("https://a.example/notes.v2", "text/plain", "notes.v2.txt"),
        ("https://a.example/feed", "application/rss+xml", "feed.xml"),
        ("https://a.example/feed.atom", "text/xml", "feed.atom"),
        ("https://a.example/caf%C3%A9%0A%2Fx", "text/markdown", "x.md"),
        ("https://a.example/a%0Ab", "application/json", "ab.json"),
    ],
)
def test_the_name_fits_the_type_and_not_the_other_way_round(
    url: str, content_type: str, name: str
) -> None:
    assert name_of(read_address(url), content_type) == name


@pytest.mark.parametrize("content_type", ["image/png", "application/octet-stream", "text/css", ""])
def test_types_that_articles_do_not_come_in_are_refused_with_the_remedy(content_type: str) -> None:
    with pytest.raises(InputError, match="save it in one of these and give the file") as caught:
        name_of(read_address("https://a.example/x.html"), content_type)
    assert caught.value.field == "url"
