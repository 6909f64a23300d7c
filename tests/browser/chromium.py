"""Debian's Chromium, driven by Playwright; it calls nobody but the service."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

ARGUMENTS = (
    "--no-sandbox",  # as root, as in containers, it does not start with it
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
)


class NoChromium(Exception):
    """There is no browser to test with."""


def executable() -> str:
    """Raises ``NoChromium`` with the remedy."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoChromium("the page's tests need Chromium: run 'sudo apt-get install chromium'")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()
