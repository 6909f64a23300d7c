"""A long run of everything at once: ``python -m benchmarks.soak --minutes 60`` (Linux).

Starts the real service over the seeds, and lets people ask, ask on, break streams off, add,
replace, remove and upload. Prints one JSON object, and ends with 1 when a citation was wrong, when
there was a 5xx other than 503, or when memory, open files or threads grew.
"""

import argparse
import json
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

GROWTH = 1.03
"""Times the memory at the first quarter that the memory at the end may be."""

MORE_FILES = 20
"""Open files and threads at the end beyond those at the first quarter: people come and go."""

START_SECONDS = 600
SAMPLE_SECONDS = 2.0
QUESTIONS = (
    "When did the talks begin?",
    "Who leads the talks?",
    "What is the colour of the ferry?",
    "Why is that so?",
)
UNAVAILABLE = 503


class Person(threading.Thread):
    """Somebody who does one thing after the other until told to stop."""

    def __init__(self, url: str, number: int, pause: float, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.statuses: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.seconds: list[float] = []
        self._client = httpx2.Client(base_url=url, timeout=60)
        self._chance = random.Random(number)  # noqa: S311 - no secret
        self._source = f"person-{number}"
        self._pause = pause
        self._over = stop
        self._conversation: list[dict[str, str]] = []

    def run(self) -> None:
        doing: list[Callable[[], None]] = [self._ask] * 6 + [self._ask_on, self._break_off]
        doing += [self._put_in, self._upload, self._take_out]
        while not self._over.wait(self._pause * self._chance.random() * 2):
            try:
                self._chance.choice(doing)()
            except httpx2.HTTPError as error:
                self.wrong.append(f"{type(error).__name__}: {error}")

    def _send(self, method: str, path: str, **given: Any) -> httpx2.Response:
        began = time.monotonic()
        response = self._client.request(method, path, **given)
        self.statuses[response.status_code] += 1
        if path == "/v1/ask" and response.status_code != UNAVAILABLE:
            self.seconds.append(time.monotonic() - began)
        return response

    def _ask(self, conversation: Sequence[dict[str, str]] = ()) -> None:
        question = self._chance.choice(QUESTIONS)
        asked = {"question": question, "conversation": list(conversation)}
        response = self._send("POST", "/v1/ask", json=asked)
        if response.status_code != 200:
            return
        answer = response.json()
        self._conversation = [{"question": question, "answer": answer["answer"]}]
        for citation in answer["citations"]:
            shown = self._send("GET", f"/v1/articles/{citation['article_id']}")
            if shown.status_code != 200 or shown.json()["revision"] != citation["revision"]:
                continue  # somebody has changed it meanwhile
            if shown.json()["text"][citation["start"] : citation["end"]] != citation["quote"]:
                self.wrong.append(f"{question!r}: {citation['quote']!r} does not stand there")

    def _ask_on(self) -> None:
        self._ask(self._conversation)

    def _break_off(self) -> None:
        asked = {"question": self._chance.choice(QUESTIONS)}
        with self._client.stream("POST", "/v1/ask/stream", json=asked) as stream:
            self.statuses[stream.status_code] += 1
            next(stream.iter_raw(), None)

    def _text(self) -> str:
        number = self._chance.randrange(10**6)
        return "\n\n".join(f"The ferry {number} of line {n} is blue." for n in range(20))

    def _put_in(self) -> None:
        self._send("POST", "/v1/articles", json={"text": self._text(), "source": self._source})

    def _upload(self) -> None:
        file = {"file": (f"{self._source}.md", f"# Ferry\n\n{self._text()}".encode())}
        self._send("POST", "/v1/articles", files=file)

    def _take_out(self) -> None:
        listed = self._send("GET", "/v1/articles", params={"q": self._source})
        for article in listed.json().get("articles", ())[:1]:
            self._send("DELETE", f"/v1/articles/{article['id']}")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    with TemporaryDirectory(prefix="pullquote-") as folder, served(Path(folder)) as (url, process):
        people = [Person(url, n, options.pause, stop) for n in range(options.people)]
        for person in people:
            person.start()
        samples = _watch(process.pid, 60 * options.minutes)
        stop.set()
        for person in people:
            person.join(timeout=120)
    figures = report(people, samples, options)
    print(json.dumps(figures, indent=2))  # noqa: T201 - the command's output
    sys.exit(0 if figures["held"] else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between what each does")
    return parser


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The service in a process of its own, ready, with its log beside the library."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "qa", "serve", "--library", str(folder / "library")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], stderr=log)  # noqa: S603
        url = f"http://127.0.0.1:{port}"
        try:
            _await(url, process)
            yield url, process
        finally:
            process.terminate()
            process.wait(timeout=60)


def _await(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{url}/readyz").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit("the service did not become ready")


def _watch(pid: int, seconds: float) -> list[tuple[int, int, int]]:
    """Bytes of memory, open files and threads of a process, again and again."""
    samples = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(SAMPLE_SECONDS)
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        values = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        memory = 1024 * int(values["VmRSS"].split()[0])
        samples.append((memory, files, int(values["Threads"])))
    return samples


def report(
    people: Sequence[Person],
    samples: Sequence[tuple[int, int, int]],
    options: argparse.Namespace,
) -> dict[str, Any]:
    """The figures, and whether all held."""
    statuses = sum((person.statuses for person in people), Counter[int]())
    wrong = [text for person in people for text in person.wrong]
    seconds = sorted(s for person in people for s in person.seconds)
    tenth = max(1, len(samples) // 10)
    quarter, end = samples[len(samples) // 4 :][:tenth], samples[-tenth:]
    before, after = (
        tuple(statistics.median(one[place] for one in part) for place in range(3))
        for part in (quarter, end)
    )
    failed = [status for status in statuses if status >= 500 and status != UNAVAILABLE]
    flat = all(
        late - early <= MORE_FILES for early, late in zip(before[1:], after[1:], strict=True)
    )
    growth = after[0] / before[0]
    return {
        "minutes": options.minutes,
        "people": options.people,
        "statuses": dict(sorted(statuses.items())),
        "wrong": wrong[:10],
        "median_ms": round(1000 * statistics.median(seconds), 1) if seconds else None,
        "p99_ms": round(1000 * seconds[int(0.99 * len(seconds))], 1) if seconds else None,
        "memory_growth": round(growth, 4),
        "files": [before[1], after[1]],
        "threads": [before[2], after[2]],
        "held": not wrong and not failed and flat and growth <= GROWTH,
    }


if __name__ == "__main__":
    main()
