"""The page's pure modules, tested in Node by ``state/*.test.js``."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_pure_modules_pass_their_own_tests() -> None:
    node = shutil.which("node")
    assert node, "the page's tests need Node.js 18.18 or newer: install it, then run 'npm ci'"
    files = sorted((Path(__file__).parent / "state").glob("*.test.js"))
    run = subprocess.run(  # noqa: S603  # our own files
        [node, "--test", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
