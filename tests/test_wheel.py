"""The wheel holds the product and nothing that only a checkout needs."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "NOTICE")
FOLDERS = ("index", "qa", "benchmarks", "tests")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel, which is built from a copy of the checkout."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, checkout)
    for name in FOLDERS:
        shutil.copytree(
            ROOT / name,
            checkout / name,
            copy_function=os.symlink,
            ignore=shutil.ignore_patterns("__pycache__", "data"),
        )
    built = checkout / "built"
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation"]
    subprocess.run(  # noqa: S603 # this interpreter
        [*command, "--quiet", "--wheel-dir", str(built)], cwd=checkout, check=True
    )
    (file,) = built.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())


def test_it_has_the_code_and_what_the_code_reads(wheel: set[str]) -> None:
    needed = {"index/library.py", "qa/cli/app.py", "qa/answering/confidence.json"}
    page = {"qa/page/index.html", "qa/page/main.js", "qa/page/styles/base.css"}
    weights = {"qa/weights/model.onnx", "qa/weights/reader.json", "qa/weights/tokenizer.json"}
    assert needed | page | weights <= wheel


def test_every_module_of_the_product_is_in_it(wheel: set[str]) -> None:
    modules = {
        path.relative_to(ROOT).as_posix()
        for folder in ("index", "qa")
        for path in (ROOT / folder).rglob("*.py")
        if "training" not in path.parts
    }
    assert {name for name in wheel if name.endswith(".py")} == modules


def test_what_trains_measures_and_tests_is_not_in_it(wheel: set[str]) -> None:
    apart = ("benchmarks/", "tests/", "qa/training/", "qa/weights/hf/")
    assert sorted(name for name in wheel if name.startswith(apart)) == []


def test_nothing_in_it_imports_what_is_not(wheel: set[str]) -> None:
    absent = re.compile(r"^\s*(from|import) (qa\.training|benchmarks|tests)\b", re.MULTILINE)
    modules = [name for name in wheel if name.endswith(".py")]
    assert [name for name in modules if absent.search((ROOT / name).read_text("utf-8"))] == []
