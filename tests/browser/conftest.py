"""The page in a real browser, served by the real service, with models that cost nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from qa.http.app import create_app
from qa.http.opening import OpenAnswerer
from qa.http.server import Server
from qa.settings import Settings
from tests.browser.chromium import chromium
from tests.browser.person import Person
from tests.browser.reading import open_answerer
from tests.qa.http.conftest import served

SEEDS = Path(__file__).parent.parent.parent / "seeds"

Serve = Callable[..., AbstractContextManager[tuple[str, Server]]]

expect.set_options(timeout=60_000)


@dataclass(frozen=True)
class Look:
    """How a person sees the page."""

    width: int
    scheme: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


DESK, DESK_DARK = Look(1280, "light"), Look(1280, "dark")
PHONE, PHONE_DARK = Look(360, "light"), Look(360, "dark")
EVERY_LOOK = pytest.mark.parametrize("look", [DESK, DESK_DARK, PHONE, PHONE_DARK], ids=str)


# The browser and its event loop are gone before the tests of other folders run: they could not
# start a loop of their own beside it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def opened() -> OpenAnswerer:
    """Opens a library with models that cost nothing."""
    return open_answerer


@pytest.fixture(scope="package")
def seeded(opened: OpenAnswerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the seeds; no test changes its library."""
    settings = Settings(library=tmp_path_factory.mktemp("seeded") / "library", seeds=SEEDS)
    with served(create_app(settings, open_answerer=opened)) as (url, _):
        yield url


@pytest.fixture
def serve(opened: OpenAnswerer, tmp_path: Path) -> Serve:
    """Serves a library of the test's own: empty, or over the seeds with ``seeds=True``."""

    def serve(
        *,
        seeds: bool = False,
        fetch: bool = False,
        port: int = 0,
        open_answerer: OpenAnswerer = opened,
    ) -> AbstractContextManager[tuple[str, Server]]:
        from_folder = SEEDS if seeds else tmp_path / "none"
        settings = Settings(library=tmp_path / "library", seeds=from_folder, fetch=fetch)
        return served(create_app(settings, open_answerer=open_answerer), port)

    return serve


@pytest.fixture
def own(serve: Serve) -> Iterator[str]:
    """The address of a service whose library is empty, for this test alone."""
    with serve() as (url, _):
        yield url


@pytest.fixture(params=[DESK, PHONE_DARK], ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    look: Look = request.param
    return look


@pytest.fixture
def page(browser: Browser, look: Look) -> Iterator[Page]:
    """An empty page. The test fails when a script fails or another host is asked."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 800},
        color_scheme=look.scheme,
        locale="en-GB",
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "TrustedHTML" in message.text:
            wrong.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:")):
            wrong.append(f"asked {request.url}")

    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", heard)
    context.on("request", asked)
    yield context.new_page()
    context.close()
    assert not wrong


@pytest.fixture
def person(page: Page, seeded: str) -> Person:
    """A person who has just opened the page over the seeds."""
    page.goto(seeded)
    return Person(page, seeded)
