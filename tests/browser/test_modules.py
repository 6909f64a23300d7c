"""The page's scripts, tested in Node: the pure ones by ``state/*.test.js``."""

import shutil
import subprocess
from pathlib import Path

from qa.http.routes.page import FOLDER, page_files

ROOT = Path(__file__).parent.parent.parent
STATE = Path(__file__).parent / "state"


def run_node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    assert node, "the page's tests need Node.js 18.18 or newer: install it, then run 'npm ci'"
    return subprocess.run(  # noqa: S603  # our own files
        [node, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_pure_modules_pass_their_own_tests() -> None:
    run = run_node("--test", *sorted(STATE.glob("*.test.js")))
    assert run.returncode == 0, run.stdout + run.stderr


def test_what_is_served_says_what_was_written(tmp_path: Path) -> None:
    pairs: list[Path] = []
    for name, file in page_files(FOLDER).items():
        if name.endswith(".js"):
            served = tmp_path / name
            served.parent.mkdir(parents=True, exist_ok=True)
            served.write_bytes(file.content)
            pairs += [FOLDER / name, served]
    run = run_node(STATE / "same.js", *pairs)
    assert run.returncode == 0, run.stderr
