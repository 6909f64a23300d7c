"""The real service over the seeds, for the commands beside the tests."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.http import logs
from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import served


@contextmanager
def seeded() -> Iterator[str]:
    """The address of a service that is ready to answer."""
    logs.configure("json")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(library=Path(folder) / "library", seeds=Path("seeds"))
        with served(create_app(settings)) as (url, _):
            yield url
