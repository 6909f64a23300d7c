"""The service's own replies on their way to the page, as a later version of it may give them."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

Change = Callable[[Any], None]

DATA = re.compile(r"(?<=event: answer\ndata: ).*")


def alter_answers(page: Page, change: Change) -> None:
    """Each answer reaches the page as ``change`` leaves it."""

    def altered(route: Route) -> None:
        response = route.fetch()
        body = DATA.sub(lambda data: _changed(data.group(), change), response.text())
        route.fulfill(response=response, body=body)

    page.route("**/v1/ask/stream", altered)


def alter(page: Page, glob: str, change: Change) -> None:
    """Each JSON reply from such an address reaches the page as ``change`` leaves it."""

    def altered(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=_changed(response.text(), change))

    page.route(glob, altered)


def _changed(text: str, change: Change) -> str:
    value = json.loads(text)
    change(value)
    return json.dumps(value)
