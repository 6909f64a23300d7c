"""The page of a newer version, under the same address."""

import re
import shutil
from pathlib import Path

from fastapi import FastAPI
from playwright.sync_api import Page, expect

from qa.http.request_queue import RequestQueue
from qa.http.routes.page import FOLDER, page_router
from tests.qa.http.conftest import served


def page_of(folder: Path) -> FastAPI:
    app = FastAPI()
    app.state.request_queue = RequestQueue(1, 1)
    app.include_router(page_router(folder))
    app.add_api_route("/readyz", lambda: None)
    return app


def test_an_upgrade_shows_at_once(page: Page, tmp_path: Path) -> None:
    newer = shutil.copytree(FOLDER, tmp_path / "page")
    words, styles = newer / "views" / "chat.js", newer / "styles" / "base.css"
    words.write_text(
        words.read_text("utf-8").replace("Ask the articles", "Ask away"), encoding="utf-8"
    )
    styles.write_text(styles.read_text("utf-8") + "h1 { rotate: 1turn; }", encoding="utf-8")

    with served(page_of(FOLDER)) as (url, _):
        page.goto(url)
        expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    with served(page_of(newer), int(re.sub(r".*:", "", url))):
        page.reload()
        heading = page.get_by_role("heading", name="Ask away")
        expect(heading).to_have_css("rotate", "360deg")
