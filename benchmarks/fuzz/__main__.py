"""Drives the whole HTTP interface with generated requests: ``python -m benchmarks.fuzz``.

Schemathesis reads the service's own description and sends what it allows and what it does not,
alone and in sequences, with all of its checks on. The service has the fake models, so that what
is tried is the interface.
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from qa.http import logs
from qa.http.app import create_app
from qa.keys import Keys
from tests.qa.http.conftest import open_fake, served, with_two_articles

ROOT = Path(__file__).parents[2]

EXAMPLES = 500
PLENTY = 1_000_000_000

SECONDS = 120
"""For a request at most, on a machine that may be busy; a batch has a hundred questions."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logs.configure("console")
    logging.getLogger(logs.OURS).setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="pullquote-") as folder:
        return max(
            fuzz(Path(folder) / name, options.examples, options.seed, needs_key=name == "closed")
            for name in options.services
        )


def fuzz(folder: Path, examples: int, seed: int | None, *, needs_key: bool) -> int:
    """Run schemathesis against a new service; its exit code, 0 when it finds nothing."""
    folder.mkdir()
    settings = with_two_articles(folder).model_copy(
        update={
            "keys_for": "everything" if needs_key else "auto",
            "requests_per_minute": PLENTY,
            "writes_per_minute": PLENTY,
        }
    )
    _, shown = Keys(settings.library).create("fuzz", ["read", "write"])
    app = create_app(settings, open_answerer=open_fake, host="127.0.0.1")
    with served(app) as (url, _):
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"]
        command += ["--checks", "all", "--max-examples", str(examples)]
        command += ["--request-timeout", str(SECONDS), "--max-response-time", str(SECONDS)]
        command += ["--generation-database", "none", "--suppress-health-check", "all", "--no-color"]
        command += ["--seed", str(seed)] if seed is not None else []
        command += ["--header", f"Authorization:Bearer {shown}"] if needs_key else []
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "benchmarks.fuzz.hooks",
        }
        run = subprocess.run(command, cwd=folder, env=environment, check=False)  # noqa: S603
        return run.returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="requests an operation")
    parser.add_argument("--seed", type=int, help="the same seed sends the same requests")
    parser.add_argument("services", nargs="*", default=["open", "closed"], help="open, closed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
