"""What the service is, for the page: its version, its library in figures, what it allows."""

from importlib.metadata import version

from fastapi import APIRouter
from starlette.requests import Request

from index.library import Library as LibraryPort
from qa.http import schemas
from qa.http.dependencies import AnswererDep

router = APIRouter(tags=["Status"])

MOST_TAGS = 200
"""Tags that are told at most."""


@router.get("/v1/about", summary="What is it?")
def about(request: Request, answerer: AnswererDep) -> schemas.About:
    """The version, the library in figures with its tags, and whether addresses are fetched."""
    library = answerer.library
    articles, paragraphs = library.counts()
    return schemas.About(
        version=version("pullquote"),
        articles=articles,
        paragraphs=paragraphs,
        library_revision=library.revision,
        models=schemas.Models(embedder=library.embedder, reader=answerer.reader.name),
        fetches=request.app.state.fetches.allowed,
        tags=request.app.state.tags.of(library),
    )


class Tags:
    """Keeps the tags of the articles until the library changes."""

    def __init__(self) -> None:
        self._kept: tuple[str, list[str]] = ("", [])

    def of(self, library: LibraryPort) -> list[str]:
        """By name, at most ``MOST_TAGS``."""
        revision, tags = self._kept
        if revision != library.revision:
            revision = library.revision
            found = {
                tag
                for article in library.summaries(limit=library.counts().articles).articles
                for tag in article.tags
            }
            tags = sorted(found, key=lambda tag: (tag.casefold(), tag))[:MOST_TAGS]
            self._kept = (revision, tags)
        return tags
