"""A disk that fills: a small tmpfs where one may be mounted, else a limit on every file's size."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def can_mount() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and bool(shutil.which("mount"))


class SmallDisk:
    """A tmpfs of so many bytes, which can be made larger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def grow(self, size: int) -> None:
        _run("mount", "-o", f"remount,size={size}", str(self.folder))


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Raises ``subprocess.CalledProcessError`` where mounting is not allowed after all."""
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
