"""Fetching, from a server on this machine that a test may call public, private or anything."""

import asyncio
import gzip
import time
from collections.abc import Callable

import pytest

from index.errors import InputError
from index.ingest.fetching.fetched import Fetched
from index.ingest.fetching.fetcher import fetch
from index.ingest.fetching.network import Network
from index.ingest.fetching.policy import FetchPolicy
from tests.site import PUBLIC, Names, PretendBackend, Send, Site, answer, network, redirect, serving

PAGE = b"<p>The ferry leaves at noon.</p>"
POLICY = FetchPolicy(seconds=60, read_seconds=60)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def get(url: str, network: Network, policy: FetchPolicy = POLICY) -> Fetched:
    return asyncio.run(fetch(url, policy, network))


def refused(url: str, network: Network, policy: FetchPolicy = POLICY) -> str:
    with pytest.raises(InputError) as caught:
        get(url, network, policy)
    assert caught.value.field == "url"
    return str(caught.value)


def connections(network: Network) -> list[tuple[str, int]]:
    assert isinstance(network.backend, PretendBackend)
    return network.backend.connected


def test_a_page_comes_with_its_name_type_and_address(site: Site) -> None:
    site.pages["a.example/news/ferry?day=1"] = answer(PAGE, "text/html; charset=utf-8")

    fetched = get("http://A.example/news/ferry?day=1#top", network(site))

    assert fetched.data == PAGE
    assert (fetched.name, fetched.content_type) == ("ferry.html", "text/html; charset=utf-8")
    assert str(fetched.address) == "http://a.example/news/ferry?day=1"


def test_the_request_is_plain_and_says_nothing_of_the_one_who_asks(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.pages["a.example/1"] = answer(
        status="302 Found", Location="/2", Set_Cookie="a=1", Content_Encoding="br"
    )
    site.pages["a.example/2"] = answer(PAGE)

    get("http://a.example/1", network(site))

    assert len(site.requests) == 2
    assert site.requests[1].splitlines() == [
        "GET /2 HTTP/1.1",
        "Host: a.example",
        "User-Agent: pullquote",
        "Accept: text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
        "*/*;q=0.5",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
    ]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_the_last_address(site: Site, status: int) -> None:
    site.pages["a.example/old"] = redirect("//b.example/new#part", f"{status} Moved")
    site.pages["b.example/new"] = answer(PAGE)
    way = network(site, b_example=["93.184.215.15"])

    assert str(get("http://a.example/old", way).address) == "http://b.example/new"
    assert connections(way) == [(PUBLIC, 80), ("93.184.215.15", 80)]


def test_as_many_redirects_are_followed_as_may_be_and_no_more(site: Site) -> None:
    for hop in range(6):
        site.pages[f"a.example/{hop}"] = redirect(f"/{hop + 1}")
    site.pages["a.example/6"] = answer(PAGE)

    assert get("http://a.example/1", network(site)).data == PAGE
    assert refused("http://a.example/0", network(site)) == (
        "'http://a.example/0' redirects more than 5 times: give the article's own address"
    )


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://127.0.0.1/", "'127.0.0.1' is at a loopback address"),
        ("http://localhost/", "'localhost' is at a loopback address"),
        ("http://[::1]/", "'::1' is at a loopback address"),
        ("http://[::ffff:127.0.0.1]/", "is at a loopback address"),
        ("http://intranet.example/", "'intranet.example' is at a private address"),
        ("http://169.254.169.254/latest/meta-data/", "is at a cloud's metadata service"),
        ("http://a.example:8080/", "has the port 8080"),
        ("file:///etc/passwd", "has the scheme 'file'"),
        ("gopher://a.example/", "has the scheme 'gopher'"),
        ("http://me:secret@a.example/", "was given with a user's name or password"),
    ],
)
def test_every_hop_is_checked_before_it_is_connected_to(
    site: Site, location: str, why: str
) -> None:
    site.pages["a.example/"] = redirect(location)
    way = network(site, localhost=["127.0.0.1"], intranet_example=["10.1.2.3"])

    message = refused("http://a.example/", way)

    assert message.startswith("'http://a.example/' redirects to what is refused: '")
    assert why in message
    assert "secret" not in message
    assert connections(way) == [(PUBLIC, 80)]


def test_a_redirect_from_https_to_http_is_not_followed() -> None:
    with serving(tls=True) as site:
        site.pages["tls.example/"] = redirect("http://tls.example/plain")
        assert "redirects from https to http, to 'http://tls.example/plain'" in refused(
            "https://tls.example/", network(site)
        )
        assert len(site.requests) == 1


def test_a_redirect_to_nowhere_is_refused(site: Site) -> None:
    site.pages["a.example/"] = answer(status="301 Moved")
    site.pages["a.example/2"] = redirect("http://[::1")
    assert "redirects without saying where to" in refused("http://a.example/", network(site))
    assert "is no web address" in refused("http://a.example/2", network(site))


def test_tls_is_for_the_name_though_the_connection_is_to_an_address() -> None:
    with serving(tls=True) as site:
        site.pages["tls.example/"] = answer(PAGE)
        way = network(site)
        assert get("https://tls.example/", way).data == PAGE
        assert connections(way) == [(PUBLIC, 443)]


def test_a_certificate_of_another_name_is_refused() -> None:
    with serving(tls=True) as site:
        site.pages["other.example/"] = answer(PAGE)
        message = refused("https://other.example/", network(site))
        assert "certificate verify failed: Hostname mismatch" in message
        assert site.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with serving(tls=True) as site:
        way = Network(Names(), PretendBackend(site))
        assert "certificate verify failed" in refused("https://tls.example/", way)


@pytest.mark.parametrize(
    ("content_type", "what"),
    [("image/png", "is of the type 'image/png'"), (None, "has no content type")],
)
def test_another_content_type_is_refused_before_the_body_is_read(
    site: Site, content_type: str | None, what: str
) -> None:
    site.pages["a.example/"] = answer(b"x" * 100, content_type)
    assert what in refused("http://a.example/", network(site))


@pytest.mark.parametrize("status", [204, 304, 401, 404, 500])
def test_an_error_is_no_article(site: Site, status: int) -> None:
    site.pages["a.example/"] = answer(status=f"{status} No")
    assert f"answers with the status {status}" in refused("http://a.example/", network(site))


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    site.pages["a.example/"] = HEAD + b"Content-Length: 101\r\n\r\n"
    policy = FetchPolicy(most_bytes=100)

    assert refused("http://a.example/", network(site), policy) == (
        "'http://a.example/' is larger than 100 bytes: give a smaller part of it, or set "
        "PULLQUOTE_FETCH_MAX_BYTES higher"
    )


def test_a_body_of_just_the_size_that_may_be_is_taken(site: Site) -> None:
    site.pages["a.example/"] = answer(b"x" * 100)
    assert len(get("http://a.example/", network(site), FetchPolicy(most_bytes=100)).data) == 100


def endless(send: Send) -> None:
    send(HEAD + b"\r\n")
    while True:
        send(b"x" * 1000)


def endless_pieces(send: Send) -> None:
    send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        send(b"1\r\nx\r\n" * 100)


@pytest.mark.parametrize("body", [endless, endless_pieces])
def test_an_endless_body_is_given_up_when_it_is_too_large(
    site: Site, body: Callable[[Send], None]
) -> None:
    site.pages["a.example/"] = body
    message = refused("http://a.example/", network(site), FetchPolicy(most_bytes=5000))
    assert "is larger than 5,000 bytes" in message


def test_a_small_body_that_unpacks_to_a_large_one_is_given_up(site: Site) -> None:
    bomb = gzip.compress(b"x" * 1_000_000)
    assert len(bomb) < 2000
    site.pages["a.example/"] = answer(bomb, Content_Encoding="gzip")
    message = refused("http://a.example/", network(site), FetchPolicy(most_bytes=2000))
    assert "is larger than 2,000 bytes" in message


def test_a_body_that_is_packed_unasked_is_unpacked(site: Site) -> None:
    site.pages["a.example/"] = answer(gzip.compress(PAGE), Content_Encoding="GZIP")
    assert get("http://a.example/", network(site)).data == PAGE


@pytest.mark.parametrize(
    ("body", "encoding", "why"),
    [
        (PAGE, "br", "comes packed as 'br'"),
        (PAGE, "gzip", "comes damaged (Error -3"),
        (gzip.compress(PAGE, mtime=0)[:-1], "gzip", "comes damaged (its gzip does not end)"),
        (
            gzip.compress(PAGE, mtime=0) + b"x",
            "gzip",
            "comes damaged (its gzip goes on after its end)",
        ),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(
    site: Site, body: bytes, encoding: str, why: str
) -> None:
    site.pages["a.example/"] = answer(body, Content_Encoding=encoding)
    assert why in refused("http://a.example/", network(site))


def test_half_a_body_is_no_article(site: Site) -> None:
    site.pages["a.example/"] = HEAD + b"Content-Length: 100\r\n\r\nThe ferry"
    assert "cannot be fetched" in refused("http://a.example/", network(site))


@pytest.mark.parametrize(
    "sent", [b"", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 200 OK\r\nno header\r\n\r\n"]
)
def test_what_is_no_http_is_refused(site: Site, sent: bytes) -> None:
    site.pages["a.example/"] = sent
    assert "cannot be fetched" in refused("http://a.example/", network(site))


def test_endless_headers_are_given_up(site: Site) -> None:
    def headers(send: Send) -> None:
        send(HEAD)
        while True:
            send(b"X-More: " + b"x" * 1000 + b"\r\n")

    site.pages["a.example/"] = headers
    assert "cannot be fetched" in refused("http://a.example/", network(site))


def test_a_server_that_falls_silent_is_given_up(site: Site) -> None:
    def silent(send: Send) -> None:
        send(HEAD + b"\r\n<p>The ferry")
        site.wait(60)

    site.pages["a.example/"] = silent
    assert refused("http://a.example/", network(site), FetchPolicy(read_seconds=0.8)) == (
        "'http://a.example/' was silent for 0.8 seconds: try later"
    )


@pytest.mark.parametrize("before", [HEAD, HEAD + b"\r\n"], ids=["headers", "body"])
def test_a_server_that_drips_is_given_up_when_the_time_is_over(site: Site, before: bytes) -> None:
    def drips(send: Send) -> None:
        send(before)
        while True:
            site.wait(0.02)
            send(b"x")

    site.pages["a.example/"] = drips
    began = time.monotonic()
    message = refused("http://a.example/", network(site), FetchPolicy(seconds=0.4, read_seconds=60))
    assert message == (
        "'http://a.example/' took longer than 0.4 seconds: try later, or set "
        "PULLQUOTE_FETCH_SECONDS higher"
    )
    assert time.monotonic() - began < 30


def test_the_time_is_for_all_redirects_together(site: Site) -> None:
    def slow(send: Send) -> None:
        site.wait(0.1)
        send(redirect("/"))

    site.pages["a.example/"] = slow
    policy = FetchPolicy(seconds=0.35, read_seconds=60, most_redirects=1000)
    assert "took longer than 0.35 seconds" in refused("http://a.example/", network(site), policy)


def test_informational_answers_without_end_are_given_up(site: Site) -> None:
    def informs(send: Send) -> None:
        while True:
            send(b"HTTP/1.1 100 Continue\r\n\r\n")

    site.pages["a.example/"] = informs
    policy = FetchPolicy(seconds=0.3, read_seconds=60)
    assert "took longer than 0.3 seconds" in refused("http://a.example/", network(site), policy)


def test_another_port_is_refused_unless_it_is_set(site: Site) -> None:
    site.pages["a.example:8080/"] = answer(PAGE)
    way = network(site)
    assert refused("http://a.example:8080/", way) == (
        "'http://a.example:8080/' has the port 8080, and only 80,443 may be fetched from: add it "
        "to PULLQUOTE_FETCH_PORTS=80,443"
    )
    assert connections(way) == []
    assert get("http://a.example:8080/", way, FetchPolicy(ports=(80, 8080))).data == PAGE


def test_private_addresses_can_be_allowed_and_the_system_resolves(site: Site) -> None:
    """Over the real resolver and connection, with nothing pretended."""
    site.pages[f"localhost:{site.port}/"] = answer(PAGE)
    url = f"http://localhost:{site.port}/"
    allowed = FetchPolicy(private=True, ports=(site.port,))

    assert get(url, Network(), allowed).data == PAGE
    assert "is at a loopback address" in refused(url, Network(), FetchPolicy(ports=(site.port,)))
