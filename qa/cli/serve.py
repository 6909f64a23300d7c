"""``pullquote serve``: the HTTP service."""

from typing import Annotated

import typer

from qa.cli.options import LibraryOption
from qa.cli.wiring import wiring_of


def serve(
    context: typer.Context,
    library: LibraryOption = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for all of them.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
) -> None:
    """Serves the page and the HTTP interface.

    An empty library takes in the seeds first. The interface describes itself at /docs. Beyond this
    machine writing needs a key, see 'pullquote keys'. Ctrl-C ends it, once what was asked is
    answered.

    Example: pullquote serve --library library --port 8000
    """
    wiring = wiring_of(context)
    wiring.serve(wiring.settings(library=library), host, port)
