"""Articles over HTTP: list, take in, show, replace, take out."""

from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from index.article import Draft, id_of
from index.errors import InputError
from index.ingest.loading import Limits, draft_of_text
from index.library import Addition
from index.library import Library as LibraryPort
from qa.http import examples, schemas
from qa.http.dependencies import (
    JSON_ONLY,
    Fetches,
    Library,
    Turns,
    Uploads,
    media_type,
    unsupported,
)
from qa.http.disconnect import while_present
from qa.http.fetches import Fetches as FetchesValue
from qa.http.ingest import take_in_all
from qa.http.problems import Problem, Refusal
from qa.http.request_queue import Turns as TurnsValue
from qa.http.uploads import Upload
from qa.http.uploads import Uploads as UploadsValue

router = APIRouter(prefix="/v1/articles", tags=["Articles"])

MOST_FIELDS = schemas.MOST_TAGS + len(schemas.Metadata.model_fields)
"""Of a form beside its file: each tag is one."""

Given = schemas.ArticleText | schemas.ArticleAddress | Upload
Model = TypeVar("Model", bound=BaseModel)


@router.get("", summary="List the articles")
def articles(library: Library, listing: Annotated[schemas.Listing, Query()]) -> schemas.Articles:
    """The articles by title, without their texts."""
    wanted = listing.q.casefold()
    found = [
        article
        for article in library.articles()
        if wanted in article.title.casefold() or wanted in (article.source or "").casefold()
    ]
    page = found[listing.offset : listing.offset + listing.limit]
    return schemas.Articles(
        articles=[schemas.Summary.of(article) for article in page],
        total=len(found),
        limit=listing.limit,
        offset=listing.offset,
    )


async def _given(request: Request) -> Given:
    """What the body is: a JSON object with a text or an address, or a form with a file."""
    match media_type(request):
        case "application/json":
            body = await _json_body(request)
            if isinstance(body, dict) and "url" in body and "text" not in body:
                return _checked(schemas.ArticleAddress, body)
            return _checked(schemas.ArticleText, body)
        case "multipart/form-data":
            _refuse_other_sites(request)
            async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
                return await _uploaded(form)
    raise unsupported(request, "application/json, or a file as multipart/form-data")


async def _json_body(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are such
        place, why = getattr(error, "pos", 0), getattr(error, "msg", "it is not UTF-8")
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body", place), "ctx": {"error": why}}]
        ) from error


def _refuse_other_sites(request: Request) -> None:
    """Browsers ask before they send JSON to another site, but forms they just send."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        detail = "the form was sent by a page of another site: send it from here, or as JSON"
        raise Refusal(Problem(403, "cross-site", "The form comes from another site", detail))


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
    metadata = _checked(schemas.Metadata, rest)
    return Upload(await file.read(), file.filename, file.content_type or "", metadata)


def _checked(model: type[Model], given: Any) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors()]
        ) from error


def _draft_of_text(given: schemas.ArticleText, source: str | None) -> Draft:
    tags = tuple(given.tags or ())
    return draft_of_text(given.text, given.title, source, given.published, given.author, tags)


@router.post(
    "",
    summary="Take an article in",
    status_code=201,
    response_model=schemas.Taken | schemas.AllTaken,
    responses={
        200: {
            "description": "Replaced, or unchanged",
            "model": schemas.Taken | schemas.AllTaken,
        }
    },
    openapi_extra={"requestBody": examples.ARTICLE_BODY},
)
async def take_in(
    request: Request,
    response: Response,
    library: Library,
    turns: Turns,
    fetches: Fetches,
    uploads: Uploads,
    given: Annotated[Given, Depends(_given)],
) -> schemas.Taken | schemas.AllTaken:
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
    taken = await while_present(request, _taken(given, library, turns, fetches, uploads))
    articles = taken.articles if isinstance(taken, schemas.AllTaken) else [taken]
    if all(article.status != "added" for article in articles):
        response.status_code = 200
    if isinstance(taken, schemas.Taken):
        response.headers["Location"] = f"/v1/articles/{taken.id}"
    return taken


async def _taken(
    given: Given,
    library: LibraryPort,
    turns: TurnsValue,
    fetches: FetchesValue,
    uploads: UploadsValue,
) -> schemas.Taken | schemas.AllTaken:
    match given:
        case schemas.ArticleAddress():
            return await take_in_all(await fetches.load(given.url), library, turns, "url")
        case Upload():
            return await take_in_all(await uploads.load(given), library, turns, "file")
    work = partial(_added, library, given, uploads.limits)
    addition = await turns.take(work)
    return schemas.Taken.after(addition.article, addition.status)


def _added(library: LibraryPort, given: schemas.ArticleText, limits: Limits) -> Addition:
    limits.check_text(given.text)
    return library.add(_draft_of_text(given, given.source))


@router.get("/{article_id}", summary="Show an article")
def show(article_id: str, library: Library) -> schemas.WholeArticle:
    """The text as it was taken in, with the places of its headings, paragraphs and sentences."""
    return schemas.WholeArticle.whole(*library.whole(article_id))


@router.put("/{article_id}", summary="Replace an article", dependencies=[JSON_ONLY])
async def replace(
    request: Request,
    article_id: str,
    given: schemas.ArticleText,
    library: Library,
    turns: Turns,
    uploads: Uploads,
) -> schemas.Taken:
    """Another text, title or date for an article that is there. It keeps its id and its source."""
    work = partial(_replaced, library, article_id, given, uploads.limits)
    addition = await while_present(request, turns.take(work))
    return schemas.Taken.after(addition.article, addition.status)


def _replaced(
    library: LibraryPort, article_id: str, given: schemas.ArticleText, limits: Limits
) -> Addition:
    limits.check_text(given.text)
    source = library.get(article_id).source
    draft = _draft_of_text(given, given.source or source)
    if id_of(draft) != article_id:
        raise _of_another_id(article_id, source, draft)
    return library.add(draft)


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


@router.delete("/{article_id}", summary="Take an article out", status_code=204)
async def take_out(article_id: str, library: Library, turns: Turns) -> None:
    """Citations of the article are `gone` from then on."""
    await turns.take(partial(library.remove, article_id))
