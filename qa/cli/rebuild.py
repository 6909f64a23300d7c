"""``pullquote rebuild``: a library made anew from its articles."""

import typer

from qa.cli.interrupting import interruptible_progress
from qa.cli.options import LibraryOption
from qa.cli.printing import print_text
from qa.cli.wiring import wiring_of

NOT_ALL = 1


def rebuild(context: typer.Context, library: LibraryOption = None) -> None:
    """Makes all that is derived anew from the articles.

    After the embedder was changed, or when 'pullquote check' says so. Of a damaged library it
    saves the articles that can be read, says which are not what they were, and keeps the damaged
    file. Others may ask the library meanwhile.

    Exits with 0 when every article is as it was, with 1 when one is not, and with 2 on an error.

    Example: pullquote rebuild --library library
    """
    from index.sqlite.rebuild import rebuild as made_anew

    wiring = wiring_of(context)
    settings = wiring.settings(library=library)
    embedder = wiring.embedder(settings)
    with interruptible_progress() as progress:
        rebuilt = made_anew(
            settings.library, embedder, lambda done, total: progress("rebuilding", done, total)
        )
    for article_id, reason in rebuilt.changed:
        print_text(("changed   ", "yellow"), f"{article_id}: {reason}")
    for article_id, reason in rebuilt.lost:
        print_text(("lost      ", "bold red"), f"{article_id}: {reason}")
    print_text(f"The library '{settings.library}' was rebuilt with {rebuilt.articles:,} articles.")
    if rebuilt.damaged:
        print_text(f"The damaged file is kept as '{rebuilt.damaged}': delete it when done with.")
        raise typer.Exit(NOT_ALL)
