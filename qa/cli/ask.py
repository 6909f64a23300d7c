"""``pullquote ask``: a question, and its answer with the citation."""

from datetime import datetime
from typing import Annotated

import typer

from index.article import Filters
from qa.answering.answer_json import answer_document
from qa.cli.answer_text import print_answer
from qa.cli.options import JsonOption, LibraryOption
from qa.cli.printing import print_json
from qa.cli.wiring import wiring_of

NOT_ANSWERED = 1


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="In words.", show_default=False)],
    library: LibraryOption = None,
    json: JsonOption = False,
    top_k: Annotated[
        int, typer.Option(min=1, max=50, help="How many of the nearest passages to give.")
    ] = 5,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Answer from this probability on; without it PULLQUOTE_MIN_CONFIDENCE, or the "
            "reader's own.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Only articles of this source. May be given again.", show_default=False),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            help="Only articles with this tag. Given again, with one of these.", show_default=False
        ),
    ] = None,
    published_from: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Only articles published on this day or later.",
            show_default=False,
        ),
    ] = None,
    published_to: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Only articles published on this day or before.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Answers a question in the articles' own words.

    The answer comes with the place where it stands. When the articles hold none it says so, why,
    and what comes nearest. --json prints the body of POST /v1/ask, which 'pullquote verify' can
    check later.

    Exits with 0 when the question was answered, with 1 when not, and with 2 on an error.

    Example: pullquote ask "When did the talks begin?"
    """
    from qa.answering.question import check_question

    check_question(question)  # before a model is loaded
    wiring = wiring_of(context)
    settings = wiring.settings(library=library)
    answer = wiring.answerer(settings).ask(
        question,
        top_k=top_k,
        filters=_filters(source, tag, published_from, published_to),
        min_confidence=min_confidence,
    )
    if json:
        print_json(answer_document(answer))
    else:
        print_answer(answer)
    if not answer.answered:
        raise typer.Exit(NOT_ANSWERED)


def _filters(
    sources: list[str] | None,
    tags: list[str] | None,
    published_from: datetime | None,
    published_to: datetime | None,
) -> Filters | None:
    """None when nothing is filtered, so that the search need not look."""
    filters = Filters(
        sources=tuple(sources) if sources else None,
        tags=tuple(tags) if tags else None,
        published_from=published_from.date().isoformat() if published_from else None,
        published_to=published_to.date().isoformat() if published_to else None,
    )
    return None if filters == Filters() else filters
