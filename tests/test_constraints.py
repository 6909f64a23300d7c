"""``constraints.txt``: every package that is installed is pinned, and pinned to what is allowed."""

import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

CUDA = ("cuda", "nvidia", "triton")
"""How the names begin of what PyTorch's CUDA build needs, where there is no CPU build."""


def pinned() -> dict[str, str]:
    """Each pinned package's version, by its canonical name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [project["dependencies"], *project["optional-dependencies"].values()]
    needed = [Requirement(text) for part in listed for text in part]
    versions = pinned()
    for requirement in needed:
        if requirement.name != "pullquote":
            assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_what_the_dependencies_need_is_pinned_too() -> None:
    versions = pinned()
    needed = {
        canonicalize_name(requirement.name)
        for distribution in distributions()
        if canonicalize_name(distribution.metadata["Name"]) in versions
        for requirement in map(Requirement, distribution.requires or ())
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }
    assert [name for name in needed - versions.keys() if not name.startswith(CUDA)] == []


def test_no_package_for_another_processor_is_asked_for() -> None:
    assert [name for name in pinned() if name.startswith(CUDA)] == []
    assert "+" not in pinned()["torch"]
