"""Ingesting what a request brings: one article, or all of a file or feed."""

from functools import partial

from index.errors import InputError, Overloaded
from index.ingest.loading import Loaded, Refused
from index.library import Library
from qa.http import schemas
from qa.http.request_queue import RequestQueue


async def ingest_all(
    loaded: Loaded, library: Library, queue: RequestQueue, field: str
) -> schemas.IngestedArticle | schemas.IngestedArticles:
    """What became of the articles, each of which goes in at a turn of its own.

    What has gone in when it cannot go on stays in, and the rest is told as refused. Raises
    ``InputError`` with the ``field`` when there is nothing to take in, and ``Overloaded`` when
    the first one's turn does not come.
    """
    if not loaded.drafts:
        raise InputError(_why_nothing(loaded.refused), field=field)
    ingested: list[schemas.IngestedArticle] = []
    refused = [schemas.RefusedArticle.of(one) for one in loaded.refused]
    sources: set[str | None] = set()
    for draft, place in zip(loaded.drafts, loaded.places, strict=True):
        if draft.source in sources:
            refused.append(schemas.RefusedArticle(name=place, reason=_rival(draft.source)))
            continue
        sources.add(draft.source)
        try:
            addition = await queue.change(partial(library.add, draft))
        except (InputError, Overloaded) as error:
            if not place:
                raise
            refused.append(schemas.RefusedArticle(name=place, reason=str(error)))
        else:
            ingested.append(schemas.IngestedArticle.after(addition.article, addition.status))
    left_out = list(map(schemas.LeftOut.of, loaded.left_out))
    if len(ingested) == 1 and not refused:
        return ingested[0].model_copy(update={"left_out": left_out})
    return schemas.IngestedArticles(articles=ingested, refused=refused, left_out=left_out)


def _rival(source: str | None) -> str:
    return f"it gives the source {source!r}, and so does one before it: give each its own"


def _why_nothing(refused: tuple[Refused, ...]) -> str:
    if not refused:
        return "it holds no article: send one"
    first, more = refused[0], len(refused) - 1
    return first.reason + (f" (so it is with {more} more)" if more else "")
