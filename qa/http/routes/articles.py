"""Articles over HTTP: list, add, show, replace, delete."""

import re
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from index.article import Draft, Summary, id_of
from index.errors import InputError
from index.ingest.loading import Limits, draft_of_text
from index.library import Addition, Library, Pause
from qa.http import examples, schemas
from qa.http.dependencies import (
    JSON_ONLY,
    FetchesDep,
    LibraryDep,
    RequestQueueDep,
    UploadsDep,
    media_type,
    unsupported,
)
from qa.http.disconnect import while_present
from qa.http.fetches import Fetches
from qa.http.ingest import ingest_all
from qa.http.problems import too_deep
from qa.http.request_queue import RequestQueue
from qa.http.uploads import Upload, Uploads

router = APIRouter(prefix="/v1/articles", tags=["Articles"])

MOST_FIELDS = schemas.MOST_TAGS + len(schemas.ArticleMetadata.model_fields)
"""Of a form beside its file: each tag is one."""

Given = schemas.ArticleText | schemas.ArticleAddress | Upload
Model = TypeVar("Model", bound=BaseModel)


@router.get("", summary="List the articles")
def list_articles(
    library: LibraryDep, listing: Annotated[schemas.ListingQuery, Query()]
) -> schemas.ArticleListing:
    """The articles by title, without their texts."""
    matching = library.summaries(limit=library.counts().articles, matching=listing.q)
    found = sorted(matching.articles, key=_natural_title)
    if listing.sort == "published":
        found.sort(key=lambda article: article.published or "", reverse=True)
    page = found[listing.offset : listing.offset + listing.limit]
    return schemas.ArticleListing(
        articles=[schemas.ArticleSummary.of(article) for article in page],
        total=len(found),
        limit=listing.limit,
        offset=listing.offset,
    )


def _natural_title(article: Summary) -> tuple[list[tuple[int, str]], str]:
    """Orders "Part 2" before "Part 10"."""
    parts = re.split(r"(\d{1,18})", article.title.casefold())
    order = [(int(part), "") if i % 2 else (-1, part) for i, part in enumerate(parts)]
    return order, article.id


async def _given(request: Request) -> Given:
    """What the body is: a JSON object with a text or an address, or a form with a file."""
    match media_type(request):
        case "application/json":
            body = await _json_body(request)
            if isinstance(body, dict) and "url" in body and "text" not in body:
                return _checked(schemas.ArticleAddress, body)
            return _checked(schemas.ArticleText, body)
        case "multipart/form-data":
            async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
                return await _uploaded(form)
    raise unsupported(request, "application/json, or a file as multipart/form-data")


async def _json_body(request: Request) -> Any:
    try:
        return await request.json()
    except RecursionError as error:
        raise too_deep() from error
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are such
        place, why = getattr(error, "pos", 0), getattr(error, "msg", "it is not UTF-8")
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body", place), "ctx": {"error": why}}]
        ) from error


async def _uploaded(form: FormData) -> Upload:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError(
            "file is missing: send one, such as with curl -F file=@article.txt", field="file"
        )
    rest: dict[str, Any] = {
        name: value or None for name, value in form.items() if name not in ("file", "tags")
    }
    rest["tags"] = form.getlist("tags") or None
    metadata = _checked(schemas.ArticleMetadata, rest)
    return Upload(await file.read(), file.filename, file.content_type or "", metadata)


def _checked(model: type[Model], given: Any) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors()]
        ) from error


def _draft_of_text(
    given: schemas.ArticleText, source: str | None, limits: Limits, pause: Pause
) -> Draft:
    limits.check_text(given.text)
    tags = tuple(given.tags or ())
    draft = draft_of_text(
        given.text, given.title, source, given.published, given.author, tags, pause=pause
    )
    limits.check_paragraphs(draft, field="text")
    return draft


@router.post(
    "",
    summary="Add an article, or several",
    status_code=201,
    response_model=schemas.IngestedArticle | schemas.IngestedArticles,
    responses={
        200: {
            "description": "Replaced, or unchanged",
            "model": schemas.IngestedArticle | schemas.IngestedArticles,
        }
    },
    openapi_extra={"requestBody": examples.ARTICLE_BODY},
)
async def add_articles(
    request: Request,
    response: Response,
    library: LibraryDep,
    queue: RequestQueueDep,
    fetches: FetchesDep,
    uploads: UploadsDep,
    given: Annotated[Given, Depends(_given)],
) -> schemas.IngestedArticle | schemas.IngestedArticles:
    """A plain text as JSON; or a file as `multipart/form-data` with the field `file` and, if
    wanted, `title`, `source`, `published`, `author` and, as often as there are, `tags`. A file's
    name is its source when nothing else is. A file may hold several articles: a ZIP, a feed, a
    list as JSON, or JSON Lines. Then the response tells of each, and of those refused.

    Or, if the setting `PULLQUOTE_FETCH` is on, `{"url": …}` as JSON: one page, file or feed is
    fetched from a public address. An article's source is then the address that it gives as its
    own, if that is on the same host, else the one that it came from. What it links to is not
    fetched, but of a feed every entry is an article, and the response tells of each.

    An article of the same source is replaced; one that is there already changes nothing.
    """
    ingested = await while_present(request, _ingested(given, library, queue, fetches, uploads))
    articles = ingested.articles if isinstance(ingested, schemas.IngestedArticles) else [ingested]
    if all(article.status != "added" for article in articles):
        response.status_code = 200
    if isinstance(ingested, schemas.IngestedArticle):
        response.headers["Location"] = f"/v1/articles/{ingested.id}"
    return ingested


async def _ingested(
    given: Given,
    library: Library,
    queue: RequestQueue,
    fetches: Fetches,
    uploads: Uploads,
) -> schemas.IngestedArticle | schemas.IngestedArticles:
    match given:
        case schemas.ArticleAddress():
            return await ingest_all(await fetches.load(given.url), library, queue, "url")
        case Upload():
            return await ingest_all(await uploads.load(given), library, queue, "file")
    work = partial(_added, library, given, uploads.limits)
    addition = await queue.change(work)
    return schemas.IngestedArticle.after(addition.article, addition.status)


def _added(library: Library, given: schemas.ArticleText, limits: Limits, pause: Pause) -> Addition:
    return library.add(_draft_of_text(given, given.source, limits, pause), pause)


@router.get("/{article_id}", summary="Show an article")
def get_article(article_id: str, library: LibraryDep) -> schemas.ArticleDocument:
    """The text as it was taken in, with the places of its headings, paragraphs and sentences."""
    return schemas.ArticleDocument.whole(*library.whole(article_id))


@router.put("/{article_id}", summary="Replace an article", dependencies=[JSON_ONLY])
async def replace_article(
    request: Request,
    article_id: str,
    given: schemas.ArticleText,
    library: LibraryDep,
    queue: RequestQueueDep,
    uploads: UploadsDep,
) -> schemas.IngestedArticle:
    """Another text, title or date for an article that is there. It keeps its id and its source."""
    work = partial(_replaced, library, article_id, given, uploads.limits)
    addition = await while_present(request, queue.change(work))
    return schemas.IngestedArticle.after(addition.article, addition.status)


def _replaced(
    library: Library, article_id: str, given: schemas.ArticleText, limits: Limits, pause: Pause
) -> Addition:
    source = library.get(article_id).source
    draft = _draft_of_text(given, given.source or source, limits, pause)
    if id_of(draft) != article_id:
        raise _of_another_id(article_id, source, draft)
    return library.add(draft, pause)


def _of_another_id(article_id: str, source: str | None, draft: Draft) -> InputError:
    if draft.source != source:
        return InputError(
            f"the source {draft.source!r} belongs to the id {id_of(draft)!r}, not to "
            f"{article_id!r}: leave the source out, or add the article with POST /v1/articles",
            field="source",
        )
    return InputError(
        f"the article {article_id!r} has no source, so that another text is another article: add "
        "the text with POST /v1/articles and a source, and delete this article",
        field="text",
    )


@router.patch(
    "/{article_id}", summary="Change what is known of an article", dependencies=[JSON_ONLY]
)
async def change_article(
    request: Request,
    article_id: str,
    given: schemas.ArticleChanges,
    library: LibraryDep,
    queue: RequestQueueDep,
) -> schemas.IngestedArticle:
    """Its title, date, author or tags; the text, and so its citations, stay as they are."""
    work = partial(_changed, library, article_id, given)
    addition = await while_present(request, queue.change(work))
    return schemas.IngestedArticle.after(addition.article, addition.status)


def _changed(
    library: Library, article_id: str, given: schemas.ArticleChanges, pause: Pause
) -> Addition:
    return library.add(given.of(Draft.from_article(*library.whole(article_id))), pause)


@router.delete("/{article_id}", summary="Delete an article", status_code=204)
async def delete_article(article_id: str, library: LibraryDep, queue: RequestQueueDep) -> None:
    """Citations of the article are `gone` from then on."""
    await queue.change(partial(library.remove, article_id))
