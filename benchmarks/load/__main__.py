"""Asks more of a service than it can carry: ``python -m benchmarks.load`` (Linux).

Starts the real service with an empty library over the seeds, and lets users ask, add, replace and
remove as fast as they get answers. Fails when an answer is wrong or late in following a change,
when there is an error other than 429 and 503, or when memory grows.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import gevent
from locust.env import Environment

from benchmarks.load.users import SECONDS as PATIENCE
from benchmarks.load.users import Person

PORT = 8765
START_SECONDS = 600
SAMPLE_SECONDS = 1.0

GROWTH = 1.05
"""The last quarter's memory may be this times that of the second."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    with served(options.port) as process:
        _know_the_seeds(options.port)
        memory: list[int] = []
        sampling = gevent.spawn(_sample, process.pid, memory)
        environment = driven(f"http://127.0.0.1:{options.port}", options.users, options.seconds)
        sampling.kill()
    figures = figures_of(environment, memory, options)
    print(json.dumps(figures, indent=2))  # noqa: T201  # its purpose
    return 0 if not figures["failures"] and figures["memory_growth"] <= GROWTH else 1


def driven(url: str, users: int, seconds: float) -> Environment:
    """The users' requests to the service, over when the seconds are."""
    environment = Environment(user_classes=[Person], host=url)
    runner = environment.create_local_runner()
    runner.start(users, spawn_rate=users)
    gevent.sleep(seconds)
    runner.stop()
    return environment


def figures_of(
    environment: Environment, memory: Sequence[int], options: argparse.Namespace
) -> dict[str, Any]:
    total = environment.stats.total
    quarter = max(1, len(memory) // 4)
    early, late = median(memory[quarter : 2 * quarter]), median(memory[-quarter:])
    return {
        "seconds": options.seconds,
        "users": options.users,
        "requests": total.num_requests,
        "requests_a_second": round(total.num_requests / options.seconds, 1),
        **Person.counts,
        "milliseconds": {
            "median": total.get_response_time_percentile(0.5),
            "95": total.get_response_time_percentile(0.95),
            "most": round(total.max_response_time),
        },
        "failures": {
            f"{error.method} {error.name}: {error.error}": error.occurrences
            for error in environment.stats.errors.values()
        },
        "memory_mb": {
            "first": round(memory[0] / 1e6),
            "second_quarter": round(early / 1e6),
            "last_quarter": round(late / 1e6),
            "most": round(max(memory) / 1e6),
        },
        "memory_growth": round(late / early, 3),
    }


@contextmanager
def served(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The service as a process of its own, ready to answer; it must end well."""
    with tempfile.TemporaryDirectory(prefix="pullquote-") as folder:
        command = [sys.executable, "-m", "qa", "serve", "--library", folder, "--port", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, stderr=log, env=os.environ)  # noqa: S603
            try:
                if not _is_ready(port, process):
                    said = Path(log.name).read_text("utf-8")
                    raise RuntimeError(f"the service did not become ready; its log:\n{said}")
                yield process
            finally:
                process.terminate()
                process.wait(PATIENCE)


def _is_ready(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Whether it is, once it is or its process is over."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if _get(port, "/readyz")["status"] == "ready":
                return True
        except OSError:
            pass
        gevent.sleep(0.2)
    return False


def _know_the_seeds(port: int) -> None:
    for article in _get(port, "/v1/articles")["articles"]:
        Person.known.add(_get(port, f"/v1/articles/{article['id']}")["text"])


def _get(port: int, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def _sample(pid: int, memory: list[int]) -> None:
    """Note the bytes of memory that a process holds, again and again."""
    while True:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        memory.append(pages * os.sysconf("SC_PAGE_SIZE"))
        gevent.sleep(SAMPLE_SECONDS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180, help="how long to ask")
    parser.add_argument("--users", type=int, default=64, help="how many ask at once")
    parser.add_argument("--port", type=int, default=PORT, help="a free port of this machine")
    return parser


if __name__ == "__main__":
    sys.exit(main())
