"""What the commands are wired to. Everything heavy is imported only when it is used."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.ingest.fetching.fetched import Fetched
    from index.library import Library
    from qa.answering.answerer import Answerer
    from qa.settings import Settings

Progress = Callable[[str, int, int], None]


class Wiring:
    """The real models, library and service; a test gives its own in the context's ``obj``."""

    def settings(self, **given: object) -> "Settings":
        """The settings, options that were given before the environment. Raises ``InputError``."""
        from qa.settings import read_settings

        return read_settings(**given)

    def library(self, settings: "Settings", *, create: bool = False) -> "Library":
        """Raises ``LibraryError`` or ``ModelError``."""
        from qa.bootstrap import open_library

        return open_library(settings, create=create)

    def embedder(self, settings: "Settings") -> "Embedder":
        """Raises ``ModelError``."""
        from qa.bootstrap import build_embedder

        return build_embedder(settings)

    def answerer(self, settings: "Settings") -> "Answerer":
        """Raises ``LibraryError`` or ``ModelError``."""
        from qa.bootstrap import open_answerer

        return open_answerer(settings)

    def fetch(self, settings: "Settings", url: str) -> "Fetched":
        """What is at a web address. Raises ``InputError``."""
        import asyncio

        from index.ingest.fetching.fetcher import fetch
        from index.ingest.fetching.network import Network

        return asyncio.run(fetch(url, settings.fetch_policy(), Network()))

    def serve(self, settings: "Settings", host: str, port: int) -> None:
        """Serves until it is told to stop."""
        from qa.http.server import run

        run(settings, host, port)

    def evaluate(
        self,
        paths: Sequence[Path],
        setting: Literal["passage", "library"],
        library: Path | None,
        settings: "Settings",
        *,
        beside: Sequence[Path] = (),
        every: int = 1,
        on_progress: Progress | None = None,
    ) -> dict[str, Any]:
        """The measures. Raises ``InputError`` for a file that is no question set."""
        from qa.evaluation.experiment import run

        return run(
            paths,
            setting,
            library,
            settings,
            beside=beside,
            every=every,
            on_progress=on_progress,
        )


def wiring_of(context: typer.Context) -> Wiring:
    """The wiring that the command was called with."""
    return context.ensure_object(Wiring)
