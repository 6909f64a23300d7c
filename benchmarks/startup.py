"""How long Pullquote takes to start, and the memory it then holds (Linux).

``python -m benchmarks.startup squad.json`` prints one JSON object: the median seconds of whole
processes (``pullquote ask`` and ``pullquote verify`` over the articles of the seeds, ``serve``
from its start until it is ready), and the memory of a service that has answered questions over
the file's paragraphs. With ``--before FOLDER``, a checkout of another version, both take turns, so
that both suffer the same machine, and ``times`` says how much longer the other takes. Seconds of
computing stand beside those on the clock: on a busy machine they say more.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from statistics import median
from tempfile import TemporaryDirectory

from qa.evaluation.dataset import read_squad

ROOT = Path(__file__).parents[1]
QUESTION = "When did the talks begin?"
PATIENCE = 300


class Version:
    """A checkout whose commands are run, over libraries of its own in ``folder``."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._environment = os.environ | {"PYTHONPATH": str(checkout)}
        self._checkout = checkout
        self.folder = folder
        self._seeds = str(folder / "seeds")
        self._articles = str(folder / "articles")
        self.answer = folder / "answer.json"

    def prepare(self, articles: Path) -> None:
        """Take in what is asked; a first start, which may be slower, is behind us then."""
        self._run("index", str(ROOT / "seeds"), "--library", self._seeds)
        self._run("index", str(articles), "--library", self._articles)
        self.answer.write_bytes(self._run("ask", QUESTION, "--library", self._seeds, "--json"))

    def ask(self) -> None:
        self._run("ask", QUESTION, "--library", self._seeds)

    def verify(self) -> None:
        self._run("verify", str(self.answer), "--library", self._seeds)

    def serve(self) -> None:
        with self._served(self._seeds):
            pass

    def memory(self, questions: Sequence[str]) -> int:
        """Bytes that the service holds after the questions."""
        with self._served(self._articles) as (process, client):
            for question in questions:
                _requested(client, "POST", "/v1/ask", {"question": question})
            pages = int(Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1])
        return pages * resource.getpagesize()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "qa", *arguments]

    def _run(self, *arguments: str) -> bytes:
        return subprocess.run(  # noqa: S603 - our own command
            self._command(*arguments),
            cwd=self._checkout,
            env=self._environment,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout

    @contextmanager
    def _served(self, library: str) -> "Iterator[tuple[subprocess.Popen[bytes], HTTPConnection]]":
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(  # noqa: S603 - our own command
            self._command("serve", "--library", library, "--port", str(port)),
            cwd=self._checkout,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as client:
                until = time.monotonic() + PATIENCE
                while _requested(client, "GET", "/readyz") != HTTPStatus.OK:
                    if process.poll() is not None or time.monotonic() > until:
                        raise RuntimeError("the service did not become ready")
                    time.sleep(0.02)
                yield process, client
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _requested(client: HTTPConnection, method: str, path: str, body: object = None) -> int:
    """The status; 0 when nobody answers."""
    try:
        client.request(
            method,
            path,
            json.dumps(body) if body else None,
            {"Content-Type": "application/json"},
        )
        with client.getresponse() as response:
            response.read()
            return response.status
    except OSError:
        client.close()
        return 0


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    dataset = read_squad(options.squad)
    questions = [
        question.text
        for article in dataset.articles
        for paragraph in article.paragraphs
        for question in paragraph.questions
    ]
    asked = questions[:: max(1, len(questions) // options.questions)][: options.questions]
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        folder = Path(temporary)
        (folder / "articles").mkdir()
        for number, article in enumerate(dataset.articles[: options.articles]):
            text = "\n\n".join(" ".join(part.context.split()) for part in article.paragraphs)
            (folder / "articles" / f"{number:04}.txt").write_text(text + "\n", encoding="utf-8")
        versions = {"now": ROOT} | ({"before": options.before.resolve()} if options.before else {})
        report = measured(
            {name: _made(checkout, folder / name) for name, checkout in versions.items()},
            folder / "articles",
            asked,
            options.rounds,
        )
    print(json.dumps(report, indent=2))  # noqa: T201 - the command's output


def _made(checkout: Path, folder: Path) -> Version:
    folder.mkdir()
    return Version(checkout, folder)


def measured(
    versions: dict[str, Version], articles: Path, questions: Sequence[str], rounds: int
) -> dict[str, object]:
    """What each version takes: seconds on the clock and of computing, and bytes."""
    for version in versions.values():
        version.prepare(articles)
    report: dict[str, object] = {}
    for what in ("verify", "ask", "serve"):
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in versions}
        for _ in range(rounds):
            for name, version in versions.items():
                times[name].append(_seconds(getattr(version, what)))
        report[what] = compared(
            {name: [clock for clock, _ in own] for name, own in times.items()}
        ) | {
            "computing": compared({name: [used for _, used in own] for name, own in times.items()})
        }
    memory = {name: [float(version.memory(questions))] for name, version in versions.items()}
    return report | {"memory_bytes": compared(memory)}


def compared(values: dict[str, list[float]]) -> dict[str, object]:
    """The medians, and how many times as much the version before takes, if there is one."""
    middle: dict[str, object] = {name: round(median(own), 3) for name, own in values.items()}
    if "before" in values:
        middle["times"] = round(median(values["before"]) / median(values["now"]), 2)
    return middle


def _seconds(run: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the clock, and those that its processes computed."""
    used, began = _used(), time.perf_counter()
    run()
    return time.perf_counter() - began, _used() - used


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.startup", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("squad", type=Path, help="a file in SQuAD's format")
    parser.add_argument("--before", type=Path, help="a checkout of another version")
    parser.add_argument("--articles", type=int, default=1000, help="articles for the memory")
    parser.add_argument("--questions", type=int, default=100, help="questions for the memory")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that take turns")
    return parser


if __name__ == "__main__":
    main()
