import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.ingest.fetching.address import is_web_address, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://a.example", "http://a.example/"),
        ("HTTPS://A.Example:443/B?c=D#e", "https://a.example/B?c=D"),
        ("http://a.example.:80/", "http://a.example/"),
        ("http://a.example:8080/", "http://a.example:8080/"),
        ("http://a.example?q=1", "http://a.example/?q=1"),
        ("http://[2001:DB8::0:1]/", "http://[2001:db8::1]/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        (
            "https://bücher.example/straße?größe=ä",
            "https://xn--bcher-kva.example/stra%C3%9Fe?gr%C3%B6%C3%9Fe=%C3%A4",
        ),
        ("https://a.example/50%25%20off", "https://a.example/50%25%20off"),
        ("https://a.example/a'\"b", "https://a.example/a'%22b"),
        ("http://127。0。0。1/", "http://127.0.0.1/"),
        ("http://my_host/", "http://my_host/"),
    ],
)
def test_an_address_is_read_into_one_spelling(text: str, address: str) -> None:
    assert str(read_address(text)) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://a.example/", "has the scheme 'ftp': give an address of http or https"),
        ("file:///etc/passwd", "has the scheme 'file'"),
        ("a.example/b", "has the scheme ''"),
        ("", "has the scheme ''"),
        ("http:///path", "has the host '', which is none"),
        ("http://.../", "has the host"),
        ("http://a b.example/", "holds a space, a control character or a backslash"),
        ("http://a.example/\r\nHost: b", "holds a space, a control character or a backslash"),
        ("http://a.example\\@b.example/", "holds a space, a control character or a backslash"),
        ("http://a.example:port/", "is no web address"),
        ("http://a.example:65536/", "is no web address"),
        ("http://[::1/", "is no web address"),
        ("http://[fe80::1%25eth0]/", "is none (it names a network interface)"),
        ("http://a%2eexample/", "has the host 'a%2eexample', which is none"),
        ("http://a..example/", "which is none"),
        ("http://\u2488.example/", "which is none"),
        (
            "http://a.example/" + "b" * 2048,
            "has 2,065 characters, and an address has 2,048 at most",
        ),
    ],
)
def test_what_is_no_address_to_fetch_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        read_address(text)
    assert why in str(caught.value)
    assert caught.value.field == "url"
    assert len(str(caught.value)) < 500


def test_credentials_are_refused_and_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        read_address("http://me:secret@a.example/b")
    assert str(caught.value) == (
        "'http://a.example/b' was given with a user's name or password: leave them out"
    )


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("c", "https://a.example/b/c"),
        ("/c?d", "https://a.example/c?d"),
        ("//b.example", "https://b.example/"),
        ("http://b.example/é", "http://b.example/%C3%A9"),
        ("#part", "https://a.example/b/"),
    ],
)
def test_a_reference_is_read_from_the_page_it_stands_on(reference: str, address: str) -> None:
    assert str(read_address("https://a.example/b/").join(reference)) == address


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/1", "https://a.example/2", True),
        ("http://a.example:8080/1", "http://a.example:8080/2", True),
        ("http://a.example:8080/", "http://a.example/", False),
        ("http://a.example/", "http://b.a.example/", False),
        ("http://a.example/", "http://a.example.evil.example/", False),
    ],
)
def test_addresses_of_one_host_are_told(one: str, other: str, same: bool) -> None:
    assert read_address(one).is_on_host_of(read_address(other)) is same


def test_what_is_meant_as_an_address_is_told_from_paths() -> None:
    assert is_web_address("HTTPS://a.example")
    assert is_web_address("http://")
    assert not is_web_address("http/notes.md")
    assert not is_web_address("ftp://a.example")


@given(
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.one_of(st.text(), st.from_regex(r"[a-z0-9.:@%\[\]é。-]{1,20}", fullmatch=True)),
        st.one_of(st.text(), st.from_regex(r"/[!-~é ]{0,20}", fullmatch=True)),
    )
)
def test_what_is_read_is_read_alike_again_and_by_others(text: str) -> None:
    """Otherwise the address that is checked is not the one that is shown or sent."""
    try:
        address = read_address(text)
    except InputError:
        return
    assert read_address(str(address)) == address
    seen = httpx2.URL(str(address))
    assert (seen.scheme, seen.raw_host.decode("ascii")) == (address.scheme, address.host)
    assert address.target.isascii()
    assert address.target.startswith("/")
    assert not seen.userinfo
