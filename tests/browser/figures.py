"""Prints the page's figures: ``python -m tests.browser.figures``.

Its size, how soon an answer is seen, and how it bears a large library and many conversations.
"""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from index.ingest.loading import draft_of_text
from qa.http.app import create_app
from qa.settings import Settings
from tests.browser.chromium import chromium
from tests.browser.person import TALKS, Person
from tests.browser.reading import open_answerer
from tests.browser.serving import seeded
from tests.qa.http.conftest import served

TIMES = 5
ARTICLES = 2_000
CONVERSATIONS = 200

# From the key to the first frame that shows the answer, as the page's own clock has it.
WATCH = """() => {
  const box = document.querySelector('#question');
  let pressed = 0;
  box.addEventListener('keydown', () => { pressed = performance.now(); });
  const watcher = new MutationObserver(() => {
    if (!document.querySelector('.chip')) return;
    watcher.disconnect();
    requestAnimationFrame(() => { window.answeredAfter = performance.now() - pressed; });
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}"""

CONVERSE = """(count) => {
  for (let i = 0; i < count; i += 1) {
    const turns = Array.from({ length: 5 }, (_, n) => ({
      id: `t${i}-${n}`, question: `What of the ferry ${i}-${n}?`, asked: n, written: false,
      outcome: { kind: 'stopped' },
    }));
    const kept = { id: `c${i}`, title: `The ferry ${i}`, named: false, updated: i, turns };
    localStorage.setItem(`pullquote.conversation.c${i}`, JSON.stringify(kept));
  }
}"""

# The longest that the page was busy at a stretch, as the browser reports what is over 50 ms.
BUSY = """() => {
  window.busy = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.busy = Math.max(window.busy, duration);
  }).observe({ type: 'longtask' });
}"""

PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"

SENT = """() => performance.getEntries()
  .filter(({ entryType, name }) =>
    ['navigation', 'resource'].includes(entryType) && !name.includes('/v1/'))
  .map(({ encodedBodySize }) => encodedBodySize)"""


def transferred(browser: Browser, url: str) -> tuple[int, int]:
    """How many files a first visit loads, and their bytes as they are sent, without headers."""
    page = browser.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    sizes: list[int] = page.evaluate(SENT)
    page.close()
    return len(sizes), sum(sizes)


def seconds_to_answer(browser: Browser, url: str) -> float:
    page = browser.new_page()
    page.goto(url)
    person = Person(page, url)
    person.box.fill(TALKS)
    page.evaluate(WATCH)
    person.box.press("Enter")
    page.wait_for_function("() => window.answeredAfter")
    milliseconds: float = page.evaluate("() => window.answeredAfter")
    page.close()
    return milliseconds / 1000


def large(browser: Browser, folder: Path) -> tuple[float, float]:
    """Milliseconds to the first paint, and the longest stretch that typing in the search waits."""
    settings = Settings(library=folder / "library", seeds=folder / "none")
    library = open_answerer(settings).library
    for i in range(ARTICLES):
        library.add(draft_of_text(f"The ferry {i} leaves at noon.", title=f"Sailing {i}"))
    with served(create_app(settings, open_answerer=open_answerer)) as (url, _):
        page = browser.new_page()
        page.goto(url)
        page.evaluate(CONVERSE, CONVERSATIONS)
        paints = [painted(page, f"{url}/?{n}#/library") for n in range(TIMES)]
        page.evaluate(BUSY)
        page.get_by_role("searchbox", name="Find an article").press_sequentially("sailing 19")
        page.get_by_role("searchbox", name="Find a conversation").press_sequentially("ferry 19")
        page.wait_for_timeout(1000)
        busy: float = page.evaluate("() => window.busy")
        page.close()
    return median(paints), busy


def painted(page: Page, url: str) -> float:
    page.goto(url)
    page.get_by_text(f"from {ARTICLES:,} articles").wait_for()
    milliseconds: float = page.evaluate(PAINTED)
    return milliseconds


def main() -> None:
    with seeded() as url, chromium() as browser:
        files, size = transferred(browser, url)
        times = [seconds_to_answer(browser, url) for _ in range(TIMES)]
        with tempfile.TemporaryDirectory() as folder:
            paint, busy = large(browser, Path(folder))
    lines = (
        f"page: {size / 1000:.1f} kB in {files} files, as they are sent",
        f"Enter to answer: {median(times):.2f} s, median of {TIMES}, slowest {max(times):.2f} s",
        f"with {ARTICLES} articles and {CONVERSATIONS} conversations: first paint after "
        f"{paint:.0f} ms, typing in the searches waits {busy:.0f} ms at most",
    )
    print("\n".join(lines))  # noqa: T201  # its purpose


if __name__ == "__main__":
    main()
