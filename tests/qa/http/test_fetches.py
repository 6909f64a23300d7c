import asyncio

import pytest

from index.errors import InputError, Overloaded
from qa.http.fetches import Fetches
from qa.settings import Settings
from tests.site import Send, answer, network, serving

TEXT = "It leaves at noon."
PAGE = "http://a.example/"


def test_nothing_is_fetched_unless_the_settings_allow_it() -> None:
    with serving() as site, pytest.raises(InputError) as caught:
        asyncio.run(Fetches(Settings(), network(site)).load(PAGE))
    assert site.requests == []
    assert caught.value.field == "url"
    assert str(caught.value) == (
        "'http://a.example/' is not fetched, for this service fetches nothing: send the text or "
        "the file itself, or set PULLQUOTE_FETCH=true"
    )


def test_the_settings_are_the_limits() -> None:
    with serving() as site:
        site.pages["a.example/"] = answer(b"x" * 11)
        fetches = Fetches(Settings(fetch=True, fetch_max_bytes=10), network(site))
        with pytest.raises(InputError, match=r"larger than 10 bytes.*PULLQUOTE_FETCH_MAX_BYTES"):
            asyncio.run(fetches.load(PAGE))


def test_no_more_are_fetched_at_once_than_may_be_and_those_that_end_make_room() -> None:
    with serving() as site:

        def held(send: Send) -> None:
            site.wait(60)

        site.pages["a.example/slow"] = held
        site.pages["a.example/"] = answer(TEXT.encode(), "text/plain")
        fetches = Fetches(Settings(fetch=True), network(site), at_once=1)

        async def scenario() -> None:
            slow = asyncio.create_task(fetches.load(PAGE + "slow"))
            while not site.requests:
                await asyncio.sleep(0.01)
            with pytest.raises(Overloaded, match=r"1 pages are being fetched, as many as may: try"):
                await fetches.load(PAGE)
            slow.cancel()
            await asyncio.wait({slow})
            assert [draft.text for draft in (await fetches.load(PAGE)).drafts] == [TEXT]

        asyncio.run(scenario())
