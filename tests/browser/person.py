"""What a person does on the page, at any width."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

TALKS = "When did the talks begin?"
DELEGATION = "What is the delegation expected to push for?"
STRIKES = "What do the strikes threaten to cause?"
WEAPONS = "Where were Russian military vehicles put on display?"
TITLE = "A high-level Ukrainian delegation has arrived in the United States"
"""The title of the article that answers them, as the page shows it."""

UNANSWERED = "Who won the 1966 World Cup?"


@dataclass(frozen=True)
class Person:
    """A person at a page of the service at ``url``."""

    page: Page
    url: str

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Question", exact=True)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("complementary")

    @property
    def mark(self) -> Locator:
        """What is marked in the article."""
        return self.panel.locator("mark")

    @property
    def turns(self) -> Locator:
        return self.page.locator("main").get_by_role("article")

    @property
    def turn(self) -> Locator:
        """The newest question with its answer."""
        return self.turns.last

    @property
    def chips(self) -> Locator:
        return self.turn.get_by_role("list", name="Citations").first.get_by_role("link")

    @property
    def sidebar(self) -> Locator:
        """The sidebar, opened where it is behind the menu."""
        menu = self.page.get_by_role("button", name="Conversations", exact=True)
        if menu.is_visible() and menu.get_attribute("aria-expanded") == "false":
            menu.click()
        return self.page.get_by_role("navigation")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def notices(self) -> Locator:
        return self.page.locator(".notices")

    def ask(self, question: str) -> None:
        """Ask and wait until it is settled."""
        before = self.turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.turns).to_have_count(before + 1)
        self.wait()

    def wait(self) -> None:
        """Wait until the newest question is settled."""
        expect(self.turn.get_by_role("button").first).to_be_visible()
        expect(self.turn.locator(".progress")).to_have_count(0)

    def go_to_library(self) -> None:
        self.sidebar.get_by_role("link", name="Library").click()
        expect(self.page.get_by_role("heading", name="Library", level=1)).to_be_visible()

    def get(self, path: str) -> Any:
        return self.page.request.get(self.url + path).json()

    def post(self, path: str, body: object) -> Any:
        return self.page.request.post(self.url + path, data=body).json()

    def add(self, text: str, **fields: object) -> Any:
        """Put an article into the library behind the page's back."""
        return self.post("/v1/articles", {"text": text, **fields})
