"""Prints the page's size and how soon an answer is seen: ``python -m tests.browser.figures``."""

from statistics import median

from playwright.sync_api import Browser, Response

from tests.browser.chromium import chromium
from tests.browser.person import TALKS, Person
from tests.browser.serving import seeded

TIMES = 5

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


def transferred(browser: Browser, url: str) -> tuple[int, int]:
    """How many files a first visit loads, and their bytes, uncompressed and without headers."""
    page = browser.new_page()
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    loaded = [each for each in responses if each.status == 200 and "/v1/" not in each.url]
    files = {each.url: len(each.body()) for each in loaded}
    page.close()
    return len(files), sum(files.values())


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


def main() -> None:
    with seeded() as url, chromium() as browser:
        files, size = transferred(browser, url)
        times = [seconds_to_answer(browser, url) for _ in range(TIMES)]
    lines = (
        f"page: {size / 1000:.1f} kB in {files} files, uncompressed",
        f"Enter to answer: {median(times):.2f} s, median of {TIMES}, slowest {max(times):.2f} s",
    )
    print("\n".join(lines))  # noqa: T201  # its purpose


if __name__ == "__main__":
    main()
